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

  FloeEncoder(Floe floe, FloeParameters parameters, OutputStream out) throws IOException {
    this.out = out;
    this.floe = floe;
    this.plain = new byte[parameters.plainLength()];
    this.segment = new byte[parameters.segmentLength()];
    try {
      out.write(floe.header());
    } catch (IOException | RuntimeException | Error e) {
      floe.destroy();
      throw e;
    }
  }

  @Override
  protected void encode(byte[] bytes, int offset, int length) throws IOException {
    int done = 0;
    while (done < length) {
      if (filled == plain.length) {
        write(plain, 0, filled, false);
        filled = 0;
      }
      int left = length - done;
      if (filled == 0 && left > plain.length) {
        write(bytes, offset + done, plain.length, false);
        done += plain.length;
      } else {
        int n = Math.min(left, plain.length - filled);
        System.arraycopy(bytes, offset + done, plain, filled, n);
        filled += n;
        done += n;
      }
    }
  }

  @Override
  protected void seal() throws IOException {
    write(plain, 0, filled, true);
  }

  @Override
  protected void release() {
    floe.destroy();
    Arrays.fill(plain, (byte) 0);
  }

  private void write(byte[] bytes, int offset, int length, boolean last) throws IOException {
    out.write(segment, 0, floe.seal(bytes, offset, length, last, segment));
  }
}
