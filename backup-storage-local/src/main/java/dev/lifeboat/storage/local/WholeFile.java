package dev.lifeboat.storage.local;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.Set;

/** A file from its first byte to its last, as many as it had when it was opened; fewer or more are an exception. */
final class WholeFile extends InputStream {
  private final Path file;
  private final FileChannel channel;
  private final long size;
  private long given;

  WholeFile(Path file) throws IOException {
    this.file = file;
    this.channel =
        FileChannel.open(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
    this.size = sizeOrClose(channel);
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
    int count = channel.read(ByteBuffer.wrap(bytes, offset, length));
    given += Math.max(count, 0);
    if (count < 0 ? given < size : given > size) {
      throw new FileSystemException(
          file.toString(),
          null,
          "changed while it was read: it had " + size + " bytes, and "
              + (count < 0 ? "ended after " + given : "goes on"));
    }
    return count;
  }

  @Override
  public int available() {
    return (int) Math.min(size - given, Integer.MAX_VALUE);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private static long sizeOrClose(FileChannel channel) throws IOException {
    try {
      return channel.size();
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }
}
