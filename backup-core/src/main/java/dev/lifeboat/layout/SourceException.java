package dev.lifeboat.layout;

import java.io.IOException;

/** A source failed, not what takes its bytes. The cause is the source's own exception. */
public final class SourceException extends IOException {
  private static final long serialVersionUID = 1;

  /** With the source's own exception. */
  public SourceException(Exception cause) {
    super(cause.getMessage(), cause);
  }
}
