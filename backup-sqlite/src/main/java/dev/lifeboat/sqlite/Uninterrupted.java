package dev.lifeboat.sqlite;

import java.io.IOException;

/**
 * Work that an interrupt must not cut in two: a thread that is asked to end has to be able to undo what it has begun,
 * and channels close themselves under an interrupted thread.
 */
final class Uninterrupted {
  private Uninterrupted() {}

  /** What is to be done whole. */
  @FunctionalInterface
  interface Work {
    void run() throws IOException;
  }

  /** Does it; an interrupt that came before is kept for after. */
  static void run(Work work) throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      work.run();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
