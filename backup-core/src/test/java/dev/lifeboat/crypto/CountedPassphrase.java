package dev.lifeboat.crypto;

import java.util.List;

/** A passphrase whose costly step costs nothing and is counted. */
public final class CountedPassphrase {
  private final String text;
  private final CountingKdf kdf = new CountingKdf();

  /** A new process that knows it. */
  public CountedPassphrase(String text) {
    this.text = text;
  }

  /** At the cost that the format names. */
  public Encryption encryption() {
    return Encryption.passphrase(text.toCharArray(), Cost.DEFAULT, kdf);
  }

  /** At another cost, which is within the bounds. */
  public Encryption dearer() {
    return Encryption.passphrase(text.toCharArray(), new Cost(1 << 20, 16, 4), kdf);
  }

  /** What was computed, one {@code salt at cost} each. */
  public List<String> calls() {
    return kdf.calls;
  }
}
