package dev.lifeboat.codec;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** These bytes cannot be right, whatever the reason. Trying again does not help; another copy may. */
public final class DamagedDataException extends IOException {
  private static final long serialVersionUID = 1;

  /** What is wrong, and where. */
  public DamagedDataException(String message) {
    super(message);
  }

  /** What is wrong, and where, and what told so. */
  public DamagedDataException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
