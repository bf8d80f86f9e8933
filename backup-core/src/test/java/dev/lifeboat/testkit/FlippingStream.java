package dev.lifeboat.testkit;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Another stream, with one bit of its first byte flipped. */
final class FlippingStream extends FilterInputStream {
  private boolean flipped;

  FlippingStream(InputStream in) {
    super(in);
  }

  @Override
  public int read() throws IOException {
    int value = super.read();
    if (value < 0 || flipped) {
      return value;
    }
    flipped = true;
    return value ^ 1;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int count = super.read(buffer, offset, length);
    if (count > 0 && !flipped) {
      flipped = true;
      buffer[offset] ^= 1;
    }
    return count;
  }

  @Override
  public boolean markSupported() {
    return false;
  }
}
