package dev.lifeboat.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.lifeboat.codec.DamagedDataException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Objects;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * One FLOE ciphertext under way (c2sp.org/FLOE): its segments sealed, or opened, one after the other. It commits to its
 * key and context, and no segment can be changed, dropped, doubled or moved unnoticed. For one thread.
 */
final class Floe {
  /** Bytes that name the parameters. */
  static final int PARAMETERS = 10;

  /** Bytes of the ciphertext's own IV. */
  static final int IV = 32;

  /** Bytes of the header's tag. */
  static final int TAG = 32;

  /** Bytes of everything before the first segment. */
  static final int HEADER = PARAMETERS + IV + TAG;

  static final int AEAD_IV = 12;
  static final int AEAD_TAG = 16;

  private static final int AEAD_KEY = 32;
  private static final int KDF_KEY = 48;
  private static final int NOT_LAST = 0xffffffff;
  private static final long MOST_SEGMENTS = 1L << 40;

  private final FloeParameters parameters;
  private final @Nullable SecureRandom random;
  private final Cipher cipher = aesGcm();
  private final byte[] iv;
  private final byte[] context;
  private final byte[] tag;
  private final byte[] messageKey;
  private SecretKeySpec segmentKey;
  private long position;

  private Floe(
      FloeParameters parameters,
      byte[] key,
      byte[] context,
      byte[] iv,
      @Nullable SecureRandom random) {
    this.parameters = parameters;
    this.random = random;
    this.iv = iv;
    this.context = context;
    this.tag = derive(key, ascii("HEADER_TAG:"), TAG);
    this.messageKey = derive(key, ascii("MESSAGE_KEY:"), KDF_KEY);
    this.segmentKey = segmentKey();
  }

  /**
   * Begins one.
   *
   * @param key 256 bits; not kept
   * @param context what the ciphertext belongs to, the specification's AAD: who opens it must name the same
   */
  static Floe begin(FloeParameters parameters, byte[] key, byte[] context, SecureRandom random) {
    byte[] iv = new byte[IV];
    random.nextBytes(iv);
    return new Floe(parameters, key, context, iv, random);
  }

  /**
   * Begins to open one.
   *
   * @param header its first {@link #HEADER} bytes
   * @throws DamagedDataException if the header is not that of a ciphertext with this key and context
   */
  static Floe open(FloeParameters parameters, byte[] key, byte[] context, byte[] header)
      throws DamagedDataException {
    byte[] encoded = parameters.encoded();
    if (!Arrays.equals(header, 0, PARAMETERS, encoded, 0, PARAMETERS)) {
      throw new DamagedDataException("not encrypted data of ours: it begins with other bytes");
    }
    byte[] iv = Arrays.copyOfRange(header, PARAMETERS, PARAMETERS + IV);
    Floe floe = new Floe(parameters, key, context, iv, null);
    byte[] tag = Arrays.copyOfRange(header, PARAMETERS + IV, HEADER);
    if (!MessageDigest.isEqual(floe.tag, tag)) {
      floe.destroy();
      throw new DamagedDataException(
          "the encrypted data is damaged, or belongs to another key, component or backup:"
              + " its header does not prove right");
    }
    return floe;
  }

  /** What comes before the first segment. */
  byte[] header() {
    return ByteBuffer.allocate(HEADER)
        .put(parameters.encoded())
        .put(iv)
        .put(tag)
        .array();
  }

  /**
   * Seals the next segment: the beginning of an array, and then a part of another. Together they are as long as a whole
   * segment's content, unless it is the last.
   *
   * @param segment takes the sealed one
   * @return how long that is
   */
  int seal(
      byte[] head, int before, byte[] plain, int offset, int length, boolean last, byte[] segment) {
    requireRoom(last);
    byte[] nonce = new byte[AEAD_IV];
    Objects.requireNonNull(random, "opened, not begun").nextBytes(nonce);
    int sealed = before + length + FloeParameters.OVERHEAD;
    ByteBuffer.wrap(segment).putInt(last ? sealed : NOT_LAST).put(nonce);
    try {
      begin(Cipher.ENCRYPT_MODE, nonce, last);
      int at = Integer.BYTES + AEAD_IV;
      at += cipher.update(head, 0, before, segment, at);
      cipher.doFinal(plain, offset, length, segment, at);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has AES-256-GCM", e);
    }
    advance();
    return sealed;
  }

  /** Whether a segment, or its beginning, says that others follow. */
  static boolean saysThatOthersFollow(byte[] segment) {
    return statedLength(segment) == NOT_LAST;
  }

  /** The length that a last segment says it has. */
  static int statedLength(byte[] segment) {
    return ByteBuffer.wrap(segment).getInt();
  }

  /**
   * Opens the next segment. Nothing of it is released unless all of it proves right.
   *
   * @param length its bytes, as many as it says it has
   * @param plain takes the content
   * @return how long that is
   * @throws DamagedDataException if it does not prove right in this place
   */
  int open(byte[] segment, int length, boolean last, byte[] plain, int offset)
      throws DamagedDataException {
    requireRoom(last);
    byte[] nonce = Arrays.copyOfRange(segment, Integer.BYTES, Integer.BYTES + AEAD_IV);
    int begin = Integer.BYTES + AEAD_IV;
    int opened;
    try {
      begin(Cipher.DECRYPT_MODE, nonce, last);
      opened = cipher.doFinal(segment, begin, length - begin, plain, offset);
    } catch (AEADBadTagException e) {
      Arrays.fill(plain, offset, offset + length - FloeParameters.OVERHEAD, (byte) 0);
      throw new DamagedDataException(
          "the encrypted data is damaged: segment " + position + " does not prove right", e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has AES-256-GCM", e);
    }
    advance();
    return opened;
  }

  /** How many segments there have been. */
  long position() {
    return position;
  }

  /** Wipes the keys; nothing can be sealed or opened any more. */
  void destroy() {
    Arrays.fill(messageKey, (byte) 0);
  }

  private void requireRoom(boolean last) {
    if (!last && position == MOST_SEGMENTS - 1) {
      throw new IllegalStateException("more than FLOE can hold under one header");
    }
  }

  private void begin(int mode, byte[] nonce, boolean last) throws GeneralSecurityException {
    cipher.init(mode, segmentKey, new GCMParameterSpec(8 * AEAD_TAG, nonce));
    cipher.updateAAD(ByteBuffer.allocate(Long.BYTES + 1)
        .putLong(position)
        .put((byte) (last ? 1 : 0))
        .array());
  }

  private void advance() {
    position++;
    if (position % (1L << parameters.rotationBits()) == 0) {
      segmentKey = segmentKey();
    }
  }

  private SecretKeySpec segmentKey() {
    long first = position >> parameters.rotationBits() << parameters.rotationBits();
    byte[] purpose = ByteBuffer.allocate(12).put(ascii("DEK:")).putLong(first).array();
    byte[] derived = derive(messageKey, purpose, AEAD_KEY);
    try {
      return new SecretKeySpec(derived, "AES");
    } finally {
      Arrays.fill(derived, (byte) 0);
    }
  }

  /** The specification's FLOE_KDF. */
  private byte[] derive(byte[] key, byte[] purpose, int length) {
    byte[] info = ByteBuffer.allocate(PARAMETERS + IV + purpose.length + context.length)
        .put(parameters.encoded())
        .put(iv)
        .put(purpose)
        .put(context)
        .array();
    return Hkdf.SHA_384.expand(key, info, length);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(US_ASCII);
  }

  static Cipher aesGcm() {
    try {
      return Cipher.getInstance("AES/GCM/NoPadding");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has AES-256-GCM", e);
    }
  }
}
