package dev.lifeboat.examples.benchmarks;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The JDK's AES-256-GCM as FLOE needs it, and nothing around it: segments of 64 KiB, each with an IV drawn for it and with associated
 * data, from array to array. Nothing that is made of it can be faster.
 */
final class BareCipher {
  private static final int SEGMENT = 64 << 10;
  private static final int IV = 12;
  private static final int TAG = 16;
  private static final int FRONT = Integer.BYTES + IV;
  private static final int PLAIN = SEGMENT - FRONT - TAG;

  private final SecureRandom random = new SecureRandom();
  private final SecretKeySpec key = new SecretKeySpec(random.generateSeed(32), "AES");
  private final byte[] segment = new byte[SEGMENT];
  private final Cipher cipher;

  BareCipher() {
    try {
      cipher = Cipher.getInstance("AES/GCM/NoPadding");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Each segment into the same array. Gives how many bytes there were. */
  long seal(byte[] content) {
    long count = 0;
    for (int at = 0; at < content.length; at += PLAIN) {
      count += seal(at / PLAIN, content, at, Math.min(PLAIN, content.length - at), segment, FRONT);
    }
    return count;
  }

  /** All of it, for {@link #open}. */
  byte[] sealed(byte[] content) {
    byte[] sealed = new byte[(content.length + PLAIN - 1) / PLAIN * SEGMENT];
    int to = 0;
    for (int at = 0; at < content.length; at += PLAIN) {
      int length = Math.min(PLAIN, content.length - at);
      to += FRONT + seal(at / PLAIN, content, at, length, sealed, to + FRONT);
    }
    return Arrays.copyOf(sealed, to);
  }

  /** Each segment into the same array. Gives how many bytes came out. */
  long open(byte[] sealed) {
    long count = 0;
    for (int at = 0; at < sealed.length; at += SEGMENT) {
      int length = Math.min(SEGMENT, sealed.length - at) - FRONT;
      byte[] iv = Arrays.copyOfRange(sealed, at + Integer.BYTES, at + FRONT);
      try {
        begin(Cipher.DECRYPT_MODE, iv, at / SEGMENT);
        count += cipher.doFinal(sealed, at + FRONT, length, segment, 0);
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }
    return count;
  }

  private int seal(long number, byte[] content, int at, int length, byte[] out, int to) {
    byte[] iv = new byte[IV];
    random.nextBytes(iv);
    System.arraycopy(iv, 0, out, to - IV, IV);
    try {
      begin(Cipher.ENCRYPT_MODE, iv, number);
      return cipher.doFinal(content, at, length, out, to);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private void begin(int mode, byte[] iv, long number) throws GeneralSecurityException {
    cipher.init(mode, key, new GCMParameterSpec(8 * TAG, iv));
    cipher.updateAAD(
        ByteBuffer.allocate(Long.BYTES + 1).putLong(number).put((byte) 0).array());
  }
}
