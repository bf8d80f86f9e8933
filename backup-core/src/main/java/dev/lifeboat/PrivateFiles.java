package dev.lifeboat;

import dev.lifeboat.catalog.BackupId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Files that nobody else may read: directories 0700, files 0600 where the file system knows that. */
final class PrivateFiles {
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rwx------");
  private static final Set<PosixFilePermission> OWNER_FILE =
      PosixFilePermissions.fromString("rw-------");

  /** The ending of a file that is being written. */
  static final String PART = ".part";

  private PrivateFiles() {}

  /** Makes a directory and those above it, durably, or takes it as it is. */
  static Path directory(Path directory) throws IOException {
    return directory(directory, true);
  }

  /** The same for what may be lost: after a power cut it may be gone, with all that is in it. */
  static Path directoryUnsynced(Path directory) throws IOException {
    return directory(directory, false);
  }

  private static Path directory(Path directory, boolean sync) throws IOException {
    if (!Files.isDirectory(directory)) {
      Path parent = directory.toAbsolutePath().getParent();
      if (parent != null && !Files.isDirectory(parent)) {
        directory(parent, sync);
      }
      try {
        Files.createDirectory(directory, attributes(directory, OWNER_ONLY));
      } catch (FileAlreadyExistsException e) {
        if (!Files.isDirectory(directory)) { // or somebody else was first
          throw new NotDirectoryException(directory.toString());
        }
      }
      if (sync) {
        syncDirectory(parent);
      }
    }
    return directory;
  }

  /** Takes the rights of others away from a directory that was there before. */
  static void makePrivate(Path directory) throws IOException {
    if (isPosix(directory) && !Files.getPosixFilePermissions(directory).equals(OWNER_ONLY)) {
      Files.setPosixFilePermissions(directory, OWNER_ONLY);
    }
  }

  /** Whether anything has this name; a disk that cannot tell is never taken for one that says no. */
  static boolean isThere(Path path) throws IOException {
    try {
      Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return true;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /** A file with these bytes, whole and synced or not there at all; replaces one of the same name. */
  static void write(Path file, byte[] bytes) throws IOException {
    write(file, bytes, true);
    syncDirectory(file.toAbsolutePath().getParent());
  }

  /** The same for what may be lost: after a power cut it may be there cut or not at all. */
  static void writeUnsynced(Path file, byte[] bytes) throws IOException {
    write(file, bytes, false);
  }

  private static void write(Path file, byte[] bytes, boolean sync) throws IOException {
    // a name of its own: verbs that take no turn may write the same file at the same time
    Path part = file.resolveSibling(file.getFileName() + "." + BackupId.randomTail() + PART);
    try {
      try (FileChannel channel = open(part, StandardOpenOption.CREATE_NEW)) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
        if (sync) {
          channel.force(true);
        }
      }
      try {
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
      } catch (AtomicMoveNotSupportedException e) {
        Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
      }
    } finally {
      Files.deleteIfExists(part);
    }
  }

  /** A channel to write to, on a file that is private if this makes it. */
  static FileChannel open(Path file, StandardOpenOption create) throws IOException {
    return FileChannel.open(
        file, EnumSet.of(create, StandardOpenOption.WRITE), attributes(file, OWNER_FILE));
  }

  /** Makes names durable, where the platform lets a directory be synced. */
  static void syncDirectory(@Nullable Path directory) throws IOException {
    if (directory == null) {
      return;
    }
    FileChannel channel;
    try {
      channel = FileChannel.open(directory, StandardOpenOption.READ);
    } catch (IOException e) {
      return; // Windows and in-memory file systems cannot
    }
    try (channel) {
      channel.force(true);
    }
  }

  /** Makes all below durable, and its own name and that of the directory it lies in. */
  static void syncTree(Path top) throws IOException {
    Files.walkFileTree(top, new SimpleFileVisitor<>() {
      @Override
      public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
          throws IOException {
        if (attributes.isRegularFile()) {
          try (FileChannel channel = openToSync(file)) {
            channel.force(true);
          }
        }
        return FileVisitResult.CONTINUE;
      }

      @Override
      public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e)
          throws IOException {
        if (e != null) {
          throw e;
        }
        syncDirectory(directory);
        return FileVisitResult.CONTINUE;
      }
    });
    Path parent = top.toAbsolutePath().getParent();
    syncDirectory(parent);
    syncDirectory(parent == null ? null : parent.getParent());
  }

  /** Some platforms sync only what may be written to, and some files may not. */
  private static FileChannel openToSync(Path file) throws IOException {
    try {
      return FileChannel.open(file, StandardOpenOption.WRITE);
    } catch (AccessDeniedException e) {
      return FileChannel.open(file, StandardOpenOption.READ);
    }
  }

  /** Removes it and all below, without following links; nothing if it is not there. */
  static void deleteTree(Path top) throws IOException {
    Files.walkFileTree(top, new SimpleFileVisitor<>() {
      @Override
      public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
          throws IOException {
        Files.deleteIfExists(file);
        return FileVisitResult.CONTINUE;
      }

      @Override
      public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
        if (e instanceof NoSuchFileException) {
          return FileVisitResult.CONTINUE;
        }
        throw e;
      }

      @Override
      public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e)
          throws IOException {
        if (e != null) {
          throw e;
        }
        Files.deleteIfExists(directory);
        return FileVisitResult.CONTINUE;
      }
    });
  }

  private static FileAttribute<?>[] attributes(Path path, Set<PosixFilePermission> permissions) {
    return isPosix(path)
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)}
        : new FileAttribute<?>[0];
  }

  private static boolean isPosix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }
}
