package dev.lifeboat.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.EdECKey;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;

/** Ed25519 (RFC 8032) of what this format signs. */
final class Ed25519 {
  /** Bytes of a signature. */
  static final int SIGNATURE = 64;

  private static final String NAME = "Ed25519";
  private static final int LENGTH = 32;
  private static final byte[] SPKI = HexFormat.of().parseHex("302a300506032b6570032100");

  private Ed25519() {}

  /** What is signed: the purpose, a line feed, and the message. */
  static byte[] sign(PrivateKey key, Purpose purpose, byte[] message)
      throws GeneralSecurityException {
    Signature signature = Signature.getInstance(NAME);
    signature.initSign(key);
    signature.update(domain(purpose));
    signature.update(message);
    return signature.sign();
  }

  static boolean verify(PublicKey key, Purpose purpose, byte[] message, byte[] signed) {
    try {
      Signature signature = Signature.getInstance(NAME);
      signature.initVerify(key);
      signature.update(domain(purpose));
      signature.update(message);
      // JDK 17 passes over what follows the 64 bytes
      return signed.length == SIGNATURE && signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false; // what is no signature at all
    }
  }

  /** The same key as the JDK's own, whoever made it. */
  static PublicKey checked(PublicKey key) {
    byte[] encoded = key.getEncoded();
    if (encoded == null
        || encoded.length != SPKI.length + LENGTH
        || !Arrays.equals(encoded, 0, SPKI.length, SPKI, 0, SPKI.length)
        || !org.bouncycastle.math.ec.rfc8032.Ed25519.validatePublicKeyFull(encoded, SPKI.length)) {
      throw new IllegalArgumentException(
          "not a public key for Ed25519: its algorithm is " + key.getAlgorithm());
    }
    return publicKey(Arrays.copyOfRange(encoded, SPKI.length, encoded.length));
  }

  /** The public half. */
  static PublicKey publicOf(PrivateKey key) {
    if (key instanceof EdECPrivateKey edec) {
      if (!edec.getParams().getName().equals(NAME)) {
        throw new IllegalArgumentException(
            "not a private key for Ed25519: it is for " + edec.getParams().getName());
      }
      Optional<byte[]> bytes = edec.getBytes();
      if (bytes.isPresent()) {
        Ed25519PrivateKeyParameters parameters = new Ed25519PrivateKeyParameters(bytes.get());
        Arrays.fill(bytes.get(), (byte) 0);
        return publicKey(parameters.generatePublicKey().getEncoded());
      }
    } else if (!(key instanceof EdECKey)
        && !key.getAlgorithm().equals(NAME)
        && !key.getAlgorithm().equals("EdDSA")) {
      throw new IllegalArgumentException(
          "not a private key for Ed25519: its algorithm is " + key.getAlgorithm());
    }
    throw new IllegalArgumentException("the private key hides its bytes, so that its public half"
        + " cannot be told: give both halves as a KeyPair");
  }

  private static PublicKey publicKey(byte[] bytes) {
    byte[] encoded = Arrays.copyOf(SPKI, SPKI.length + LENGTH);
    System.arraycopy(bytes, 0, encoded, SPKI.length, LENGTH);
    try {
      return KeyFactory.getInstance(NAME).generatePublic(new X509EncodedKeySpec(encoded));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform from 15 on has Ed25519", e);
    }
  }

  private static byte[] domain(Purpose purpose) {
    return ("lifeboat 1 " + purpose.label() + "\n").getBytes(US_ASCII);
  }
}
