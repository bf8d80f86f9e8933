package dev.lifeboat.testkit;

import dev.lifeboat.testkit.DiskCall.Operation;
import dev.lifeboat.testkit.Watcher.Effect;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/** A channel whose every call is told to the watcher. */
final class WatchedChannel extends FileChannel {
  private static final int BUFFER = 8 << 10;

  private final Watcher watcher;
  private final FileChannel behind;
  private final Path file;
  private final long number;

  WatchedChannel(Watcher watcher, FileChannel behind, Path file, long number) {
    this.watcher = watcher;
    this.behind = behind;
    this.file = file;
    this.number = number;
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    return told(at(Operation.READ, position()), () -> behind.read(target));
  }

  @Override
  public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
    for (ByteBuffer target : slice(targets, offset, length)) {
      if (target.hasRemaining()) {
        return read(target);
      }
    }
    return 0;
  }

  @Override
  public int read(ByteBuffer target, long position) throws IOException {
    return told(at(Operation.READ, position), () -> behind.read(target, position));
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    return told(DiskCall.writing(file, number, position(), source), () -> behind.write(source));
  }

  @Override
  public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
    for (ByteBuffer source : slice(sources, offset, length)) {
      if (source.hasRemaining()) {
        return write(source);
      }
    }
    return 0;
  }

  @Override
  public int write(ByteBuffer source, long position) throws IOException {
    return told(
        DiskCall.writing(file, number, position, source), () -> behind.write(source, position));
  }

  @Override
  public long position() throws IOException {
    return closedByInterrupt(behind::position);
  }

  @Override
  public FileChannel position(long position) throws IOException {
    return closedByInterrupt(() -> {
      behind.position(position);
      return this;
    });
  }

  @Override
  public long size() throws IOException {
    return told(at(Operation.SIZE, 0), behind::size);
  }

  @Override
  public FileChannel truncate(long size) throws IOException {
    return told(at(Operation.TRUNCATE, size), () -> {
      behind.truncate(size);
      return this;
    });
  }

  @Override
  public void force(boolean metaData) throws IOException {
    told(at(Operation.FORCE, 0), () -> {
      behind.force(metaData);
      return true;
    });
  }

  @Override
  public long transferTo(long position, long count, WritableByteChannel target) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(count, BUFFER));
    if (read(buffer, position) < 0) {
      return 0;
    }
    return target.write(buffer.flip());
  }

  @Override
  public long transferFrom(ReadableByteChannel source, long position, long count)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(count, BUFFER));
    if (source.read(buffer) < 0) {
      return 0;
    }
    long written = 0;
    for (buffer.flip(); buffer.hasRemaining(); ) {
      written += write(buffer, position + written);
    }
    return written;
  }

  @Override
  public MappedByteBuffer map(MapMode mode, long position, long size) {
    throw new UnsupportedOperationException("what is mapped cannot be watched");
  }

  @Override
  public FileLock lock(long position, long size, boolean shared) throws IOException {
    return told(
        at(Operation.LOCK, position),
        () -> new WatchedLock(this, behind.lock(position, size, shared)));
  }

  @SuppressWarnings("NullAway") // as it is documented: null if another holds it
  @Override
  public FileLock tryLock(long position, long size, boolean shared) throws IOException {
    Optional<FileLock> lock = told(
        at(Operation.LOCK, position),
        () -> Optional.ofNullable(behind.tryLock(position, size, shared))
            .map(held -> new WatchedLock(this, held)));
    return lock.orElse(null);
  }

  void release(FileLock lock) throws IOException {
    told(at(Operation.UNLOCK, lock.position()), () -> {
      lock.release();
      return true;
    });
  }

  @Override
  protected void implCloseChannel() throws IOException {
    watcher.call(at(Operation.CLOSE, 0), () -> {
      behind.close();
      return true;
    });
  }

  private DiskCall at(Operation operation, long position) {
    return DiskCall.at(operation, file, number, position);
  }

  private <T> T told(DiskCall call, Effect<T> effect) throws IOException {
    return closedByInterrupt(() -> watcher.call(call, effect));
  }

  /** As with any channel an interrupt closes it. */
  private <T> T closedByInterrupt(Effect<T> effect) throws IOException {
    try {
      return effect.run();
    } catch (ClosedByInterruptException e) {
      try {
        close();
      } catch (IOException unclosed) {
        e.addSuppressed(unclosed);
      }
      throw e;
    }
  }

  private static ByteBuffer[] slice(ByteBuffer[] buffers, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, buffers.length);
    return Arrays.copyOfRange(buffers, offset, offset + length);
  }
}
