package dev.lifeboat.sqlite;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32;

/**
 * What a database holds that no mixture of two states can pass for: entries that each name the one before, and pages
 * filled by what the newest entries say. Its last entry tells which of all states ever committed it is, whole.
 */
final class Books {
  /** Stands in every entry, and must stand nowhere else. */
  static final String SECRET = "the-secret-of-the-captain-";

  private static final int ENTRIES = 100;
  private static final int PAGES = 40;
  private static final int PAGE_BYTES = 3000;

  private Books() {}

  static Path create(Path database, String journalMode) throws SQLException {
    try (Connection connection = Databases.connect(database)) {
      Databases.run(
          connection,
          "PRAGMA journal_mode=" + journalMode,
          "CREATE TABLE entry(depth INTEGER PRIMARY KEY, stamp INTEGER NOT NULL,"
              + " parent INTEGER NOT NULL, sum INTEGER NOT NULL, what TEXT NOT NULL)",
          "CREATE TABLE page(id INTEGER PRIMARY KEY, stamp INTEGER NOT NULL, what BLOB NOT NULL)",
          "BEGIN");
      write(connection, new Entry(0, 0, 0));
      for (int id = 0; id < PAGES; id++) {
        fill(connection, id, 0);
      }
      Databases.run(connection, "COMMIT");
    }
    return database;
  }

  /** Adds an entry in the transaction that is under way; gives the one that it follows. */
  static long enter(Connection connection, long stamp) throws SQLException {
    long depth = Sqlite.number(connection, "SELECT max(depth) FROM entry");
    long parent = Sqlite.number(connection, "SELECT stamp FROM entry WHERE depth = " + depth);
    Entry next = new Entry(depth + 1, stamp, parent);
    write(connection, next);
    Databases.run(connection, "DELETE FROM entry WHERE depth <= " + (next.depth() - ENTRIES));
    fill(connection, next.page(), stamp);
    return parent;
  }

  /**
   * The last entry of a database.
   *
   * @throws AssertionError if what it holds was never committed
   */
  static long head(Path database) throws SQLException {
    try (Connection connection = Databases.connect(database)) {
      Databases.run(connection, "BEGIN"); // one state, while the clerk goes on
      List<String> findings = new ArrayList<>();
      String integrity = Sqlite.text(connection, "PRAGMA integrity_check");
      if (!integrity.equals("ok")) {
        findings.add("integrity_check: " + integrity);
      }
      List<Entry> entries = entries(connection, findings);
      comparePages(connection, entries, findings);
      if (!findings.isEmpty()) {
        throw new AssertionError(database + " is no state that was ever committed: " + findings);
      }
      return entries.get(entries.size() - 1).stamp();
    }
  }

  private static List<Entry> entries(Connection connection, List<String> findings)
      throws SQLException {
    List<Entry> entries = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT * FROM entry ORDER BY depth")) {
      while (rows.next()) {
        Entry entry = new Entry(rows.getLong(1), rows.getLong(2), rows.getLong(3));
        if (rows.getLong(4) != entry.sum() || !rows.getString(5).equals(entry.what())) {
          findings.add(entry + " is not what was written");
        }
        if (!entries.isEmpty() && !entry.follows(entries.get(entries.size() - 1))) {
          findings.add(entry + " does not follow " + entries.get(entries.size() - 1));
        }
        entries.add(entry);
      }
    }
    if (entries.isEmpty()) {
      throw new AssertionError("no entries");
    }
    long depth = entries.get(entries.size() - 1).depth();
    if (entries.size() != Math.min(depth + 1, ENTRIES)) {
      findings.add(entries.size() + " entries at depth " + depth);
    }
    return entries;
  }

  private static void comparePages(
      Connection connection, List<Entry> entries, List<String> findings) throws SQLException {
    Map<Integer, Long> expected = new HashMap<>();
    entries.forEach(entry -> expected.put(entry.page(), entry.stamp()));
    int count = 0;
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT * FROM page")) {
      for (; rows.next(); count++) {
        long stamp = expected.getOrDefault(rows.getInt(1), 0L);
        if (rows.getLong(2) != stamp || !Arrays.equals(rows.getBytes(3), bytes(stamp))) {
          findings.add("page " + rows.getInt(1) + " is not of entry " + stamp);
        }
      }
    }
    if (count != PAGES) {
      findings.add(count + " pages");
    }
  }

  private static void write(Connection connection, Entry entry) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO entry VALUES(?, ?, ?, ?, ?)")) {
      insert.setLong(1, entry.depth());
      insert.setLong(2, entry.stamp());
      insert.setLong(3, entry.parent());
      insert.setLong(4, entry.sum());
      insert.setString(5, entry.what());
      insert.executeUpdate();
    }
  }

  private static void fill(Connection connection, int id, long stamp) throws SQLException {
    try (PreparedStatement replace =
        connection.prepareStatement("INSERT OR REPLACE INTO page VALUES(?, ?, ?)")) {
      replace.setInt(1, id);
      replace.setLong(2, stamp);
      replace.setBytes(3, bytes(stamp));
      replace.executeUpdate();
    }
  }

  /** Which no codec makes smaller. */
  private static byte[] bytes(long stamp) {
    byte[] bytes = new byte[PAGE_BYTES];
    new Random(stamp).nextBytes(bytes);
    return bytes;
  }

  private record Entry(long depth, long stamp, long parent) {
    int page() {
      return (int) (depth % PAGES);
    }

    boolean follows(Entry before) {
      return depth == before.depth + 1 && parent == before.stamp;
    }

    long sum() {
      CRC32 crc = new CRC32();
      crc.update((depth + " " + stamp + " " + parent).getBytes(StandardCharsets.US_ASCII));
      return crc.getValue();
    }

    String what() {
      return SECRET + stamp;
    }
  }
}
