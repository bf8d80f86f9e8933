package dev.lifeboat.sqlite;

/** How thoroughly SQLite itself looks through a private copy. */
enum Integrity {
  /** Not at all; the host has said so, and a drill respects it. */
  NONE(""),
  /** Everything but whether indexes and tables agree: about 1.5 s a GiB. */
  QUICK("quick_check"),
  /** Everything: about 15 s a GiB. */
  FULL("integrity_check");

  private final String pragma;

  Integrity(String pragma) {
    this.pragma = pragma;
  }

  String pragma() {
    return pragma;
  }

  Integrity thorough() {
    return this == NONE ? NONE : FULL;
  }
}
