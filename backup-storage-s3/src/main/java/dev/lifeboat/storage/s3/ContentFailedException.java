package dev.lifeboat.storage.s3;

/** Carries what the content did wrong through the client, which tries again what an {@code IOException} broke off. */
final class ContentFailedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  ContentFailedException(Exception failure) {
    super(failure);
  }
}
