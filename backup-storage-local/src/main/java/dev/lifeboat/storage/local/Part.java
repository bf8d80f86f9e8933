package dev.lifeboat.storage.local;

import dev.lifeboat.sink.Content;
import dev.lifeboat.sink.Digest;
import dev.lifeboat.sink.ObjectName;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.Set;
import java.util.UUID;

/** A hidden file beside the place where its bytes are to be; closing it deletes it. For one thread. */
final class Part implements AutoCloseable {
  private static final int BUFFER = 64 << 10;

  private final Path file;
  private final FileChannel channel;

  private final Durable durable;

  private Part(Path file, FileChannel channel, Durable durable) {
    this.file = file;
    this.channel = channel;
    this.durable = durable;
  }

  /** Whether a file of this name is a part, or the claim of {@link Placement}. */
  static boolean isOurs(String fileName) {
    return fileName.startsWith(".")
        && (fileName.endsWith(".part") || fileName.endsWith(Placement.CLAIM));
  }

  /** A new one in this folder, which must exist. */
  static Part in(Path folder, Durable durable) throws IOException {
    Path file = folder.resolve(Maker.here().prefix() + UUID.randomUUID() + ".part");
    return new Part(
        file,
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            Permissions.ofFile(folder)),
        durable);
  }

  Path file() {
    return file;
  }

  /** When it was written last, by the file system's own clock. */
  FileTime time() throws IOException {
    return Files.getLastModifiedTime(file);
  }

  /**
   * Writes the content, checks it and forces it to disk.
   *
   * @throws ContentFailedException if the content fails or is not what its digest says
   */
  void write(ObjectName name, Content content) throws IOException {
    Digest expected = content.digest();
    Digest actual = copy(content, expected.size());
    if (actual.size() > expected.size()) {
      throw wrong(name, "it goes on after the " + expected.size() + " bytes its digest says");
    }
    if (!actual.equals(expected)) {
      throw wrong(name, "it is " + actual + ", its digest says " + expected);
    }
    durable.finish(channel);
  }

  /** Writes these bytes and forces them to disk. */
  void write(byte[] bytes) throws IOException {
    writeFully(ByteBuffer.wrap(bytes));
    durable.finish(channel);
  }

  @Override
  public void close() throws IOException {
    try {
      channel.close();
    } finally {
      Files.deleteIfExists(file);
    }
  }

  /** Copies until the content ends, or has gone on for longer than it should. */
  private Digest copy(Content content, long size) throws IOException {
    Digest.Counter counter = new Digest.Counter();
    byte[] buffer = new byte[BUFFER];
    InputStream in = opened(content);
    try {
      for (int n = read(in, buffer); n >= 0 && counter.size() <= size; n = read(in, buffer)) {
        counter.update(buffer, 0, n);
        writeFully(ByteBuffer.wrap(buffer, 0, n));
      }
    } catch (IOException | RuntimeException e) {
      closeAfter(in, e);
      throw e;
    }
    closed(in);
    return counter.digest();
  }

  private void writeFully(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  private static InputStream opened(Content content) throws ContentFailedException {
    try {
      return content.open();
    } catch (IOException e) {
      throw new ContentFailedException(e);
    }
  }

  private static int read(InputStream in, byte[] buffer) throws ContentFailedException {
    try {
      return in.read(buffer);
    } catch (IOException e) {
      throw new ContentFailedException(e);
    }
  }

  private static void closed(InputStream in) throws ContentFailedException {
    try {
      in.close();
    } catch (IOException e) {
      throw new ContentFailedException(e);
    }
  }

  private static void closeAfter(InputStream in, Exception failure) {
    try {
      in.close();
    } catch (IOException | RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  private static ContentFailedException wrong(ObjectName name, String what) {
    return new ContentFailedException(new IOException(
        "Cannot keep the content of " + name + ": " + what + ". Nothing was kept."));
  }
}
