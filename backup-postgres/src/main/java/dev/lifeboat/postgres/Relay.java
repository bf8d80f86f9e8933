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

  private final Deque<Piece> memory = new ArrayDeque<>();
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
      byte[] bytes = new byte[PIECE];
      for (int n = in.read(bytes); n >= 0 && give(Piece.of(bytes, n)); n = in.read(bytes)) {
        bytes = new byte[PIECE];
      }
    } finally {
      end();
    }
  }

  /** Takes all there is, into a stream. */
  void drain(OutputStream out) throws IOException {
    try {
      for (Piece piece = take(); piece != null; piece = take()) {
        piece.writeTo(out);
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
  boolean give(Piece piece) throws IOException {
    FileChannel file;
    synchronized (this) {
      any |= piece.length() > 0;
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

  private void append(FileChannel file, Piece piece) throws IOException {
    long position;
    synchronized (this) {
      position = given;
    }
    ByteBuffer bytes = ByteBuffer.wrap(piece.bytes(), 0, piece.length());
    while (bytes.hasRemaining()) {
      position += file.write(bytes, position);
    }
    synchronized (this) {
      given += piece.length();
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
  @Nullable
  Piece take() throws IOException {
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
    Piece piece =
        read(Objects.requireNonNull(file, "what is not in memory is in the file"), from, to);
    synchronized (this) {
      taken += piece.length();
      notifyAll();
    }
    return piece;
  }

  private static Piece read(FileChannel file, long from, long to) throws IOException {
    byte[] bytes = new byte[(int) Math.min(PIECE, to - from)];
    ByteBuffer room = ByteBuffer.wrap(bytes);
    try {
      while (room.hasRemaining()) {
        if (file.read(room, from + room.position()) < 0) {
          throw new IOException("the spooled dump was cut in the scratch directory");
        }
      }
      return Piece.of(bytes, bytes.length);
    } catch (ClosedByInterruptException e) {
      throw new InterruptedIOException("interrupted while a dump was on its way");
    }
  }

  /** Bytes in the file that were not taken yet. */
  synchronized long spooled() {
    return given - taken;
  }

  /** Whether who gives is waiting for who takes, or soon will be. */
  synchronized boolean isFull() {
    return spool == null && memory.size() >= PIECES;
  }

  synchronized boolean isSpilled() {
    return spool != null;
  }

  /**
   * From now on what is given goes to a file that has no name left, where the system can do that, or loses it when this
   * is closed. Once is enough.
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

  /** Waits for a change, or a moment: whether the disk has room again nobody tells. Always within a loop. */
  @SuppressWarnings("WaitNotInLoop") // it is, at every caller
  private synchronized void await() throws InterruptedIOException {
    try {
      wait(500);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while a dump was on its way");
    }
  }
}
