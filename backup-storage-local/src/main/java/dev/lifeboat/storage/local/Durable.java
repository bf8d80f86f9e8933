package dev.lifeboat.storage.local;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/** Forcing files and folders to disk, so that they and their names survive a power cut. */
final class Durable {
  /** How a channel is forced; another way is for tests. */
  @FunctionalInterface
  interface Force {
    void force(FileChannel channel) throws IOException;
  }

  private final Force force;

  Durable(Force force) {
    this.force = force;
  }

  /**
   * Forces a file's bytes to disk and closes it. Once only: after a failure the system may have dropped what it could
   * not write, and the next force would report success.
   */
  void finish(FileChannel file) throws IOException {
    force.force(file);
    file.close();
  }

  /**
   * Forces a folder's entries to disk. Windows and file systems in memory cannot, and some network file systems say so
   * when asked; what then can be done has been done.
   */
  void syncDirectory(Path directory) throws IOException {
    FileChannel channel;
    try {
      channel = FileChannel.open(directory, StandardOpenOption.READ);
    } catch (IOException | UnsupportedOperationException e) {
      if (opensDirectories(directory)) {
        throw e;
      }
      return;
    }
    try (channel) {
      force.force(channel);
    } catch (IOException e) {
      if (!isUnsupported(e)) {
        throw e;
      }
    }
  }

  /** The same, for a folder that another thread may just have removed because it was empty. */
  void syncDirectoryIfThere(Path directory) throws IOException {
    try {
      syncDirectory(directory);
    } catch (NoSuchFileException e) {
      // its own parent has been told
    }
  }

  /** Takes a file away because of {@code reason}, which learns it if that fails too. */
  static void discard(Path file, IOException reason) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      reason.addSuppressed(e);
    }
  }

  private static boolean opensDirectories(Path path) {
    return path.getFileSystem().equals(FileSystems.getDefault()) && Permissions.arePosix(path);
  }

  /** EINVAL and EOPNOTSUPP of fsync: not a failure, there is nothing behind it. */
  private static boolean isUnsupported(IOException e) {
    String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
    return message.contains("invalid argument") || message.contains("not supported");
  }
}
