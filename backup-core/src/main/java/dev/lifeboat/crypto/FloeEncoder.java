package dev.lifeboat.crypto;

import dev.lifeboat.codec.Encoder;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/** Writes one FLOE ciphertext. A segment goes out when the next byte comes, or the end: then it is known whether it is the last. */
final class FloeEncoder extends Encoder {
  private final OutputStream out;
  private final Floe floe;
  private final byte[] plain;
  private final byte[] segment;
  private int filled;

  /** {@code most} bytes of content in a segment: as many as the parameters say, or as there will be at all. */
  FloeEncoder(Floe floe, int most, OutputStream out) throws IOException {
    this.out = out;
    this.floe = floe;
    this.plain = new byte[most];
    this.segment = new byte[most + FloeParameters.OVERHEAD];
    try {
      out.write(floe.header());
    } catch (IOException | RuntimeException | Error e) {
      floe.destroy();
      throw e;
    }
  }

  @Override
  protected void encode(byte[] bytes, int offset, int length) throws IOException {
    int at = offset;
    int left = length;
    while (left > plain.length - filled) {
      int n = plain.length - filled;
      write(bytes, at, n, false);
      at += n;
      left -= n;
    }
    System.arraycopy(bytes, at, plain, filled, left);
    filled += left;
  }

  @Override
  protected void seal() throws IOException {
    write(plain, filled, 0, true);
  }

  @Override
  protected void release() {
    floe.destroy();
    Arrays.fill(plain, (byte) 0);
  }

  /** A segment of what waits, and of these bytes: they need not be copied to it first. */
  private void write(byte[] bytes, int offset, int length, boolean last) throws IOException {
    int sealed = floe.seal(plain, filled, bytes, offset, length, last, segment);
    filled = 0;
    out.write(segment, 0, sealed);
  }
}
