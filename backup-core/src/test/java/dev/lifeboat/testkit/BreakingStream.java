package dev.lifeboat.testkit;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Gives so many bytes of another stream, then throws at every read. */
final class BreakingStream extends FilterInputStream {
  private final IOException failure;
  private long left;

  BreakingStream(InputStream in, long bytes, IOException failure) {
    super(in);
    this.left = bytes;
    this.failure = failure;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    int count = left == 0 ? -1 : super.read(buffer, offset, (int) Math.min(length, left));
    if (count < 0) {
      throw failure;
    }
    left -= count;
    return count;
  }

  @Override
  public long skip(long count) throws IOException {
    long skipped = super.skip(Math.min(count, left));
    left -= skipped;
    return skipped;
  }
}
