package dev.lifeboat.catalog;

/** How far a proof goes. Each includes the one before. */
public enum Depth {
  /** Every object is there, with the right size and digest. Nothing is decoded. */
  STORED,
  /** Read, decoded; the digests of the content match. */
  CONTENT,
  /** Restored to scratch: integrity, facts, the host's checks; the time is measured. */
  DRILL
}
