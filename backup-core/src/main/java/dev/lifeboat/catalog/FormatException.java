package dev.lifeboat.catalog;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A manifest or a mark cannot be read. */
public final class FormatException extends IOException {
  private static final long serialVersionUID = 1;

  private final boolean newer;

  private FormatException(String message, boolean newer, @Nullable Throwable cause) {
    super(message, cause);
    this.newer = newer;
  }

  static FormatException malformed(String message, @Nullable Throwable cause) {
    return new FormatException(message, false, cause);
  }

  static FormatException newer(String message) {
    return new FormatException(message, true, null);
  }

  /** Whether a newer Lifeboat can read it, or a larger heap: then it is not damaged, only not for here. */
  public boolean isFromNewerVersion() {
    return newer;
  }
}
