package dev.lifeboat.examples.benchmarks;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Sells all the while, some 500 times a second if it is let, and counts. */
final class BusyWriter implements AutoCloseable {
  private static final long PAUSE_NANOS = 2_000_000;

  private final Path database;
  private final Thread thread = new Thread(this::sell, "busy writer");
  private final AtomicReference<@Nullable SQLException> failure = new AtomicReference<>();
  private volatile boolean open = true;
  private long commits;
  private long longestNanos;

  BusyWriter(Path database) {
    this.database = database;
    thread.start();
  }

  /** What it did, from the last call on. */
  synchronized Tally tally() {
    Tally tally = new Tally(commits, longestNanos / 1_000_000);
    commits = 0;
    longestNanos = 0;
    return tally;
  }

  /** How many commits, and the longest of them. */
  record Tally(long commits, long longestMillis) {}

  private void sell() {
    SplittableRandom random = new SplittableRandom(7);
    try (Connection connection = PointOfSale.connect(database)) {
      while (open) {
        long begin = System.nanoTime();
        PointOfSale.sell(connection, random);
        count(System.nanoTime() - begin);
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    } catch (SQLException e) {
      failure.set(e);
    }
  }

  private synchronized void count(long nanos) {
    commits++;
    longestNanos = Math.max(longestNanos, nanos);
  }

  @Override
  public void close() throws SQLException {
    open = false;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    SQLException failed = failure.get();
    if (failed != null) {
      throw failed;
    }
  }
}
