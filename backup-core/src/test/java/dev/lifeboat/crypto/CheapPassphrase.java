package dev.lifeboat.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;

/** A passphrase whose derivation costs nothing, so that many thousand changed slots can be opened with it. */
public final class CheapPassphrase {
  private CheapPassphrase() {}

  /** Everything else is as it is for hosts. */
  public static Encryption of(String passphrase) {
    return Encryption.passphrase(
        passphrase.toCharArray(),
        Cost.DEFAULT,
        (utf8, salt, cost) -> Fingerprint.sha256(cost.toString().getBytes(UTF_8), salt, utf8));
  }
}
