package dev.lifeboat.catalog;

import java.time.Instant;
import java.util.Objects;

/**
 * A hold on a backup: retention leaves it alone, and so does a delete that is not forced.
 *
 * @param at since when
 * @param by who set it; empty if nobody was named
 * @param why for people
 */
public record Pin(Instant at, String by, String why) {
  public Pin {
    Objects.requireNonNull(at, "at");
    Objects.requireNonNull(by, "by");
    Objects.requireNonNull(why, "why");
  }

  /** On one line, whatever was written into it. */
  @Override
  public String toString() {
    return Text.shown(this);
  }
}
