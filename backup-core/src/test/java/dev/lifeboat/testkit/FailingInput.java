package dev.lifeboat.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/** Gives so many of these bytes and then throws, instead of the rest or of its end. */
final class FailingInput extends InputStream {
  private final byte[] bytes;
  private final int end;
  private final IOException failure;
  private int position;

  private FailingInput(byte[] bytes, int end, IOException failure) {
    this.bytes = bytes;
    this.end = Objects.checkIndex(end, bytes.length + 1);
    this.failure = failure;
  }

  static FailingInput after(int count, byte[] bytes, IOException failure) {
    return new FailingInput(bytes, count, failure);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    read(one, 0, 1);
    return one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, into.length);
    if (length == 0) {
      return 0;
    } else if (position == end) {
      throw failure;
    }
    int n = Math.min(length, end - position);
    System.arraycopy(bytes, position, into, offset, n);
    position += n;
    return n;
  }
}
