package dev.lifeboat.testkit;

import java.nio.ByteBuffer;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;

/**
 * One call to a {@link WatchedDisk}.
 *
 * @param operation what is called
 * @param path what it is about, on the disk behind; for a channel the path it was opened at, wherever its file lies now
 * @param other what {@code path} is moved, copied or linked to; empty for all else
 * @param channel which channel, counted from 1 for every watched disk; 0 where none has a part in it
 * @param options how a file is opened; empty for all else
 * @param position where is read or written, or the new size of a truncation
 * @param bytes what is written, read-only; empty for all else
 */
public record DiskCall(
    Operation operation,
    Path path,
    Optional<Path> other,
    long channel,
    Set<OpenOption> options,
    long position,
    ByteBuffer bytes) {
  /** What can be called. */
  public enum Operation {
    /** A file is opened, and made if the options say so. */
    OPEN,
    /** Bytes are read from a channel. */
    READ,
    /** Bytes are written to a channel. */
    WRITE,
    /** A channel's file is cut to {@link DiskCall#position}. */
    TRUNCATE,
    /** A channel's file or directory is forced to disk. */
    FORCE,
    /** A channel's file is asked for its size. */
    SIZE,
    /** A channel's file is locked. */
    LOCK,
    /** A channel's lock is given back by itself. */
    UNLOCK,
    /** A channel is closed; its locks are given back. */
    CLOSE,
    /** A directory is made. */
    CREATE_DIRECTORY,
    /** A file gets the further name {@link DiskCall#other}. */
    CREATE_LINK,
    /** A symbolic link is made: at {@code path}, to {@link DiskCall#other}. */
    CREATE_SYMBOLIC_LINK,
    /** A symbolic link is read. */
    READ_SYMBOLIC_LINK,
    /** A file or directory is moved to {@link DiskCall#other}. */
    MOVE,
    /** A file or directory is copied to {@link DiskCall#other}. */
    COPY,
    /** A file or directory is removed. */
    DELETE,
    /** A directory is opened to be listed. */
    LIST,
    /** The next entry of a directory is asked for. */
    NEXT,
    /** Size, times, kind or permissions are asked for, or whether two are the same file. */
    READ_ATTRIBUTES,
    /** Times, owner or permissions are set. */
    SET_ATTRIBUTE,
    /** Whether a file exists and may be used is asked for. */
    CHECK_ACCESS,
    /** The real path is asked for. */
    REAL_PATH,
    /** The file store is asked for. */
    FILE_STORE;

    /** Whether it is done to an open channel. */
    public boolean isOfChannel() {
      return compareTo(OPEN) > 0 && compareTo(CREATE_DIRECTORY) < 0;
    }
  }

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();

  /** About one path. */
  static DiskCall of(Operation operation, Path path) {
    return new DiskCall(operation, path, Optional.empty(), 0, Set.of(), 0, NOTHING);
  }

  static DiskCall of(Operation operation, Path path, Path other) {
    return new DiskCall(operation, path, Optional.of(other), 0, Set.of(), 0, NOTHING);
  }

  static DiskCall opening(Path path, long channel, Set<? extends OpenOption> options) {
    return new DiskCall(
        Operation.OPEN, path, Optional.empty(), channel, Set.copyOf(options), 0, NOTHING);
  }

  static DiskCall at(Operation operation, Path path, long channel, long position) {
    return new DiskCall(operation, path, Optional.empty(), channel, Set.of(), position, NOTHING);
  }

  static DiskCall writing(Path path, long channel, long position, ByteBuffer bytes) {
    ByteBuffer copy =
        ByteBuffer.allocate(bytes.remaining()).put(bytes.duplicate()).flip();
    return new DiskCall(
        Operation.WRITE,
        path,
        Optional.empty(),
        channel,
        Set.of(),
        position,
        copy.asReadOnlyBuffer());
  }

  /** Whether this opens a file to be written to. */
  public boolean opensForWriting() {
    return options.contains(StandardOpenOption.WRITE)
        || options.contains(StandardOpenOption.APPEND);
  }

  @Override
  public String toString() {
    return operation + " " + path + other.map(to -> " -> " + to).orElse("")
        + (options.isEmpty() ? "" : " " + options)
        + (bytes.hasRemaining() ? " " + bytes.remaining() + " bytes at " + position : "");
  }
}
