package dev.lifeboat.sqlite;

import dev.lifeboat.catalog.Text;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.sqlite.SQLiteJDBCLoader;

/**
 * Refuses to work beside a second SQLite library in the process: two of them drop each other's POSIX locks, and commits
 * are lost. Seen through {@code /proc/self/maps}, so on Linux only.
 */
final class OneLibrary {
  private static final Path MAPS = Path.of("/proc/self/maps");
  private static final Pattern NAME =
      Pattern.compile("(.*[-_])?lib(e_)?(sqlite3|sqlitejdbc|sqlcipher)[^/]*\\.so.*");

  /** Gives the lines of {@code /proc/self/maps}; tests give others. */
  @FunctionalInterface
  interface Maps {
    List<String> lines() throws IOException;
  }

  private OneLibrary() {}

  /** Loads our library, so that it is counted, and looks for another. */
  static void require() throws IOException {
    try {
      SQLiteJDBCLoader.initialize();
    } catch (Exception e) {
      throw new IOException(
          "The native library of sqlite-jdbc could not be loaded. Nothing was opened.", e);
    }
    require(OneLibrary::ofThisProcess);
  }

  static void require(Maps maps) throws IOException {
    Collection<String> libraries = librariesIn(maps.lines());
    if (libraries.size() > 1) {
      throw new IOException("Two SQLite libraries are loaded into this process: "
          + Text.printable(String.join(" and ", libraries))
          + ". They drop each other's locks, and commits get lost. Nothing was opened. Load sqlite-jdbc"
          + " once, by a class loader that all of the application shares.");
    }
  }

  private static List<String> ofThisProcess() throws IOException {
    return Files.isReadable(MAPS)
        ? Files.readAllLines(MAPS, StandardCharsets.ISO_8859_1)
        : List.of();
  }

  /** By device and inode: one file is mapped in several pieces. */
  private static Collection<String> librariesIn(List<String> lines) {
    Map<String, String> libraries = new LinkedHashMap<>();
    for (String line : lines) {
      String[] fields = line.split("\\s+", 6); // address, permissions, offset, device, inode, path
      if (fields.length == 6 && fields[1].contains("x") && isSqlite(fields[5])) {
        libraries.putIfAbsent(fields[3] + " " + fields[4], fields[5]);
      }
    }
    return libraries.values();
  }

  private static boolean isSqlite(String path) {
    String name = path.substring(path.lastIndexOf('/') + 1);
    return NAME.matcher(name).matches();
  }
}
