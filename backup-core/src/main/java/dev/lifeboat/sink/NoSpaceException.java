package dev.lifeboat.sink;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A disk is full, or a quota used up. What was being written is not there. */
public final class NoSpaceException extends IOException {
  private static final long serialVersionUID = 1;

  /** With the place and, where they are known, the bytes needed and left. */
  public NoSpaceException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
