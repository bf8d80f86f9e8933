package dev.lifeboat.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;

/** Signs what this host writes. */
record Signer(PrivateKey key, Trusted self) {
  static Signer of(PrivateKey key) {
    return new Signer(key, Trusted.of(Ed25519.publicOf(key)));
  }

  /** Tries it once, for nobody could tell later that the halves do not belong together. */
  static Signer of(KeyPair pair) {
    Signer signer = new Signer(pair.getPrivate(), Trusted.of(pair.getPublic()));
    byte[] probe = "do these belong together?".getBytes(US_ASCII);
    byte[] signed;
    try {
      signed = Ed25519.sign(signer.key, Purpose.MARK, probe);
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("the private key does not sign with Ed25519", e);
    }
    if (!Ed25519.verify(signer.self.key(), Purpose.MARK, probe, signed)) {
      throw new IllegalArgumentException("the private and the public key do not belong together");
    }
    return signer;
  }

  /** In base64. */
  String sign(Purpose purpose, byte[] message) {
    try {
      return Base64Text.of(Ed25519.sign(key, purpose, message));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the key " + self.id() + " does not sign", e);
    }
  }
}
