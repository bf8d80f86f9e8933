package dev.lifeboat.examples.offmachine;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A database that takes sales, numbered from one, in a thread until it is closed. */
final class Till implements AutoCloseable {
  static final String ARTICLE = "a lighthouse in a bottle";

  private static final int EARLIER = 20_000;

  private final AtomicLong sales = new AtomicLong();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final Thread thread;
  private volatile boolean open = true;

  private Till(Path database) throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode = WAL");
      statement.execute("PRAGMA busy_timeout = 20000");
      statement.execute("CREATE TABLE sale (id INTEGER PRIMARY KEY, article TEXT NOT NULL)");
      connection.setAutoCommit(false);
      sell(connection, EARLIER);
    }
    thread = new Thread(() -> sellUntilClosed(connection));
    thread.start();
  }

  static Till open(Path database) throws SQLException {
    return new Till(database);
  }

  private void sellUntilClosed(Connection connection) {
    try (connection) {
      while (open) {
        sell(connection, 1);
      }
    } catch (SQLException e) {
      failure.set(e);
    }
  }

  private void sell(Connection connection, int count) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO sale (article) VALUES (?)")) {
      for (int i = 0; i < count; i++) {
        insert.setString(1, ARTICLE + " " + i);
        insert.executeUpdate();
      }
    }
    connection.commit();
    sales.addAndGet(count);
  }

  /** Those that were committed. */
  long sales() {
    return sales.get();
  }

  /** Those in a database, which must be sound and miss none. */
  static long salesIn(Path database) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = connection.createStatement()) {
      try (ResultSet check = statement.executeQuery("PRAGMA integrity_check")) {
        if (!check.getString(1).equals("ok")) {
          throw new AssertionError(check.getString(1));
        }
      }
      try (ResultSet count = statement.executeQuery("SELECT count(*), max(id) FROM sale")) {
        if (count.getLong(1) != count.getLong(2)) {
          throw new AssertionError(count.getLong(1) + " sales, the last is " + count.getLong(2));
        }
        return count.getLong(1);
      }
    }
  }

  @Override
  public void close() {
    open = false;
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    if (failure.get() != null) {
      throw new AssertionError(failure.get());
    }
  }
}
