package dev.lifeboat.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.lifeboat.codec.DamagedDataException;
import java.util.Arrays;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.hpke.HPKE;

/** HPKE in base mode (RFC 9180), with DHKEM(X25519, HKDF-SHA256), HKDF-SHA256 and AES-256-GCM, for one message. */
final class Hpke {
  /** For the data key. */
  static final Hpke SLOT = new Hpke("lifeboat 1 slot");

  /** For the words of a mark. */
  static final Hpke MARK = new Hpke("lifeboat 1 mark");

  /** Bytes of the encapsulated key. */
  static final int ENC = 32;

  /** Bytes that sealing adds. */
  static final int TAG = 16;

  private final byte[] info;

  Hpke(String info) {
    this.info = info.getBytes(US_ASCII);
  }

  /**
   * What one message became.
   *
   * @param enc base64 of the encapsulated key
   * @param wrapped base64 of the sealed bytes
   */
  record Message(String enc, String wrapped) {}

  Message seal(Recipient recipient, byte[] aad, byte[] plain) {
    HPKE suite = suite();
    try {
      byte[][] sealed = suite.seal(
          suite.deserializePublicKey(recipient.publicKey()), info, aad, plain, null, null, null);
      return new Message(Base64Text.of(sealed[1]), Base64Text.of(sealed[0]));
    } catch (InvalidCipherTextException e) {
      throw new IllegalStateException("encrypting to memory", e);
    }
  }

  /**
   * Opens one.
   *
   * @throws DamagedDataException if it was not made for this identity, or was changed
   */
  byte[] open(Identity identity, byte[] aad, String enc, String wrapped)
      throws DamagedDataException {
    byte[] privateKey = identity.bytes();
    HPKE suite = suite();
    try {
      byte[] encapsulated = Base64Text.bytes(enc);
      byte[] sealed = Base64Text.bytes(wrapped);
      if (encapsulated.length != ENC || sealed.length < TAG) {
        throw new IllegalArgumentException("too short or too long");
      }
      return suite.open(
          encapsulated,
          suite.deserializePrivateKey(privateKey, identity.recipient().publicKey()),
          info,
          aad,
          sealed,
          null,
          null,
          null);
    } catch (InvalidCipherTextException | IllegalArgumentException | IllegalStateException e) {
      throw new DamagedDataException(
          "what is sealed for recipient " + identity.recipient().id()
              + " is damaged, or belongs to another backup: it does not prove right",
          e);
    } finally {
      Arrays.fill(privateKey, (byte) 0);
    }
  }

  private static HPKE suite() {
    return new HPKE(
        HPKE.mode_base, HPKE.kem_X25519_SHA256, HPKE.kdf_HKDF_SHA256, HPKE.aead_AES_GCM256);
  }
}
