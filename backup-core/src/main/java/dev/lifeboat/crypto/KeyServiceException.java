package dev.lifeboat.crypto;

import java.io.IOException;

/** A {@link KeyWrap} could not do what it was asked for, now or at all. */
public final class KeyServiceException extends IOException {
  private static final long serialVersionUID = 1;

  KeyServiceException(String message, Exception cause) {
    super(message, cause);
  }
}
