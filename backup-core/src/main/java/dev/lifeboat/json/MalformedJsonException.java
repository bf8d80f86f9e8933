package dev.lifeboat.json;

import java.io.IOException;

/** A document is not what it must be; the message says what is wrong and where, and quotes nothing of it. */
public final class MalformedJsonException extends IOException {
  private static final long serialVersionUID = 1;

  private boolean tooLargeHere;

  /** What is wrong. */
  public MalformedJsonException(String message) {
    super(message);
  }

  /** What is wrong, and what told so. */
  public MalformedJsonException(String message, Throwable cause) {
    super(message, cause);
  }

  static MalformedJsonException tooLargeHere(String message) {
    MalformedJsonException e = new MalformedJsonException(message);
    e.tooLargeHere = true;
    return e;
  }

  /** Whether only this heap is too small for it: nothing is wrong with the document. */
  public boolean isTooLargeHere() {
    return tooLargeHere;
  }
}
