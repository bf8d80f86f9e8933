package dev.lifeboat.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;
import org.junit.jupiter.api.Test;

/** RFC 8032, and which keys are taken. */
class Ed25519Test {
  private static final String SPKI = "302a300506032b6570032100";

  @Test
  void thePublicHalfIsThatOfTheRfc() throws Exception {
    assertPublic(
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
    assertPublic(
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
    assertPublic(
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025");
  }

  private static void assertPublic(String seed, String expected) throws Exception {
    PrivateKey key = KeyFactory.getInstance("Ed25519")
        .generatePrivate(
            new EdECPrivateKeySpec(NamedParameterSpec.ED25519, HexFormat.of().parseHex(seed)));
    assertThat(Ed25519.publicOf(key).getEncoded())
        .isEqualTo(HexFormat.of().parseHex(SPKI + expected));
  }

  @Test
  void whatIsSignedIsWhatTheFormatSays() throws Exception {
    KeyPair pair = pair("Ed25519");
    byte[] message = "{}".getBytes(US_ASCII);
    byte[] signature = Ed25519.sign(pair.getPrivate(), Purpose.MANIFEST, message);
    byte[] signed = "lifeboat 1 manifest\n{}".getBytes(US_ASCII);
    Ed25519Signer second = new Ed25519Signer();
    byte[] encoded = pair.getPublic().getEncoded();
    second.init(false, new Ed25519PublicKeyParameters(encoded, encoded.length - 32));
    second.update(signed, 0, signed.length);
    assertThat(second.verifySignature(signature)).isTrue();
    assertThat(Ed25519.verify(pair.getPublic(), Purpose.MANIFEST, message, signature))
        .isTrue();
    assertThat(Ed25519.verify(pair.getPublic(), Purpose.MARK, message, signature))
        .isFalse();
  }

  @Test
  void everyChangeOfASignatureIsFound() throws Exception {
    KeyPair pair = pair("Ed25519");
    byte[] message = "{}".getBytes(US_ASCII);
    byte[] signature = Ed25519.sign(pair.getPrivate(), Purpose.MARK, message);
    for (int bit = 0; bit < 8 * signature.length; bit++) {
      byte[] changed = signature.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      assertThat(Ed25519.verify(pair.getPublic(), Purpose.MARK, message, changed))
          .as("bit %s", bit)
          .isFalse();
    }
    for (int length : new int[] {0, 63, 65}) {
      assertThat(Ed25519.verify(
              pair.getPublic(), Purpose.MARK, message, Arrays.copyOf(signature, length)))
          .isFalse();
    }
  }

  @Test
  void anIdIsTheBeginningOfTheDigestOfThePublicKey() throws Exception {
    PublicKey key = pair("Ed25519").getPublic();
    byte[] digest = java.security.MessageDigest.getInstance("SHA-256").digest(key.getEncoded());
    assertThat(Trusted.of(key).id()).isEqualTo(HexFormat.of().formatHex(digest, 0, 8));
  }

  @Test
  void otherKeysAreRefused() throws Exception {
    KeyPair rsa = pair("RSA");
    KeyPair ed448 = pair("Ed448");
    Encryption encryption = Encryption.key(BackupKey.generate());
    assertRefused(
        () -> encryption.signedBy(rsa.getPrivate()),
        "not a private key for Ed25519: its algorithm is RSA");
    assertRefused(
        () -> encryption.signedBy(ed448.getPrivate()),
        "not a private key for Ed25519: it is for Ed448");
    assertRefused(
        () -> encryption.trusting(rsa.getPublic()),
        "not a public key for Ed25519: its algorithm is RSA");
    assertRefused(
        () -> encryption.trusting(ed448.getPublic()),
        "not a public key for Ed25519: its algorithm is EdDSA");
    assertRefused(
        () -> encryption.trusting(new Encoded(HexFormat.of().parseHex(SPKI + "00".repeat(32)))),
        "not a public key for Ed25519: its algorithm is EdDSA");
  }

  @Test
  void aKeyInHardwareSignsIfItsOtherHalfIsGiven() throws Exception {
    KeyPair pair = pair("Ed25519");
    KeyPair other = pair("Ed25519");
    Encryption encryption = Encryption.key(BackupKey.generate());
    assertRefused(
        () -> encryption.signedBy(new Hidden()),
        "the private key hides its bytes, so that its public half cannot be told: give both halves"
            + " as a KeyPair");
    assertRefused(
        () -> encryption.signedBy(new KeyPair(other.getPublic(), pair.getPrivate())),
        "the private and the public key do not belong together");
    byte[] message = {1};
    Encryption signing = encryption.signedBy(pair);
    Authentication proof = signing.authenticate(Purpose.MARK, message, Optional.empty());
    assertThat(signing.prove(Purpose.MARK, message, proof, Optional.empty(), false))
        .isEqualTo(Trust.PROVEN);
    assertRefused(() -> signing.signedBy(pair.getPrivate()), "signedBy was given twice");
  }

  private static void assertRefused(Runnable call, String message) {
    assertThatThrownBy(call::run).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
  }

  private static KeyPair pair(String algorithm) throws Exception {
    return KeyPairGenerator.getInstance(algorithm).generateKeyPair();
  }

  /** A key that stays where it is. */
  private static final class Hidden implements PrivateKey {
    private static final long serialVersionUID = 1;

    @Override
    public String getAlgorithm() {
      return "Ed25519";
    }

    @Override
    @SuppressWarnings("NullAway") // as the JDK says of keys that are not encoded
    public String getFormat() {
      return null;
    }

    @Override
    @SuppressWarnings("NullAway")
    public byte[] getEncoded() {
      return null;
    }
  }

  /** Whatever somebody takes for a public key. */
  private static final class Encoded implements PublicKey {
    private static final long serialVersionUID = 1;
    private final byte[] encoded;

    Encoded(byte[] encoded) {
      this.encoded = encoded;
    }

    @Override
    public String getAlgorithm() {
      return "EdDSA";
    }

    @Override
    public String getFormat() {
      return "X.509";
    }

    @Override
    public byte[] getEncoded() {
      return encoded.clone();
    }
  }
}
