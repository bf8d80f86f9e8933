package dev.lifeboat.examples.quickstart;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * An application that takes orders all the while, in a thread of its own. Every order carries the sum of all amounts up
 * to it, so that any copy of the database shows whether it is a state that really was.
 */
final class Shop implements AutoCloseable {
  /** Stands in every order. */
  static final String ARTICLE = "Minka's cat litter";

  private final Path database;
  private final Thread writer = new Thread(this::takeOrders, "shop");
  private final AtomicReference<@Nullable SQLException> failure = new AtomicReference<>();
  private volatile boolean open = true;
  private final AtomicLong orders = new AtomicLong();

  private Shop(Path database) {
    this.database = database;
  }

  /** Opens with so many orders from earlier days, and begins to take new ones. */
  static Shop open(Path database, int earlier) throws SQLException {
    Shop shop = new Shop(database);
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode = WAL");
      statement.execute(
          "CREATE TABLE orders (id INTEGER PRIMARY KEY, article TEXT, amount INTEGER, total INTEGER)");
      connection.setAutoCommit(false);
      for (int i = 0; i < earlier; i++) {
        shop.order(connection);
      }
      connection.commit();
    }
    shop.writer.start();
    return shop;
  }

  /** Orders taken so far. */
  long orders() {
    return orders.get();
  }

  /** What a clumsy hand or a bad release might do. */
  int lose() throws SQLException {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement()) {
      return statement.executeUpdate("DELETE FROM orders WHERE id % 2 = 0");
    }
  }

  @Override
  public void close() throws SQLException {
    stop();
  }

  /** Takes no more orders, and says if it could not take one. */
  void stop() throws SQLException {
    open = false;
    try {
      writer.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    SQLException failed = failure.get();
    if (failed != null) {
      throw failed;
    }
  }

  /** The state of a database: its orders and their sum; throws if that was never a state of the shop. */
  static State state(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(
            "SELECT count(*), coalesce(sum(amount), 0), coalesce(max(id), 0), coalesce(max(total), 0) FROM orders")) {
      row.next();
      State state = new State(row.getLong(1), row.getLong(2));
      if (state.orders() != row.getLong(3) || state.sum() != row.getLong(4)) {
        throw new SQLException(state + " do not fit the last order, number " + row.getLong(3)
            + " with the total " + row.getLong(4));
      }
      return state;
    }
  }

  /** The state of a file. */
  static State state(Path database) throws SQLException {
    try (Connection connection = connect(database)) {
      return state(connection);
    }
  }

  /** How many orders, and what they sum up to. */
  record State(long orders, long sum) {
    @Override
    public String toString() {
      return orders + " orders of " + sum + " cents in all";
    }
  }

  private void takeOrders() {
    try (Connection connection = connect(database)) {
      connection.setAutoCommit(false);
      while (open) {
        order(connection);
        connection.commit();
        orders.incrementAndGet();
      }
    } catch (SQLException e) {
      failure.set(e);
    }
  }

  private void order(Connection connection) throws SQLException {
    Random random = new Random();
    try (PreparedStatement insert = connection.prepareStatement(
        "INSERT INTO orders SELECT coalesce(max(id), 0) + 1, ?, ?, ? + coalesce((SELECT total FROM orders"
            + " ORDER BY id DESC LIMIT 1), 0) FROM orders")) {
      int amount = 1 + random.nextInt(10_000);
      insert.setString(1, ARTICLE + " " + Integer.toHexString(random.nextInt()) + " ".repeat(90));
      insert.setInt(2, amount);
      insert.setInt(3, amount);
      insert.executeUpdate();
    }
  }

  private static Connection connect(Path database) throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout = 60000");
    }
    return connection;
  }
}
