package dev.lifeboat.layout;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The threads of one run. They begin and end with it. */
final class Workers {
  private static final AtomicInteger NUMBER = new AtomicInteger();

  private Workers() {}

  static ExecutorService start() {
    return Executors.newCachedThreadPool(task -> {
      Thread thread = new Thread(task, "lifeboat-" + NUMBER.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    });
  }

  /** Interrupts what still runs and waits for it: nobody puts anything after a run has failed. */
  static void end(ExecutorService workers) {
    workers.shutdownNow();
    boolean interrupted = false;
    boolean ended = false;
    while (!ended) {
      try {
        ended = workers.awaitTermination(1, TimeUnit.MINUTES);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
