package dev.lifeboat.catalog;

import java.util.Objects;

/**
 * One sink's copy of a backup.
 *
 * @param sink the sink's description
 * @param state how it stands there
 * @param note why, where it is not held; else empty
 */
public record Copy(String sink, State state, String note) {
  public Copy {
    Objects.requireNonNull(sink, "sink");
    Objects.requireNonNull(state, "state");
    Objects.requireNonNull(note, "note");
  }

  /** How a copy stands. Values may be added. */
  public enum State {
    /** There, as far as is known. */
    HELD,
    /** Not there yet; the next create or replicate brings it. */
    LAGGING,
    /** Let go by this sink's own retention. */
    PRUNED,
    /** A verification found it wrong: in quarantine until one finds it right. */
    DAMAGED,
    /** The sink did not answer. */
    UNKNOWN
  }

  /** On one line, whatever was written into it. */
  @Override
  public String toString() {
    return Text.shown(this);
  }
}
