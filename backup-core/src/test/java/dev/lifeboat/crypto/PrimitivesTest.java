package dev.lifeboat.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.ProviderException;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.math.ec.rfc7748.X25519;
import org.junit.jupiter.api.Test;

/**
 * What we build on gives the answers of other implementations, and refuses what it must: lengths around blocks, keys longer than a block,
 * coordinates that are not canonical, on the twist or of low order, signatures by other numbers that mean the same. The answers are made by
 * {@code primitives.py} beside {@code primitives.txt}.
 */
class PrimitivesTest {
  private static final String SPKI = "302a300506032b6570032100";

  private static List<byte[][]> rows(String kind) throws IOException {
    try (InputStream in = PrimitivesTest.class.getResourceAsStream("primitives.txt")) {
      Stream<String> lines = new String(in.readAllBytes(), US_ASCII).lines();
      List<byte[][]> rows = lines
          .map(line -> line.split(" ", -1))
          .filter(fields -> fields[0].equals(kind))
          .map(fields -> Arrays.stream(fields, 1, fields.length)
              .map(field -> HexFormat.of().parseHex(field.replace("-", "")))
              .toArray(byte[][]::new))
          .toList();
      assertThat(rows).isNotEmpty();
      return rows;
    }
  }

  @Test
  void aesGcm() throws Exception {
    for (byte[][] row : rows("gcm")) {
      assertThat(gcm(Cipher.ENCRYPT_MODE, row[0], row[1], row[2], row[3])).isEqualTo(row[4]);
      assertThat(gcm(Cipher.DECRYPT_MODE, row[0], row[1], row[2], row[4])).isEqualTo(row[3]);
    }
  }

  @Test
  void whatAesGcmDoesNotProveIsNotGiven() throws Exception {
    for (byte[][] row : rows("gcm")) {
      for (int part = 0; part < 5; part++) {
        if (part != 3 && row[part].length > 0) { // not the plain text
          for (int at : new int[] {0, row[part].length / 2, row[part].length - 1}) {
            byte[][] changed = row.clone();
            changed[part] = row[part].clone();
            changed[part][at] ^= 0x10;
            assertRefused(changed);
          }
        }
      }
      for (int cut : new int[] {1, 4, 8, 16}) { // a shorter tag is none
        byte[][] changed = row.clone();
        changed[4] = Arrays.copyOf(row[4], row[4].length - cut);
        assertRefused(changed);
      }
    }
  }

  /** JDK 17 has an exception of its own for what is shorter than a tag, which FLOE never gives it. */
  private static void assertRefused(byte[][] row) {
    assertThatThrownBy(() -> gcm(Cipher.DECRYPT_MODE, row[0], row[1], row[2], row[4]))
        .isInstanceOfAny(
            row[4].length < 16
                ? new Class<?>[] {AEADBadTagException.class, ProviderException.class}
                : new Class<?>[] {AEADBadTagException.class});
  }

  private static byte[] gcm(int mode, byte[] key, byte[] iv, byte[] aad, byte[] input)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(128, iv));
    cipher.updateAAD(aad);
    return cipher.doFinal(input);
  }

  @Test
  void hmac() throws Exception {
    for (String hash : List.of("sha256", "sha384")) {
      for (byte[][] row : rows("hmac-" + hash)) {
        String name = "Hmac" + hash;
        Mac mac = Mac.getInstance(name);
        mac.init(new SecretKeySpec(row[0], name));
        assertThat(mac.doFinal(row[1])).isEqualTo(row[2]);
      }
    }
  }

  @Test
  void hkdf() throws IOException {
    for (Hkdf hkdf : Hkdf.values()) {
      String name = hkdf == Hkdf.SHA_256 ? "sha256" : "sha384";
      for (byte[][] row : rows("hkdf-" + name)) {
        byte[] key = hkdf.extract(row[0], row[1]);
        assertThat(hkdf.expand(key, row[2], row[3].length)).isEqualTo(row[3]);
      }
      for (byte[][] row : rows("expand-" + name)) {
        assertThat(hkdf.expand(row[0], row[1], row[2].length)).isEqualTo(row[2]);
      }
    }
  }

  @Test
  void x25519() throws IOException {
    byte[] secret = new byte[32];
    for (byte[][] row : rows("x25519")) {
      assertThat(X25519.calculateAgreement(row[0], 0, row[1], 0, secret, 0)).isTrue();
      assertThat(secret).isEqualTo(row[2]);
    }
  }

  /** On whatever points of low order, and however they are written. */
  @Test
  void aSecretOfZerosIsNone() throws IOException {
    Identity identity = Identity.generate();
    for (byte[][] row : rows("x25519-zero")) {
      assertThat(X25519.calculateAgreement(row[0], 0, row[1], 0, new byte[32], 0))
          .isFalse();
      String enc = Base64Text.of(row[1]);
      String wrapped = Base64Text.of(new byte[48]);
      assertThatThrownBy(() -> Hpke.SLOT.open(identity, new byte[0], enc, wrapped))
          .hasMessage("what is sealed for recipient " + identity.recipient().id()
              + " is damaged, or belongs to another backup: it does not prove right")
          .hasRootCauseInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void ed25519() throws Exception {
    for (byte[][] row : rows("ed25519")) {
      assertThat(Ed25519.verify(key(row[0]), Purpose.MANIFEST, row[1], row[2])).isTrue();
    }
    for (byte[][] row : rows("ed25519-bad")) {
      assertThat(Ed25519.verify(key(row[0]), Purpose.MANIFEST, row[1], row[2]))
          .as(HexFormat.of().formatHex(row[2]))
          .isFalse();
    }
  }

  private static PublicKey key(byte[] bytes) throws GeneralSecurityException {
    byte[] encoded = HexFormat.of().parseHex(SPKI + HexFormat.of().formatHex(bytes));
    return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
  }
}
