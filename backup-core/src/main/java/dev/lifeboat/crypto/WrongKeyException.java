package dev.lifeboat.crypto;

import java.io.IOException;

/** Well made, as far as can be told, and for other readers than this one. */
public final class WrongKeyException extends IOException {
  private static final long serialVersionUID = 1;

  private final boolean newer;

  private WrongKeyException(String message, boolean newer) {
    super(message);
    this.newer = newer;
  }

  /** Made for others; the message says for whom, and what this host has. */
  static WrongKeyException forOthers(String message) {
    return new WrongKeyException(message, false);
  }

  /** None of the slots that are known opens, and there are some of a kind that is not. */
  static WrongKeyException newer(String message) {
    return new WrongKeyException(message, true);
  }

  /** Whether a newer version of Lifeboat may be able to read it. */
  public boolean isFromNewerVersion() {
    return newer;
  }
}
