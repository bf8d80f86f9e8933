package dev.lifeboat.sqlite;

import dev.lifeboat.catalog.Text;
import dev.lifeboat.sink.NoSpaceException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/** Files of our own, written so that a power cut finds them whole or not there. Never given a live database. */
final class Disk {
  private static final int BUFFER = 1 << 18;
  /** The JDK has no type for this. */
  private static final List<String> FULL =
      List.of("No space left", "not enough space", "Disk quota exceeded", "File too large");

  private Disk() {}

  /**
   * Writes a new private file (0600) to its end, and forces it to the disk. The stream's exceptions pass untouched.
   *
   * @throws NoSpaceException if the disk is full
   */
  static void write(InputStream content, Path file) throws IOException {
    Files.createFile(file, privately(file));
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      byte[] buffer = new byte[BUFFER];
      for (int n = content.read(buffer); n >= 0; n = content.read(buffer)) {
        write(channel, ByteBuffer.wrap(buffer, 0, n), file);
      }
      channel.force(true);
    }
  }

  private static void write(FileChannel channel, ByteBuffer bytes, Path file) throws IOException {
    try {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (IOException e) {
      String message = String.valueOf(e.getMessage());
      if (FULL.stream().anyMatch(message::contains)) {
        throw new NoSpaceException(
            Text.printable(file.toString()) + ": the disk is full or a quota used up (" + message
                + ")",
            e);
      }
      throw e;
    }
  }

  /**
   * A file of zeros that takes room until it is removed. Replaces one that is there.
   *
   * @throws NoSpaceException if there is none
   */
  static void takeRoom(Path file, long bytes) throws IOException {
    Files.deleteIfExists(file);
    write(zeros(bytes), file);
  }

  /**
   * Finds out why somebody could not write a file of our own: by writing as much. It is not there afterwards.
   *
   * @return the system's words if there is no room for it
   */
  static Optional<String> whyNoRoom(Path file, long bytes) throws IOException {
    try {
      takeRoom(file, bytes);
      return Optional.empty();
    } catch (NoSpaceException e) {
      Throwable cause = Objects.requireNonNull(e.getCause());
      return Optional.of(Text.printable(String.valueOf(cause.getMessage())));
    } finally {
      Files.deleteIfExists(file);
    }
  }

  /** Bytes free beside a file, if that can be told. */
  static OptionalLong free(Path file) {
    try {
      Path directory = Objects.requireNonNull(file.toAbsolutePath().getParent());
      return OptionalLong.of(Files.getFileStore(directory).getUsableSpace());
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }

  private static InputStream zeros(long count) {
    return new InputStream() {
      private long left = count;

      @Override
      public int read() {
        return left-- > 0 ? 0 : -1;
      }

      @Override
      public int read(byte[] buffer, int offset, int length) {
        if (left <= 0) {
          return -1;
        }
        int n = (int) Math.min(length, left);
        Arrays.fill(buffer, offset, offset + n, (byte) 0);
        left -= n;
        return n;
      }
    };
  }

  /** Renames within one directory, so that a crash leaves the one name or the other, and replaces what was there. */
  static void rename(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    syncDirectoryOf(to);
  }

  /** Gives {@code file} its name only if nobody has it; a rename would replace. */
  static void putInPlace(Path part, Path file) throws IOException {
    try {
      Files.createLink(file, part);
      Files.delete(part);
    } catch (FileAlreadyExistsException e) {
      throw e;
    } catch (UnsupportedOperationException | IOException e) {
      Files.move(part, file); // no links here: the look and the rename are two steps then
    }
    syncDirectoryOf(file);
  }

  /** Owner, group and permissions of {@code model}, as far as we may. */
  static void likeness(Path model, Path file) throws IOException {
    PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
    if (view == null) {
      return;
    }
    PosixFileAttributes attributes = Files.readAttributes(model, PosixFileAttributes.class);
    try {
      view.setOwner(attributes.owner());
      view.setGroup(attributes.group());
    } catch (IOException e) {
      return; // only a privileged process may give files away: then it stays ours, and private
    }
    view.setPermissions(attributes.permissions());
  }

  /** Makes names in a directory last. Windows cannot, and does not need it. */
  static void syncDirectoryOf(Path file) throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    if (directory == null || file.getFileSystem().getSeparator().equals("\\")) {
      return;
    }
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static FileAttribute<?>[] privately(Path file) {
    return file.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }
}
