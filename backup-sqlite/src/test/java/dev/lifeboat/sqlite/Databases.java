package dev.lifeboat.sqlite;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.sqlite.JDBC;

/** Databases as hosts have them, and the ways of the engine with a source and a target. */
final class Databases {
  private Databases() {}

  /** A connection of the host; creates the database. */
  static Connection connect(Path database) throws SQLException {
    return JDBC.createConnection(
        "jdbc:sqlite:" + Sqlite.uri(database) + "?busy_timeout=10000", new Properties());
  }

  static void run(Connection connection, String... statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** A small shop: {@code orders} rows, in this journal mode, with pages of this size. */
  static Path shop(Path database, String journalMode, int pageSize, int orders)
      throws SQLException {
    try (Connection connection = connect(database)) {
      run(
          connection,
          "PRAGMA page_size=" + pageSize,
          "PRAGMA journal_mode=" + journalMode,
          "CREATE TABLE orders(id INTEGER PRIMARY KEY, what TEXT NOT NULL)",
          "PRAGMA user_version=7",
          "PRAGMA application_id=4711");
      add(connection, orders);
    }
    return database;
  }

  static Path shop(Path database, int orders) throws SQLException {
    return shop(database, "WAL", 4096, orders);
  }

  static void add(Connection connection, int orders) throws SQLException {
    run(
        connection,
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT " + orders + ")"
            + " INSERT INTO orders(what) SELECT hex(randomblob(100)) FROM n");
  }

  static long orders(Path database) throws SQLException {
    try (Connection connection = connect(database)) {
      return orders(connection);
    }
  }

  static long orders(Connection connection) throws SQLException {
    return Sqlite.number(connection, "SELECT count(*) FROM orders");
  }

  /** All rows of all tables, as text: the content as the host sees it. */
  static List<String> content(Path database) throws SQLException {
    try (Connection connection = connect(database)) {
      return content(connection);
    }
  }

  static List<String> content(Connection connection) throws SQLException {
    List<String> content = new ArrayList<>();
    for (String table : column(
        connection,
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY 1")) {
      try (Statement statement = connection.createStatement();
          ResultSet rows = statement.executeQuery("SELECT * FROM \"" + table + "\"")) {
        int columns = rows.getMetaData().getColumnCount();
        while (rows.next()) {
          StringBuilder row = new StringBuilder(table);
          for (int i = 1; i <= columns; i++) {
            row.append('|').append(rows.getString(i));
          }
          content.add(row.toString());
        }
      }
    }
    return content;
  }

  static List<String> column(Connection connection, String sql) throws SQLException {
    List<String> values = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        values.add(rows.getString(1));
      }
    }
    return values;
  }

  static String pragma(Path database, String pragma) throws SQLException {
    try (Connection connection = connect(database)) {
      return Sqlite.text(connection, "PRAGMA " + pragma);
    }
  }

  /** What a source writes, as the engine has it written. */
  static byte[] backup(SqliteSource source, Path scratch) throws IOException {
    Files.createDirectories(scratch);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (var snapshot = source.open(scratch)) {
      snapshot.capture();
      snapshot.examine();
      snapshot.writeTo(out);
    }
    return out.toByteArray();
  }

  static byte[] backup(Path database, Path scratch) throws IOException {
    return backup(SqliteSource.of("orders", database), scratch);
  }

  /** Stages and checks; the staging directory is made. */
  static Path staged(SqliteTarget target, byte[] content, Path staging) throws IOException {
    Files.createDirectories(staging);
    target.stage(new ByteArrayInputStream(content), dev.lifeboat.source.Facts.NONE, staging);
    target.check(staging);
    return staging;
  }

  static List<String> namesIn(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
