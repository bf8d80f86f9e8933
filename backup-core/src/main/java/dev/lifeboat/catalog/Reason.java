package dev.lifeboat.catalog;

/**
 * Why a backup was made: one of these, or the host's own.
 *
 * @param name {@code [a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?}; part of every backup's id
 */
public record Reason(String name) implements Comparable<Reason> {
  /** Somebody asked for it. */
  public static final Reason MANUAL = new Reason("manual");

  /** It was due. */
  public static final Reason SCHEDULED = new Reason("scheduled");

  /** Before a change of the schema. */
  public static final Reason PRE_MIGRATION = new Reason("pre-migration");

  /**
   * Before a restore in place: what was live until then. Made by the engine. Data that is not sound is backed up for this
   * reason all the same, as a gap: that may be why it is replaced.
   */
  public static final Reason PRE_RESTORE = new Reason("pre-restore");

  public Reason {
    Names.require("reason", name);
  }

  /**
   * A reason of the host's own.
   *
   * @throws IllegalArgumentException if the name does not match the grammar
   */
  public static Reason of(String name) {
    return new Reason(name);
  }

  @Override
  public int compareTo(Reason other) {
    return name.compareTo(other.name);
  }

  @Override
  public String toString() {
    return name;
  }
}
