package dev.lifeboat.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.lifeboat.codec.DamagedDataException;
import java.security.SecureRandom;
import java.util.Arrays;

/** Runs what encrypts and decrypts often enough for the JVM to compile it: until then it does 80 MB/s, afterwards some GB/s. */
final class WarmUp {
  private static final int TIMES = 10_000;
  private static final int SHORT = 256;

  private WarmUp() {}

  /** Gives up when the thread is interrupted. */
  static void run() {
    byte[] key = new byte[BackupKey.LENGTH];
    SecureRandom random = new SecureRandom();
    random.nextBytes(key);
    byte[] context = "warm-up".getBytes(US_ASCII);
    Floe out = Floe.begin(FloeParameters.LIFEBOAT, key, context, random);
    byte[] plain = new byte[SHORT];
    byte[] sealed = new byte[SHORT + FloeParameters.OVERHEAD];
    try {
      Floe in = Floe.open(FloeParameters.LIFEBOAT, key, context, out.header());
      for (int i = 0; i < TIMES && !Thread.currentThread().isInterrupted(); i++) {
        int length = out.seal(plain, SHORT / 2, plain, SHORT / 2, SHORT / 2, false, sealed);
        in.open(sealed, length, false, plain, 0);
      }
      in.destroy();
    } catch (DamagedDataException e) {
      throw new IllegalStateException("what was just sealed does not open", e);
    } finally {
      out.destroy();
      Arrays.fill(key, (byte) 0);
    }
  }
}
