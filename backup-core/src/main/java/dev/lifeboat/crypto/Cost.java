package dev.lifeboat.crypto;

/** What Argon2id costs. */
record Cost(long memoryKiB, long passes, long lanes) {
  /** The second recommendation of RFC 9106. */
  static final Cost DEFAULT = new Cost(64 << 10, 3, 4);

  private static final long LEAST_A_LANE = 8;
  private static final long MOST_MEMORY = 1 << 20;
  private static final long MOST_PASSES = 16;
  private static final long MOST_LANES = 16;
  private static final long LEAST_MEMORY_WRITTEN = 19 << 10;
  private static final long LEAST_PASSES_WRITTEN = 2;

  /** Whether it is within what the format lets anybody ask of a reader. */
  boolean isReadable() {
    return lanes >= 1
        && lanes <= MOST_LANES
        && passes >= 1
        && passes <= MOST_PASSES
        && memoryKiB >= LEAST_A_LANE * lanes
        && memoryKiB <= MOST_MEMORY;
  }

  /** Refuses what is too cheap to be written, or too dear to be read. */
  Cost requireWritable() {
    if (memoryKiB < LEAST_MEMORY_WRITTEN || passes < LEAST_PASSES_WRITTEN || !isReadable()) {
      throw new IllegalArgumentException("Argon2id must cost at least " + LEAST_MEMORY_WRITTEN
          + " KiB and " + LEAST_PASSES_WRITTEN + " passes, at most " + MOST_MEMORY + " KiB, "
          + MOST_PASSES + " passes and " + MOST_LANES + " lanes; this is " + this);
    }
    return this;
  }

  @Override
  public String toString() {
    return memoryKiB + " KiB, " + passes + " passes, " + lanes + " lanes";
  }
}
