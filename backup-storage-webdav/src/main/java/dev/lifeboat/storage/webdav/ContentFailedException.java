package dev.lifeboat.storage.webdav;

import java.io.IOException;

/** Carries what the content did wrong past those who explain what the server did. */
final class ContentFailedException extends IOException {
  private static final long serialVersionUID = 1;

  private final IOException failure;

  ContentFailedException(IOException failure) {
    super(failure);
    this.failure = failure;
  }

  IOException failure() {
    for (Throwable suppressed : getSuppressed()) {
      failure.addSuppressed(suppressed);
    }
    return failure;
  }
}
