package dev.lifeboat.crypto;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HKDF (RFC 5869). The JDK has one from version 25 on. */
enum Hkdf {
  SHA_256("HmacSHA256", 32),
  SHA_384("HmacSHA384", 48);

  private static final int MOST_BLOCKS = 255;

  private final String hmac;
  private final int hashLength;

  Hkdf(String hmac, int hashLength) {
    this.hmac = hmac;
    this.hashLength = hashLength;
  }

  /** Section 2.2; an empty salt stands for none. */
  byte[] extract(byte[] salt, byte[] input) {
    return mac(salt.length == 0 ? new byte[hashLength] : salt).doFinal(input);
  }

  /**
   * Section 2.3.
   *
   * @param key a pseudorandom key
   * @param length at most 255 times the length of the hash
   */
  byte[] expand(byte[] key, byte[] info, int length) {
    if (length < 1 || length > MOST_BLOCKS * hashLength) {
      throw new IllegalArgumentException("length must be 1 to " + MOST_BLOCKS * hashLength);
    }
    Mac mac = mac(key);
    byte[] output = new byte[length];
    byte[] block = new byte[0];
    for (int done = 0, counter = 1; done < length; done += block.length, counter++) {
      mac.update(block);
      mac.update(info);
      mac.update((byte) counter);
      Arrays.fill(block, (byte) 0);
      block = mac.doFinal();
      System.arraycopy(block, 0, output, done, Math.min(block.length, length - done));
    }
    Arrays.fill(block, (byte) 0);
    return output;
  }

  private Mac mac(byte[] key) {
    try {
      Mac mac = Mac.getInstance(hmac);
      mac.init(new SecretKeySpec(key, hmac));
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + hmac, e);
    }
  }
}
