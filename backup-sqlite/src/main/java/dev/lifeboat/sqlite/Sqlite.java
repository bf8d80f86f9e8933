package dev.lifeboat.sqlite;

import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.sqlite.JDBC;
import org.sqlite.SQLiteConfig;

/** Connections of our own, by URI, so that no character of a path has a meaning. */
final class Sqlite {
  private Sqlite() {}

  /** A live database. Never creates one; SQLite opens a write-protected file for reading by itself. */
  static Connection live(Path database) throws SQLException {
    return connect(liveUri(database));
  }

  /** A private copy that nobody changes: no locks, no log, nothing is written beside it. */
  static Connection image(Path image) throws SQLException {
    Connection connection = connect(uri(image) + "?immutable=1&mode=ro");
    try {
      // a copy may come from anywhere: its schema must not run anything
      execute(connection, "PRAGMA trusted_schema=OFF");
      execute(connection, "PRAGMA cell_size_check=ON");
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  /** For the online backup towards a live database, which must be there. */
  static String liveUri(Path database) {
    return uri(database) + "?mode=rw";
  }

  static String uri(Path file) {
    URI uri = file.toAbsolutePath().toUri();
    String server = uri.getRawAuthority() == null ? "" : "//" + uri.getRawAuthority();
    return "file://" + server + uri.getRawPath();
  }

  static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  static long number(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      return row.getLong(1);
    }
  }

  static String text(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      return row.getString(1);
    }
  }

  private static Connection connect(String uri) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setBusyTimeout(Patience.TURN_MILLIS);
    return JDBC.createConnection("jdbc:sqlite:" + uri, config.toProperties());
  }
}
