package dev.lifeboat.catalog;

/** How a backup stands: the worst that is true of it. Values may be added. */
public enum State {
  /** Everything, everywhere. */
  COMPLETE,
  /** Whole, but a further sink lacks it. */
  DEGRADED,
  /** Whole, but odd beside the ones before: nothing older is pruned until somebody accepts it. */
  SUSPECT,
  /** A component, or a part of one, was not captured. */
  INCOMPLETE,
  /** No copy proves right. */
  DAMAGED,
  /** Encryption is configured, and nothing proves that one of ours wrote it. Whatever it says of itself may be forged. */
  UNTRUSTED;

  /** Whether retention, guards and objectives may count on it. */
  public boolean isGood() {
    return this == COMPLETE || this == DEGRADED;
  }
}
