package dev.lifeboat.crypto;

import java.security.PublicKey;

/** A signer who is trusted, with the id that the format gives it. */
record Trusted(String id, PublicKey key) {
  static Trusted of(PublicKey key) {
    PublicKey checked = Ed25519.checked(key);
    return new Trusted(Fingerprint.id(checked.getEncoded()), checked);
  }
}
