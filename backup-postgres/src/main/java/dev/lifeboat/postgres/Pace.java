package dev.lifeboat.postgres;

import java.time.Duration;

/** Whether a dump takes so long that the database should not be held for all of it. */
final class Pace {
  /** More than this is too long to hold a snapshot: dead rows pile up meanwhile. */
  private static final Duration TOO_LONG = Duration.ofMinutes(30);
  /** Before that nothing can be foretold. */
  private static final Duration FIRST_LOOK = Duration.ofSeconds(10);

  private final long estimate;
  private final long start;

  /** For so many bytes, from a time of {@link System#nanoTime}. */
  Pace(long estimate, long start) {
    this.estimate = estimate;
    this.start = start;
  }

  /** Whether the whole would take too long, if it went on as it did up to {@code now}. */
  boolean isTooSlow(long written, long now) {
    double elapsed = now - start;
    if (elapsed < FIRST_LOOK.toNanos() || written >= estimate) {
      return false;
    }
    return elapsed * estimate / Math.max(1, written) > TOO_LONG.toNanos();
  }
}
