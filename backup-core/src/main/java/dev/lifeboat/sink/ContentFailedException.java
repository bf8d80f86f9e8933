package dev.lifeboat.sink;

import java.io.IOException;

/** Carries the content's own exception past {@link Retry}; never leaves the package. */
final class ContentFailedException extends IOException {
  private static final long serialVersionUID = 1;

  private final IOException failure;

  ContentFailedException(IOException failure) {
    super(failure);
    this.failure = failure;
  }

  IOException failure() {
    return failure;
  }
}
