package dev.lifeboat.sqlite;

import dev.lifeboat.catalog.Text;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;

/**
 * A live database as a file. Looks at attributes only: whoever opens and closes a live database in this process by any
 * other way than SQLite drops its POSIX locks.
 */
final class LiveFile {
  /** What SQLite keeps beside a database, in the order in which it is moved aside. */
  static final List<String> SIBLINGS = List.of("-wal", "-journal", "-shm");

  private LiveFile() {}

  /** Refuses what is plainly no database, before SQLite is asked. */
  static void requireDatabase(Path database) throws IOException {
    long size = size(database)
        .orElseThrow(() -> new NoSuchFileException(
            Text.printable(database.toString()), null, "there is no such database"));
    if (size == 0) {
      throw new FileSystemException(
          Text.printable(database.toString()),
          null,
          "is empty (0 bytes), so it holds no database. Is this the right file?");
    }
  }

  /**
   * Its size; empty if nothing is there.
   *
   * @throws FileSystemException if it is no file
   */
  static Optional<Long> size(Path database) throws IOException {
    BasicFileAttributes attributes;
    try {
      attributes = Files.readAttributes(database, BasicFileAttributes.class);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    if (!attributes.isRegularFile()) {
      String what = attributes.isDirectory() ? "a directory" : "no regular file";
      throw new FileSystemException(
          Text.printable(database.toString()), null, "is " + what + ", not a SQLite database");
    }
    return Optional.of(attributes.size());
  }

  static boolean exists(Path database) throws IOException {
    return size(database).isPresent();
  }

  static Path sibling(Path database, String suffix) {
    return database.resolveSibling(database.getFileName() + suffix);
  }

  /** The logs and journals that lie beside it. */
  static List<Path> siblingsOf(Path database) {
    return SIBLINGS.stream()
        .map(suffix -> sibling(database, suffix))
        .filter(Files::exists)
        .toList();
  }

  /** Behind its links: SQLite keeps its log beside the file itself. */
  static Path real(Path database) throws IOException {
    if (Files.exists(database)) {
      return database.toRealPath();
    }
    if (Files.isSymbolicLink(database)) {
      throw new FileSystemException(
          Text.printable(database.toString()),
          null,
          "is a symbolic link to a file that is missing");
    }
    return database;
  }
}
