package dev.lifeboat.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/**
 * AES-GCM does not commit to its key: whoever knows two can make a ciphertext that both open, and who may lay such slots into a store and
 * see whether they open tries many passphrases at once (the partitioning oracle of Len, Grubbs and Ristenpart). FLOE's header is what
 * forbids it here. The ciphertexts are made for real: that both keys open them is asserted first.
 */
class TwoPassphrasesTest {
  private static final Place PLACE = new Place("shop", "20260214T143045Z-manual-k7f3q2ab");
  private static final Cost CHEAP = new Cost(19 << 10, 2, 1);
  private static final byte[] SALT = new byte[16];
  private static final byte[] NONCE = "twelve bytes".getBytes(US_ASCII);
  private static final byte[] AAD =
      ByteBuffer.allocate(9).putLong(0).put((byte) 1).array(); // the first segment, and the last
  private static final byte[] IV = new byte[Floe.IV];
  private static final String ONE = "correct horse";
  private static final String OTHER = "battery staple";

  private final CountingKdf kdf = new CountingKdf();
  private final byte[] one = kdf.derive(ONE.getBytes(US_ASCII), SALT, CHEAP);
  private final byte[] other = kdf.derive(OTHER.getBytes(US_ASCII), SALT, CHEAP);

  @Test
  void aSlotThatTheCipherOpensUnderTwoPassphrasesIsOpenedByOneOfThemAtMost() throws Exception {
    byte[] ciphertext = openingUnderBoth(segmentKey(one), segmentKey(other));
    byte[] first = decrypt(segmentKey(one), ciphertext);
    byte[] second = decrypt(segmentKey(other), ciphertext);
    assertThat(first).hasSize(DataKey.LENGTH).isNotEqualTo(second);

    String forOne = wrapped(headerTag(one), ciphertext);
    assertOpens(ONE, forOne, first);
    assertOpensNothing(OTHER, forOne, second);
    String forOther = wrapped(headerTag(other), ciphertext);
    assertOpens(OTHER, forOther, second);
    assertOpensNothing(ONE, forOther, first);
  }

  @Test
  void noHeaderOfTheTwoFitsBoth() throws Exception {
    byte[] ciphertext = openingUnderBoth(segmentKey(one), segmentKey(other));
    for (int from = 1; from < Floe.TAG; from++) {
      byte[] mixed = headerTag(one);
      System.arraycopy(headerTag(other), from, mixed, from, Floe.TAG - from);
      String slot = wrapped(mixed, ciphertext);
      assertOpensNothing(ONE, slot, decrypt(segmentKey(one), ciphertext));
      assertOpensNothing(OTHER, slot, decrypt(segmentKey(other), ciphertext));
    }
  }

  private Encryption with(String passphrase) {
    return Encryption.passphrase(passphrase.toCharArray(), CHEAP, kdf);
  }

  private static byte[] keys(String wrapped, byte[] dataKey) {
    Slot slot = new Slot.OfPassphrase(Base64Text.of(SALT), CHEAP, wrapped);
    return KeysFile.of(new DataKey(dataKey.clone(), PLACE), List.of(slot)).write();
  }

  private void assertOpens(String passphrase, String wrapped, byte[] dataKey) throws IOException {
    try (Seal opened =
        with(passphrase).open(keys(wrapped, dataKey), PLACE.series(), PLACE.backup())) {
      assertThat(opened.dataKey().bytes()).isEqualTo(dataKey);
    }
  }

  /** Although the file's MAC is that of the very key that the cipher would give. */
  private void assertOpensNothing(String passphrase, String wrapped, byte[] dataKey) {
    assertThatThrownBy(
            () -> with(passphrase).open(keys(wrapped, dataKey), PLACE.series(), PLACE.backup()))
        .isInstanceOf(WrongKeyException.class);
  }

  private static String wrapped(byte[] headerTag, byte[] ciphertext) {
    return Base64Text.of(ByteBuffer.allocate(FloeRun.length(DataKey.LENGTH))
        .put(FloeParameters.LIFEBOAT.encoded())
        .put(IV)
        .put(headerTag)
        .putInt(FloeParameters.OVERHEAD + DataKey.LENGTH)
        .put(NONCE)
        .put(ciphertext)
        .array());
  }

  private static byte[] headerTag(byte[] key) {
    return derive(key, "HEADER_TAG:".getBytes(US_ASCII), Floe.TAG);
  }

  private static byte[] segmentKey(byte[] key) {
    byte[] messageKey = derive(key, "MESSAGE_KEY:".getBytes(US_ASCII), 48);
    byte[] purpose =
        ByteBuffer.allocate(12).put("DEK:".getBytes(US_ASCII)).putLong(0).array();
    return derive(messageKey, purpose, 32);
  }

  private static byte[] derive(byte[] key, byte[] purpose, int length) {
    byte[] context = PLACE.bytes(" slot");
    byte[] info = ByteBuffer.allocate(Floe.PARAMETERS + IV.length + purpose.length + context.length)
        .put(FloeParameters.LIFEBOAT.encoded())
        .put(IV)
        .put(purpose)
        .put(context)
        .array();
    return Hkdf.SHA_384.expand(key, info, length);
  }

  private static byte[] decrypt(byte[] key, byte[] ciphertext) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(
        Cipher.DECRYPT_MODE, new SecretKeySpec(key, "AES"), new GCMParameterSpec(128, NONCE));
    cipher.updateAAD(AAD);
    return cipher.doFinal(ciphertext);
  }

  /**
   * Two blocks and a tag. The tag is A·H⁴ + C₁·H³ + C₂·H² + L·H + E(J₀) in GF(2¹²⁸) (NIST SP 800-38D), H being E(0): for two keys it is the
   * same if C₁ is chosen so.
   */
  private static byte[] openingUnderBoth(byte[] key, byte[] otherKey)
      throws GeneralSecurityException {
    BigInteger h = field(block(key, new byte[16]));
    BigInteger g = field(block(otherKey, new byte[16]));
    BigInteger a = field(Arrays.copyOf(AAD, 16));
    BigInteger second = field("chosen at random".getBytes(US_ASCII));
    BigInteger lengths =
        field(ByteBuffer.allocate(16).putLong(8L * AAD.length).putLong(8L * 32).array());
    byte[] counter = ByteBuffer.allocate(16).put(NONCE).putInt(1).array();
    BigInteger mask = field(block(key, counter));
    BigInteger right = times(a, power(h, 4).xor(power(g, 4)))
        .xor(times(second, power(h, 2).xor(power(g, 2))))
        .xor(times(lengths, h.xor(g)))
        .xor(mask)
        .xor(field(block(otherKey, counter)));
    BigInteger first = times(right, inverse(power(h, 3).xor(power(g, 3))));
    BigInteger tag = times(a, power(h, 4))
        .xor(times(first, power(h, 3)))
        .xor(times(second, power(h, 2)))
        .xor(times(lengths, h))
        .xor(mask);
    return ByteBuffer.allocate(48)
        .put(bytes(first))
        .put(bytes(second))
        .put(bytes(tag))
        .array();
  }

  private static byte[] block(byte[] key, byte[] plain) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/ECB/NoPadding");
    cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"));
    return cipher.doFinal(plain);
  }

  /** GCM's bit i is the number's bit 127 - i. */
  private static BigInteger field(byte[] block) {
    return new BigInteger(1, block);
  }

  private static byte[] bytes(BigInteger element) {
    byte[] block = new byte[16];
    byte[] magnitude = element.toByteArray();
    int length = Math.min(16, magnitude.length);
    System.arraycopy(magnitude, magnitude.length - length, block, 16 - length, length);
    return block;
  }

  private static BigInteger times(BigInteger x, BigInteger y) {
    BigInteger polynomial = BigInteger.valueOf(0xe1).shiftLeft(120);
    BigInteger product = BigInteger.ZERO;
    BigInteger shifted = y;
    for (int bit = 127; bit >= 0; bit--) {
      if (x.testBit(bit)) {
        product = product.xor(shifted);
      }
      boolean carry = shifted.testBit(0);
      shifted = shifted.shiftRight(1);
      if (carry) {
        shifted = shifted.xor(polynomial);
      }
    }
    return product;
  }

  private static BigInteger power(BigInteger base, int exponent) {
    BigInteger power = base;
    for (int i = 1; i < exponent; i++) {
      power = times(power, base);
    }
    return power;
  }

  /** To the power of 2¹²⁸ - 2. */
  private static BigInteger inverse(BigInteger element) {
    BigInteger inverse = BigInteger.ONE.shiftLeft(127); // one
    BigInteger square = element;
    for (int i = 1; i < 128; i++) {
      square = times(square, square);
      inverse = times(inverse, square);
    }
    return inverse;
  }
}
