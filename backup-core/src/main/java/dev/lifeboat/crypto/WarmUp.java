package dev.lifeboat.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.lifeboat.codec.EncodingStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs what encrypts and decrypts often enough for the JVM to compile it: until then it does 80 MB/s, afterwards some GB/s. The segments are
 * short, for it counts how many there are, not how long; the streams are long, lest what begins one be compiled too. They go through the very
 * classes that a backup goes through, or the JVM would compile those once more in the middle of it.
 */
final class WarmUp {
  private static final FloeParameters SHORT = new FloeParameters(96, 20);
  private static final int SEGMENTS = 1_000;

  /** So many lengths of what is written at once: segments are made of two pieces then, as they mostly are. */
  private static final int LENGTHS = 16;

  /** Streams that are still to do in the life of this JVM. */
  private static final AtomicInteger LEFT = new AtomicInteger(40);

  private WarmUp() {}

  /** Gives up when the thread is interrupted; the next one goes on from there. What has been done is not done again. */
  static void run() {
    if (left() == 0) {
      return;
    }
    byte[] key = new byte[BackupKey.LENGTH];
    new SecureRandom().nextBytes(key);
    FloeCodec codec = new FloeCodec(SHORT, key, "warm-up".getBytes(US_ASCII));
    byte[] piece = new byte[SHORT.plainLength()];
    try {
      while (!Thread.currentThread().isInterrupted() && LEFT.getAndUpdate(WarmUp::oneLess) > 0) {
        open(codec, seal(codec, piece), piece);
      }
    } catch (IOException e) {
      throw new IllegalStateException("what was just sealed does not open", e);
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  static int left() {
    return LEFT.get();
  }

  private static int oneLess(int left) {
    return Math.max(0, left - 1);
  }

  private static byte[] seal(FloeCodec codec, byte[] piece) throws IOException {
    ByteArrayOutputStream sealed = new ByteArrayOutputStream(SEGMENTS * SHORT.segmentLength());
    try (EncodingStream stream = codec.encode(sealed, Runnable::run)) {
      for (int i = 0; i < SEGMENTS; i++) {
        stream.write(piece, 0, piece.length - i % LENGTHS);
      }
      stream.finish();
    }
    return sealed.toByteArray();
  }

  private static void open(FloeCodec codec, byte[] sealed, byte[] piece) throws IOException {
    try (InputStream in = codec.decode(new ByteArrayInputStream(sealed))) {
      int n;
      do {
        n = in.read(piece);
      } while (n >= 0);
    }
  }
}
