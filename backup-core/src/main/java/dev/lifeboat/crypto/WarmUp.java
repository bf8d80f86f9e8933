package dev.lifeboat.crypto;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Has the JVM compile the core of its cipher: until then that does 80 MB/s, afterwards some GB/s. What is called often is compiled, and a whole
 * segment is one call. But out of a buffer that shows no array OpenJDK 17 to 25 take pieces of 1 KiB or less, so that the core is called often,
 * which is needed, and nothing around it, which would cost more to compile than it saves.
 */
final class WarmUp {
  /** As a segment has, but for its end: it takes every way through the cipher. */
  private static final int LENGTH = FloeParameters.LIFEBOAT.plainLength() - 1;

  /** Segments that are still to do in the life of this JVM: after some hundred all is compiled, and the rest takes no time. */
  private static final AtomicInteger LEFT = new AtomicInteger(500);

  private WarmUp() {}

  /** Gives up when the thread is interrupted; the next one goes on from there. What has been done is not done again. */
  static void run() {
    if (left() == 0) {
      return;
    }
    byte[] random = new byte[BackupKey.LENGTH];
    new SecureRandom().nextBytes(random);
    SecretKeySpec key = new SecretKeySpec(random, "AES");
    try {
      Cipher cipher = Floe.aesGcm();
      byte[] plain = new byte[LENGTH];
      begin(cipher, Cipher.ENCRYPT_MODE, key);
      ByteBuffer sealed = ByteBuffer.wrap(cipher.doFinal(plain)).asReadOnlyBuffer();
      while (!Thread.currentThread().isInterrupted() && LEFT.getAndUpdate(WarmUp::oneLess) > 0) {
        begin(cipher, Cipher.DECRYPT_MODE, key);
        cipher.doFinal(sealed.clear(), ByteBuffer.wrap(plain));
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("what was just sealed does not open", e);
    } finally {
      Arrays.fill(random, (byte) 0);
    }
  }

  static int left() {
    return LEFT.get();
  }

  private static int oneLess(int left) {
    return Math.max(0, left - 1);
  }

  /** As a segment begins: a way that is not gone now would have all of it compiled again when it comes. */
  private static void begin(Cipher cipher, int mode, SecretKeySpec key)
      throws GeneralSecurityException {
    cipher.init(mode, key, new GCMParameterSpec(8 * Floe.AEAD_TAG, new byte[Floe.AEAD_IV]));
    cipher.updateAAD(new byte[Long.BYTES + 1]);
  }
}
