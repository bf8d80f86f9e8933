package dev.lifeboat.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lifeboat.codec.DamagedDataException;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.XECPublicKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.XECPrivateKeySpec;
import java.security.spec.XECPublicKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/** RFC 9180, against a second implementation that was written from it with what the JDK has; and what must not open. */
class HpkeTest {
  private static final byte[] INFO = ascii("lifeboat 1 slot");
  private static final byte[] AAD = ascii("shop/20260214T143045Z-manual-k7f3q2ab");
  private static final byte[] PLAIN = ascii("0123456789abcdef0123456789abcdef");

  private final Identity identity = Identity.generate();

  @Test
  void whatOursSealsTheSecondImplementationOpens() throws Exception {
    Hpke.Message message = Hpke.SLOT.seal(identity.recipient(), AAD, PLAIN);
    byte[] enc = Base64Text.bytes(message.enc());
    byte[] wrapped = Base64Text.bytes(message.wrapped());
    assertThat(enc).hasSize(32);
    assertThat(wrapped).hasSize(48);
    byte[] shared = agree(privateKey(identity.bytes()), publicKey(enc));
    assertThat(aead(Cipher.DECRYPT_MODE, shared, enc, identity.recipient().publicKey(), wrapped))
        .isEqualTo(PLAIN);
  }

  @Test
  void whatTheSecondImplementationSealsOursOpens() throws Exception {
    KeyPair ephemeral = KeyPairGenerator.getInstance("X25519").generateKeyPair();
    byte[] enc = bytes((XECPublicKey) ephemeral.getPublic());
    byte[] to = identity.recipient().publicKey();
    byte[] shared = agree(ephemeral.getPrivate(), publicKey(to));
    byte[] sealed = aead(Cipher.ENCRYPT_MODE, shared, enc, to, PLAIN);
    assertThat(Hpke.SLOT.open(identity, AAD, Base64Text.of(enc), Base64Text.of(sealed)))
        .isEqualTo(PLAIN);
  }

  /** DHKEM of section 4.1, key schedule of section 5.1 and the first message of section 5.2. */
  private static byte[] aead(int mode, byte[] dh, byte[] enc, byte[] to, byte[] text)
      throws Exception {
    byte[] kem = joined(ascii("KEM"), new byte[] {0, 0x20});
    byte[] suite = joined(ascii("HPKE"), new byte[] {0, 0x20, 0, 1, 0, 2});
    byte[] none = new byte[0];
    byte[] shared =
        expand(kem, extract(kem, none, "eae_prk", dh), "shared_secret", joined(enc, to), 32);
    byte[] context = joined(
        new byte[1],
        extract(suite, none, "psk_id_hash", none),
        extract(suite, none, "info_hash", INFO));
    byte[] secret = extract(suite, shared, "secret", none);
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(
        mode,
        new SecretKeySpec(expand(suite, secret, "key", context, 32), "AES"),
        new GCMParameterSpec(128, expand(suite, secret, "base_nonce", context, 12)));
    cipher.updateAAD(AAD);
    return cipher.doFinal(text);
  }

  private static byte[] extract(byte[] suite, byte[] salt, String label, byte[] input) {
    return Hkdf.SHA_256.extract(salt, joined(ascii("HPKE-v1"), suite, ascii(label), input));
  }

  private static byte[] expand(byte[] suite, byte[] key, String label, byte[] info, int length) {
    byte[] count = {0, (byte) length};
    return Hkdf.SHA_256.expand(
        key, joined(count, ascii("HPKE-v1"), suite, ascii(label), info), length);
  }

  @Test
  void everyChangeIsFound() {
    Hpke.Message message = Hpke.SLOT.seal(identity.recipient(), AAD, PLAIN);
    byte[] wrapped = Base64Text.bytes(message.wrapped());
    for (int at = 0; at < wrapped.length; at++) {
      byte[] changed = wrapped.clone();
      changed[at] ^= 1;
      assertDamaged(identity, AAD, message.enc(), Base64Text.of(changed));
      assertDamaged(identity, AAD, message.enc(), Base64Text.of(Arrays.copyOf(wrapped, at)));
    }
    byte[] enc = Base64Text.bytes(message.enc());
    for (int at = 0; at < enc.length - 1; at++) {
      byte[] changed = enc.clone();
      changed[at] ^= 1;
      assertDamaged(identity, AAD, Base64Text.of(changed), message.wrapped());
    }
    assertDamaged(identity, AAD, Base64Text.of(Arrays.copyOf(enc, 31)), message.wrapped());
    assertDamaged(identity, AAD, Base64Text.of(Arrays.copyOf(enc, 33)), message.wrapped());
    assertDamaged(identity, AAD, "?", message.wrapped());
    assertDamaged(identity, ascii("shop/another"), message.enc(), message.wrapped());
    assertDamaged(Identity.generate(), AAD, message.enc(), message.wrapped());
    Hpke.Message mark = Hpke.MARK.seal(identity.recipient(), AAD, PLAIN);
    assertDamaged(identity, AAD, mark.enc(), mark.wrapped());
  }

  @Test
  void pointsOfLowOrderAreRefused() throws Exception {
    byte[] to = identity.recipient().publicKey();
    for (String point : LOW_ORDER) {
      byte[] bytes = HexFormat.of().parseHex(point);
      // what anybody can make: the secret that they agree on is known to be zeros
      byte[] sealed = aead(Cipher.ENCRYPT_MODE, new byte[32], bytes, to, PLAIN);
      assertDamaged(identity, AAD, Base64Text.of(bytes), Base64Text.of(sealed));
      assertThatThrownBy(() -> Recipient.parse(new String(TextForm.RECIPIENT.write(bytes))))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("not a recipient's key: anybody could read what is made for it");
    }
  }

  /** Those below 2^255: 0, 1, two of order 8, p - 1, p, p + 1. */
  private static final String[] LOW_ORDER = {
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
    "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"
  };

  private static void assertDamaged(Identity reader, byte[] aad, String enc, String wrapped) {
    assertThatThrownBy(() -> Hpke.SLOT.open(reader, aad, enc, wrapped))
        .isInstanceOf(DamagedDataException.class)
        .hasMessage("what is sealed for recipient " + reader.recipient().id()
            + " is damaged, or belongs to another backup: it does not prove right");
  }

  private static byte[] agree(PrivateKey own, PublicKey other) throws Exception {
    KeyAgreement agreement = KeyAgreement.getInstance("X25519");
    agreement.init(own);
    agreement.doPhase(other, true);
    return agreement.generateSecret();
  }

  private static PrivateKey privateKey(byte[] bytes) throws Exception {
    return KeyFactory.getInstance("X25519")
        .generatePrivate(new XECPrivateKeySpec(NamedParameterSpec.X25519, bytes));
  }

  private static PublicKey publicKey(byte[] bytes) throws Exception {
    return KeyFactory.getInstance("X25519")
        .generatePublic(
            new XECPublicKeySpec(NamedParameterSpec.X25519, new BigInteger(1, reversed(bytes))));
  }

  private static byte[] bytes(XECPublicKey key) {
    byte[] big = key.getU().toByteArray();
    byte[] little = new byte[32];
    for (int i = 0; i < Math.min(32, big.length); i++) {
      little[i] = big[big.length - 1 - i];
    }
    return little;
  }

  private static byte[] reversed(byte[] bytes) {
    byte[] reversed = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      reversed[i] = bytes[bytes.length - 1 - i];
    }
    return reversed;
  }

  private static byte[] joined(byte[]... runs) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] run : runs) {
      out.writeBytes(run);
    }
    return out.toByteArray();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(US_ASCII);
  }
}
