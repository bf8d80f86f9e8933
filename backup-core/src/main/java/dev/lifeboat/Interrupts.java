package dev.lifeboat;

/** For what must come to its end though the thread was interrupted: files and gates would break off. */
final class Interrupts {
  private Interrupts() {}

  /** Does it without the interrupt, which is there again afterwards. */
  static void shield(Runnable action) {
    boolean interrupted = Thread.interrupted();
    try {
      action.run();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
