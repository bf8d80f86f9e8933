package dev.lifeboat.postgres;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A thread that moves the bytes of one stream, and what became of it. */
final class Pump {
  /** The moving. */
  @FunctionalInterface
  interface Work {
    void run() throws IOException;
  }

  private final Thread thread;
  private volatile @Nullable IOException failure;

  private Pump(String name, Work work) {
    thread = new Thread(() -> run(work), name);
    thread.setDaemon(true);
  }

  static Pump start(String name, Work work) {
    Pump pump = new Pump(name, work);
    pump.thread.start();
    return pump;
  }

  private void run(Work work) {
    try {
      work.run();
    } catch (IOException e) {
      failure = e;
    } catch (RuntimeException | Error e) {
      failure = new IOException(thread.getName() + " failed: " + e, e);
    }
  }

  /** Waits for its end, and tells whether that came. */
  boolean endsWithin(Duration duration) throws InterruptedException {
    thread.join(Math.max(1, duration.toMillis()));
    return !thread.isAlive();
  }

  void interrupt() {
    thread.interrupt();
  }

  /** Why it failed, once it has ended; null if it did not. */
  @Nullable
  IOException failure() {
    return failure;
  }
}
