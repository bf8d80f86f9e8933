package dev.lifeboat;

import java.io.IOException;

/** Carries what the work directory did wrong past those who take every failure for the sink's. */
final class WorkFailedException extends IOException {
  private static final long serialVersionUID = 1;

  private final IOException failure;

  WorkFailedException(IOException failure) {
    super(failure);
    this.failure = failure;
  }

  IOException failure() {
    return failure;
  }
}
