package dev.lifeboat.testkit;

import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Threads for the length of a test. */
final class Threads implements AutoCloseable {
  private final ExecutorService executor;
  private final CyclicBarrier barrier;

  Threads(int count) {
    executor = Executors.newFixedThreadPool(count);
    barrier = new CyclicBarrier(count);
  }

  <T> Future<T> start(Callable<T> task) {
    return executor.submit(task);
  }

  /** Starts when as many tasks are here as there are threads. */
  <T> Future<T> startTogether(Callable<T> task) {
    return executor.submit(() -> {
      barrier.await(60, TimeUnit.SECONDS);
      return task.call();
    });
  }

  /** All of them. */
  void interrupt() {
    executor.shutdownNow();
  }

  /** Interrupts what still runs and waits until it has ended. */
  @Override
  public void close() {
    executor.shutdownNow();
    try {
      if (!executor.awaitTermination(60, TimeUnit.SECONDS)) {
        throw new AssertionError("a thread does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
