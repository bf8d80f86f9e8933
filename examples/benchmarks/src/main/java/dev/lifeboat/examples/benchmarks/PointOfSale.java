package dev.lifeboat.examples.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.SplittableRandom;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A database as a point of sale has it: sales with receipts' numbers, customers, products and notes, and their indexes. */
final class PointOfSale {
  private static final int ROWS_A_COMMIT = 20_000;
  private static final String[] WORDS = {
    "espresso",
    "cappuccino",
    "croissant",
    "returned",
    "discount",
    "invoice",
    "cash",
    "card",
    "table",
    "terrace",
    "staff",
    "voucher",
    "member",
    "without",
    "extra",
    "double",
    "milk",
    "sugar",
    "to go",
    "breakfast"
  };

  private PointOfSale() {}

  /** Fills a WAL database until the file has so many bytes; the same for the same seed. */
  static void create(Path database, long bytes) throws SQLException, IOException {
    SplittableRandom random = new SplittableRandom(42);
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode = WAL");
      statement.execute("PRAGMA synchronous = OFF");
      statement.execute(
          "CREATE TABLE sales (id INTEGER PRIMARY KEY, receipt TEXT, at INTEGER, customer INTEGER,"
              + " product INTEGER, cents INTEGER, note TEXT)");
      statement.execute("CREATE UNIQUE INDEX sales_receipt ON sales (receipt)");
      statement.execute("CREATE INDEX sales_customer ON sales (customer, at)");
      statement.execute("CREATE INDEX sales_product ON sales (product)");
      connection.setAutoCommit(false);
      long id = 0;
      do {
        id = insert(connection, id, random);
        connection.commit();
      } while (Files.size(database) < bytes);
    }
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
    }
  }

  /** One sale more, in a transaction of its own. */
  static void sell(Connection connection, SplittableRandom random) throws SQLException {
    try (PreparedStatement insert = prepare(connection)) {
      bind(insert, null, random);
      insert.executeUpdate();
    }
  }

  static Connection connect(Path database) throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout = 60000");
    }
    return connection;
  }

  private static long insert(Connection connection, long from, SplittableRandom random)
      throws SQLException {
    try (PreparedStatement insert = prepare(connection)) {
      for (int i = 1; i <= ROWS_A_COMMIT; i++) {
        bind(insert, from + i, random);
        insert.addBatch();
      }
      insert.executeBatch();
    }
    return from + ROWS_A_COMMIT;
  }

  private static PreparedStatement prepare(Connection connection) throws SQLException {
    return connection.prepareStatement("INSERT INTO sales VALUES (?, ?, ?, ?, ?, ?, ?)");
  }

  private static void bind(PreparedStatement insert, @Nullable Long id, SplittableRandom random)
      throws SQLException {
    insert.setObject(1, id);
    insert.setString(2, new UUID(random.nextLong(), random.nextLong()).toString());
    insert.setLong(3, 1_760_000_000L + random.nextInt(30_000_000));
    insert.setInt(4, random.nextInt(200_000));
    insert.setInt(5, (int) Math.sqrt(random.nextInt(4_000_000)));
    insert.setInt(6, random.nextInt(100, 20_000));
    StringBuilder note = new StringBuilder();
    for (int words = random.nextInt(4, 16); words > 0; words--) {
      note.append(WORDS[random.nextInt(WORDS.length)]).append(' ');
    }
    insert.setString(7, note.toString());
  }
}
