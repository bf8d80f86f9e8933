package dev.lifeboat.storage.webdav;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/** An object from its first byte to its last, as many as the server said it has; fewer or more are an exception. */
final class Whole extends InputStream {
  private final Call call;
  private final Download in;
  private final long size;
  private long given;

  Whole(Call call, Download in, long size) {
    this.call = call;
    this.in = in;
    this.size = size;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    if (length == 0) {
      return 0;
    }
    int count = in.read(bytes, offset, length);
    given += Math.max(count, 0);
    if (count < 0 ? given < size : given > size) {
      throw new IOException(call.message("it has " + size + " bytes, and the answer "
          + (count < 0 ? "ended after " + given : "goes on")));
    }
    return count;
  }

  @Override
  public void close() {
    in.close();
  }
}
