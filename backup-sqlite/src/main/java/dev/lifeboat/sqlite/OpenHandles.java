package dev.lifeboat.sqlite;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Whether this process has a database file open whose place is to be taken by another file: whoever goes on using it
 * would commit into a file that is nobody's any more, and hear of no error. Told where the platform shows it (Linux).
 */
final class OpenHandles {
  private static final Path HANDLES = Path.of("/proc/self/fd");
  private static final String GONE = " (deleted)";

  private OpenHandles() {}

  static void requireNone(Path database) throws IOException {
    if (!Files.isDirectory(HANDLES)) {
      return;
    }
    Path parent = database.toAbsolutePath().getParent();
    Path file = parent == null || !Files.isDirectory(parent)
        ? database
        : parent.toRealPath().resolve(database.getFileName());
    try (DirectoryStream<Path> handles = Files.newDirectoryStream(HANDLES)) {
      for (Path handle : handles) {
        if (isOf(handle, file)) {
          throw new LockedException(
              database,
              "is to be replaced by another file, and this process still has the old one open. Nothing was changed."
                  + " Close its connections and pools, and restore again.");
        }
      }
    }
  }

  private static boolean isOf(Path handle, Path file) {
    try {
      String target = Files.readSymbolicLink(handle).toString();
      return target.equals(file.toString()) || target.equals(file + GONE);
    } catch (IOException e) {
      return false; // closed since it was listed
    }
  }
}
