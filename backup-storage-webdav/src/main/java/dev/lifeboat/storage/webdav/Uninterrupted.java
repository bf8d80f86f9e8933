package dev.lifeboat.storage.webdav;

import java.util.function.BooleanSupplier;

/** What is cleaned up must be cleaned up on an interrupted thread too; its flag is set again afterwards. */
final class Uninterrupted {
  private Uninterrupted() {}

  static boolean get(BooleanSupplier action) {
    boolean interrupted = Thread.interrupted();
    try {
      return action.getAsBoolean();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
