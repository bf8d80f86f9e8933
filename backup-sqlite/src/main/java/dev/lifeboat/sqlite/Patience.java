package dev.lifeboat.sqlite;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.sql.SQLException;
import java.time.Duration;

/** How long a locked database is waited for. Waits in short turns, so that an interrupt is heard. */
record Patience(Duration duration) {
  static final Patience DEFAULT = new Patience(Duration.ofSeconds(30));

  /** One turn of SQLite's own waiting, in milliseconds. */
  static final int TURN_MILLIS = 100;

  Patience {
    if (duration.isNegative()) {
      throw new IllegalArgumentException("patience must not be negative, was " + duration);
    }
  }

  /** What may find the database locked. */
  @FunctionalInterface
  interface Attempt<T> {
    T run() throws SQLException, IOException;
  }

  /**
   * Tries until the database is not locked, once at least.
   *
   * @throws SQLException the last one, still saying that it is locked, when patience has run out; any other at once
   * @throws InterruptedIOException if the thread was interrupted
   */
  <T> T untilFree(Attempt<T> attempt) throws SQLException, IOException {
    long start = System.nanoTime();
    while (true) {
      try {
        return attempt.run();
      } catch (SQLException e) {
        if (!SqliteErrors.isBusy(e) || isOver(start)) {
          throw e;
        }
      }
      pause();
    }
  }

  /** Whether it has run out, for a wait that began at {@code start} of {@link System#nanoTime}. */
  boolean isOver(long start) {
    return System.nanoTime() - start >= duration.toNanos();
  }

  /** A breath between two attempts: SQLite answers some locks at once, whatever its own waiting. */
  static void pause() throws InterruptedIOException {
    try {
      Thread.sleep(10);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for a locked database");
    }
  }

  /** For messages: {@code "30 s"}, {@code "250 ms"}. */
  @Override
  public String toString() {
    long millis = duration.toMillis();
    return millis % 1000 == 0 ? millis / 1000 + " s" : millis + " ms";
  }
}
