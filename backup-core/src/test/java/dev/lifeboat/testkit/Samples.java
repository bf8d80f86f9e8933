package dev.lifeboat.testkit;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

/** Content to test with, the same at every run. */
final class Samples {
  private Samples() {}

  /** Bytes that no compressor makes smaller. */
  static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  /** Something like the pages of a database: text, numbers, zeros. */
  static byte[] rows(int length) {
    byte[] bytes = new byte[length];
    Random random = new Random(length);
    int at = 0;
    while (at < length) {
      String row =
          "order " + random.nextInt(1000) + " of customer " + random.nextInt(50) + "\0\0\0";
      byte[] line = row.getBytes(StandardCharsets.UTF_8);
      int n = Math.min(line.length, length - at);
      System.arraycopy(line, 0, bytes, at, n);
      at += n;
    }
    return bytes;
  }

  /** These, and then those. */
  static byte[] joined(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }
}
