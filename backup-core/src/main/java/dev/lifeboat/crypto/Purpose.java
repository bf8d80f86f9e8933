package dev.lifeboat.crypto;

/** What is authenticated. Each has keys and a domain of its own, so that none can be shown for another. */
public enum Purpose {
  /** A manifest's exact bytes. */
  MANIFEST("manifest"),
  /** A mark's text. */
  MARK("mark");

  private final String label;

  Purpose(String label) {
    this.label = label;
  }

  /** What the format calls it. */
  String label() {
    return label;
  }
}
