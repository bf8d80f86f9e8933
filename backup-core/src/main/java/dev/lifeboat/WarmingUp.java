package dev.lifeboat;

import dev.lifeboat.crypto.Encryption;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Beside what a verb begins with, makes the JVM compile what decrypts: a cold one takes ten times as long for the first
 * megabytes. The thread ends with it.
 */
final class WarmingUp {
  private WarmingUp() {}

  static <T> T beside(Series series, Supplier<T> verb) {
    Optional<Thread> thread = series.encryption().map(WarmingUp::begin);
    try {
      return verb.get();
    } finally {
      thread.ifPresent(WarmingUp::end);
    }
  }

  private static Thread begin(Encryption encryption) {
    Thread thread = new Thread(encryption::warmUp, "lifeboat-warm-up");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private static void end(Thread thread) {
    thread.interrupt(); // it gives up at once
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
