package dev.lifeboat.testkit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.spi.FileSystemProvider;
import java.util.Set;

/** On a directory of a file system that cannot open one: there is nothing to be done with it but to force it. */
final class DirectoryChannel extends FileChannel {
  private DirectoryChannel() {}

  /** The provider's own channel if it has one. */
  static FileChannel orOf(
      FileSystemProvider provider,
      Path path,
      Set<? extends OpenOption> options,
      FileAttribute<?>... attributes)
      throws IOException {
    try {
      return provider.newFileChannel(path, options, attributes);
    } catch (IOException | UnsupportedOperationException e) {
      if (options.equals(Set.of(StandardOpenOption.READ)) && Files.isDirectory(path)) {
        return new DirectoryChannel();
      }
      throw e;
    }
  }

  @Override
  public void force(boolean metaData) {
    // nothing is behind it
  }

  @Override
  public long position() {
    return 0;
  }

  @Override
  public long size() {
    return 0;
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    throw isDirectory();
  }

  @Override
  public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
    throw isDirectory();
  }

  @Override
  public int read(ByteBuffer target, long position) throws IOException {
    throw isDirectory();
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    throw isDirectory();
  }

  @Override
  public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
    throw isDirectory();
  }

  @Override
  public int write(ByteBuffer source, long position) throws IOException {
    throw isDirectory();
  }

  @Override
  public FileChannel position(long position) throws IOException {
    throw isDirectory();
  }

  @Override
  public FileChannel truncate(long size) throws IOException {
    throw isDirectory();
  }

  @Override
  public long transferTo(long position, long count, WritableByteChannel target) throws IOException {
    throw isDirectory();
  }

  @Override
  public long transferFrom(ReadableByteChannel source, long position, long count)
      throws IOException {
    throw isDirectory();
  }

  @Override
  public MappedByteBuffer map(MapMode mode, long position, long size) throws IOException {
    throw isDirectory();
  }

  @Override
  public FileLock lock(long position, long size, boolean shared) throws IOException {
    throw isDirectory();
  }

  @Override
  public FileLock tryLock(long position, long size, boolean shared) throws IOException {
    throw isDirectory();
  }

  @Override
  protected void implCloseChannel() {
    // nothing was opened
  }

  private static IOException isDirectory() {
    return new IOException("Is a directory");
  }
}
