package dev.lifeboat.crypto;

import java.io.IOException;

/** A passphrase slot asks for more memory than this JVM has. */
final class TooCostlyException extends IOException {
  private static final long serialVersionUID = 1;

  TooCostlyException(String message) {
    super(message);
  }
}
