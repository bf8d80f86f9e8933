package dev.lifeboat.catalog;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;

/**
 * The receipt of a verification that found nothing wrong.
 *
 * @param at when it ended
 * @param depth how far it went
 * @param sink whose copy was proven, by its description
 * @param took from begin to end, in whole milliseconds; after a drill, the measured time to recover
 */
public record Proof(Instant at, Depth depth, String sink, Duration took) {
  public Proof {
    Objects.requireNonNull(at, "at");
    Objects.requireNonNull(depth, "depth");
    Objects.requireNonNull(sink, "sink");
    took = took.truncatedTo(ChronoUnit.MILLIS);
  }

  /** On one line, whatever was written into it. */
  @Override
  public String toString() {
    return Text.shown(this);
  }
}
