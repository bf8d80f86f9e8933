package dev.lifeboat.storage.webdav;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.math.BigDecimal;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * One call of a sink: what it is about, and how long it may still wait. Its thread waits in here for the network and so
 * is its own watchdog; the client's threads only tell that something moved. The JDK's request timeout is of no use: it
 * ends with the headers.
 */
final class Call {
  /** After that a waiting thread looks at the clock again, which in tests is another than the system's. */
  private static final long GLANCE = TimeUnit.MILLISECONDS.toNanos(50);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition news = lock.newCondition();
  private final URI place;
  private final String subject;
  private final Timing timing;
  private long moved;
  private long waited;

  /** {@code subject} begins every message: "cannot keep shop/series.json". */
  Call(URI place, String subject, Timing timing) {
    this.place = place;
    this.subject = subject;
    this.timing = timing;
  }

  /** The same errand, with this long from now: to clean up after a call whose time is over. */
  Call extended(Duration time) {
    Duration stall = timing.stall().compareTo(time) < 0 ? timing.stall() : time;
    return new Call(place, subject, new Timing(stall, time, timing.nanos()));
  }

  String place() {
    return place.toString();
  }

  /** The reason of an exception that names the place itself. */
  String reason(String cause) {
    return subject + ": " + cause;
  }

  String message(String cause) {
    return place + ": " + reason(cause);
  }

  /** A byte moved, in whichever direction. */
  void moved() {
    lock.lock();
    try {
      moved = timing.nanos().getAsLong();
      news.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Something is to be looked at. */
  void wake() {
    lock.lock();
    try {
      news.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until it is so; only the time spent in here counts.
   *
   * @param what for the message: "PUT"
   * @throws SocketTimeoutException if no byte moves for too long, or the deadline is reached
   * @throws InterruptedIOException if this thread is interrupted; its flag stays set
   */
  void await(String what, BooleanSupplier done) throws IOException {
    lock.lock();
    try {
      long start = timing.nanos().getAsLong();
      long before = waited;
      moved = start;
      while (!done.getAsBoolean()) {
        long now = timing.nanos().getAsLong();
        waited = before + now - start;
        long patience = timing.stall().toNanos() - (now - moved);
        long time = timing.deadline().toNanos() - waited;
        requireTime(what, patience, time);
        news.awaitNanos(Math.min(GLANCE, Math.min(patience, time)));
      }
      waited =
          before + timing.nanos().getAsLong() - start; // also what was too short for a second look
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted =
          new InterruptedIOException(message("interrupted while waiting for " + what));
      interrupted.initCause(e);
      throw interrupted;
    } finally {
      lock.unlock();
    }
  }

  private void requireTime(String what, long patience, long time) throws SocketTimeoutException {
    if (patience <= 0) {
      throw new SocketTimeoutException(
          message("no byte moved for " + seconds(timing.stall()) + " while waiting for " + what));
    }
    if (time <= 0) {
      throw new SocketTimeoutException(message("the deadline of " + seconds(timing.deadline())
          + " was reached while waiting for " + what));
    }
  }

  private static String seconds(Duration duration) {
    return BigDecimal.valueOf(duration.toMillis(), 3).stripTrailingZeros().toPlainString() + " s";
  }
}
