package dev.lifeboat.sqlite;

import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * How a restore goes about what is live: decided once, before anything is touched, and kept in the staging directory,
 * so that a later process goes on the same way.
 *
 * @param way the way
 * @param wal whether the live database was in WAL mode, which it keeps
 * @param number which of the names for what is kept aside was free
 * @param live the main file, behind its links: they could not be followed again while it is aside
 */
record Plan(Way way, boolean wal, int number, Path live) {
  /** What was found in the place. */
  enum Way {
    /** A database, or an empty file, to be replaced through SQLite. */
    DATABASE,
    /** Nothing: the staged file is put in. */
    MISSING,
    /** Something that SQLite cannot open, or the host says so: kept aside, then the staged file is put in. */
    BROKEN
  }

  /** The first number whose names nobody has. */
  static Plan of(Way way, boolean wal, Path live) {
    int number = 1;
    while (new Plan(way, wal, number, live).isTaken()) {
      number++;
    }
    return new Plan(way, wal, number, live);
  }

  /**
   * What a main file is kept as; its log, journal and index beside it, by the same endings, so that SQLite tools find
   * them together.
   */
  Path aside() {
    return LiveFile.sibling(live, ".aside-" + number);
  }

  /** The new file while it is being written. */
  Path part() {
    return LiveFile.sibling(live, ".part-" + number);
  }

  String asText() {
    String path = URLEncoder.encode(live.toString(), StandardCharsets.UTF_8);
    return way + " " + wal + " " + number + " " + path + "\n";
  }

  static Plan parse(String text) throws IOException {
    try {
      List<String> words = List.of(text.strip().split(" ", -1));
      return new Plan(
          Way.valueOf(words.get(0)),
          Boolean.parseBoolean(words.get(1)),
          Integer.parseInt(words.get(2)),
          Path.of(URLDecoder.decode(words.get(3), StandardCharsets.UTF_8)));
    } catch (RuntimeException e) {
      throw new IOException("The staging directory's plan is damaged: \"" + text.strip() + "\"", e);
    }
  }

  private boolean isTaken() {
    return Files.exists(part())
        || Files.exists(aside())
        || !LiveFile.siblingsOf(aside()).isEmpty();
  }
}
