package dev.lifeboat.examples.quickstart;

import java.util.Locale;

/** Bytes for people. */
final class Sizes {
  private Sizes() {}

  static String of(long bytes) {
    if (bytes < 10_000) {
      return bytes + " bytes";
    }
    return bytes < 10_000_000
        ? String.format(Locale.ROOT, "%.1f kB", bytes / 1e3)
        : String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
  }
}
