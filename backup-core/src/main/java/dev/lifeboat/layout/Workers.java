package dev.lifeboat.layout;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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

  /** What a task gives. It throws what the task threw: what is no {@link IOException} as the cause of one. */
  static <T> T await(Future<T> task) throws IOException {
    try {
      return task.get();
    } catch (ExecutionException e) {
      throw asException(Objects.requireNonNull(e.getCause(), "what the task threw"));
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /** As an exception to throw; errors are thrown as they are. */
  static IOException asException(Throwable failure) {
    if (failure instanceof Error error) {
      throw error;
    }
    return failure instanceof IOException io
        ? io
        : new IOException(String.valueOf(failure), failure);
  }

  /** For who waited and cannot throw {@code e}; the thread stays interrupted. */
  static InterruptedIOException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    InterruptedIOException interrupted = new InterruptedIOException("interrupted");
    interrupted.initCause(e);
    return interrupted;
  }
}
