package dev.lifeboat.postgres;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns to a spool by itself when a slow sink would have the database held for too long, and the disk has room. */
final class Spilling {
  /** What is always left free on the disk. */
  static final long RESERVE = 256L << 20;

  private static final Logger LOG = LoggerFactory.getLogger(Spilling.class);

  private final Relay relay;
  private final Path scratch;
  private final long estimate;
  private final LongSupplier nanoTime;
  private final Pace pace;
  private boolean decided;

  Spilling(Relay relay, Path scratch, long estimate, LongSupplier nanoTime) {
    this.relay = relay;
    this.scratch = scratch;
    this.estimate = estimate;
    this.nanoTime = nanoTime;
    this.pace = new Pace(estimate, nanoTime.getAsLong());
  }

  /** To be asked after every piece. */
  void consider(String place, long written) throws IOException {
    if (decided || relay.isSpilled() || !relay.isFull()) { // else it is pg_dump that is slow
      return;
    }
    if (pace.isTooSlow(written, nanoTime.getAsLong())) {
      decided = true;
      if (Relay.usable(scratch) - RESERVE > estimate - written) {
        LOG.info("{} is dumped into the scratch directory, for the sink takes it slowly", place);
        relay.spill(scratch, RESERVE);
      } else {
        LOG.warn(
            "{} is held for long: the sink takes its dump slowly, and the scratch directory has no"
                + " room for it",
            place);
      }
    }
  }
}
