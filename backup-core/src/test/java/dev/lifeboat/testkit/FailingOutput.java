package dev.lifeboat.testkit;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;

/** Takes so many bytes, counting and keeping none, and then throws; notes whether somebody flushed or closed it. */
final class FailingOutput extends OutputStream {
  private final IOException failure;
  private long left;
  private boolean touched;

  private FailingOutput(long left, IOException failure) {
    this.left = left;
    this.failure = failure;
  }

  static FailingOutput after(long bytes, IOException failure) {
    return new FailingOutput(bytes, failure);
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[1], 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    if (length > left) {
      throw failure;
    }
    left -= length;
  }

  @Override
  public void flush() {
    touched = true;
  }

  @Override
  public void close() {
    touched = true;
  }

  boolean wasFlushedOrClosed() {
    return touched;
  }
}
