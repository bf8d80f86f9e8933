package dev.lifeboat.postgres;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Bytes on their way from one thread to another: a few pieces in memory, so that who gives waits for who takes; or, once
 * {@linkplain #spill spilled}, a private file, so that who gives never waits as long as the disk has room.
 */
final class Relay implements Closeable {
  static final int PIECE = 1 << 18;
  private static final int PIECES = 8;

  private final Deque<ByteBuffer> memory = new ArrayDeque<>();
  private @Nullable FileChannel spool;
  private @Nullable Path directory;
  private long reserve;
  private long given;
  private long taken;
  private boolean any;
  private boolean ended;
  private boolean closed;

  /** Gives all of a stream, until it ends or nobody takes any more. */
  void fill(InputStream in) throws IOException {
    try {
      byte[] piece = new byte[PIECE];
      for (int n = in.read(piece); n >= 0 && give(ByteBuffer.wrap(piece, 0, n)); n = in.read(piece)) {
        piece = new byte[PIECE];
      }
    } finally {
      end();
    }
  }

  /** Takes all there is, into a stream. */
  void drain(OutputStream out) throws IOException {
    try {
      for (ByteBuffer piece = take(); piece != null; piece = take()) {
        out.write(piece.array(), piece.position(), piece.remaining());
      }
    } finally {
      close();
    }
  }

  /**
   * Gives a piece, which is the relay's from then on.
   *
   * @return false if nobody takes any more
   */
  boolean give(ByteBuffer piece) throws IOException {
    FileChannel file;
    synchronized (this) {
      any |= piece.hasRemaining();
      notifyAll();
      while (!closed && mustWait()) {
        await();
      }
      if (closed) {
        return false;
      }
      file = spool;
      if (file == null) {
        memory.add(piece);
        notifyAll();
        return true;
      }
    }
    append(file, piece);
    return true;
  }

  private synchronized boolean mustWait() throws IOException {
    if (spool == null) {
      return memory.size() >= PIECES;
    }
    if (taken == given) {
      if (given > PIECE) { // read to its end: the room is free again
        spool.truncate(0);
        given = 0;
        taken = 0;
      }
      return false;
    }
    return directory != null && usable(directory) < reserve;
  }

  private void append(FileChannel file, ByteBuffer piece) throws IOException {
    long position;
    synchronized (this) {
      position = given;
    }
    long length = piece.remaining();
    while (piece.hasRemaining()) {
      position += file.write(piece, position);
    }
    synchronized (this) {
      given += length;
      notifyAll();
    }
  }

  /** There is no more to come. */
  synchronized void end() {
    ended = true;
    notifyAll();
  }

  /** Waits until something was given, or all was; tells whether anything was. */
  synchronized boolean awaitFirst() throws IOException {
    while (!any && !ended && !closed) {
      await();
    }
    return any;
  }

  /** The next bytes; null when there are no more. */
  @Nullable ByteBuffer take() throws IOException {
    FileChannel file;
    long from;
    long to;
    synchronized (this) {
      while (memory.isEmpty() && taken == given && !ended && !closed) {
        await();
      }
      if (!memory.isEmpty()) {
        notifyAll();
        return memory.remove();
      }
      if (taken == given || closed) {
        return null;
      }
      file = spool;
      from = taken;
      to = given;
    }
    ByteBuffer piece = ByteBuffer.allocate((int) Math.min(PIECE, to - from));
    read(Objects.requireNonNull(file, "what is not in memory is in the file"), piece, from);
    synchronized (this) {
      taken += piece.position();
      notifyAll();
    }
    return piece.flip();
  }

  private static void read(FileChannel file, ByteBuffer piece, long from) throws IOException {
    try {
      while (piece.hasRemaining()) {
        if (file.read(piece, from + piece.position()) < 0) {
          throw new IOException("the spooled dump was cut in the scratch directory");
        }
      }
    } catch (ClosedByInterruptException e) {
      throw new InterruptedIOException("interrupted while a dump was on its way");
    }
  }

  /** Whether who gives is waiting for who takes, or soon will be. */
  synchronized boolean isFull() {
    return spool == null && memory.size() >= PIECES;
  }

  synchronized boolean isSpilled() {
    return spool != null;
  }

  /**
   * From now on what is given goes to a file, gone when this is closed; once is enough.
   *
   * @param reserve bytes that must stay free on its disk; else who gives waits again
   */
  synchronized void spill(Path scratch, long reserve) throws IOException {
    if (spool == null) {
      spool = FileChannel.open(
          scratch.resolve("spool"),
          Set.of(
              StandardOpenOption.CREATE_NEW,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.DELETE_ON_CLOSE),
          PrivateFile.attributes(scratch));
      directory = scratch;
      this.reserve = reserve;
      notifyAll();
    }
  }

  static long usable(Path directory) throws IOException {
    return Files.getFileStore(directory).getUsableSpace();
  }

  /** Nobody takes any more. */
  @Override
  public synchronized void close() throws IOException {
    closed = true;
    memory.clear();
    notifyAll();
    if (spool != null) {
      spool.close();
    }
  }

  private synchronized void await() throws InterruptedIOException {
    try {
      wait(500); // by itself, to look whether the disk has room again
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while a dump was on its way");
    }
  }
}
