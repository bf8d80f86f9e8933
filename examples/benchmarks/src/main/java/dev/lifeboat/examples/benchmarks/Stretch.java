package dev.lifeboat.examples.benchmarks;

import dev.lifeboat.codec.Codec;
import dev.lifeboat.codec.EncodingStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.SplittableRandom;

/** What lies in memory, through a codec and nothing else. */
final class Stretch {
  /** Bytes that a measurement is about, in one stream or in several. */
  static final int SIZE = 64 << 20;

  private static final int PIECE = 64 << 10;

  private Stretch() {}

  /** What no cipher finds easy. */
  static byte[] content(int size) {
    byte[] content = new byte[size];
    new SplittableRandom(1).nextBytes(content);
    return content;
  }

  static void encode(Codec codec, byte[] content, OutputStream out) throws IOException {
    try (EncodingStream stream = codec.encode(out, Runnable::run)) {
      for (int at = 0; at < content.length; at += PIECE) {
        stream.write(content, at, Math.min(PIECE, content.length - at));
      }
      stream.finish();
    }
  }

  /** How many bytes came out. */
  static long decode(Codec codec, byte[] encoded) throws IOException {
    byte[] buffer = new byte[PIECE];
    long count = 0;
    try (InputStream in = codec.decode(new ByteArrayInputStream(encoded))) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        count += n;
      }
    }
    return count;
  }
}
