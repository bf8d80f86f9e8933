package dev.lifeboat.sqlite;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/**
 * A writer whose every transaction moves a counter, adds a row with a checksum of that number, and fills a page
 * somewhere: a state that was never committed cannot pass for one. Runs in a thread, or as a process of its own.
 */
final class Ledger implements Runnable {
  private final Path database;
  private volatile boolean stopped;
  private volatile long committed;
  private volatile Throwable failure = new Throwable("none");

  Ledger(Path database) {
    this.database = database;
  }

  static Path create(Path database, String journalMode, int pageSize) throws SQLException {
    try (Connection connection = Databases.connect(database)) {
      Databases.run(
          connection,
          "PRAGMA page_size=" + pageSize,
          "PRAGMA journal_mode=" + journalMode,
          "CREATE TABLE counter(n INTEGER NOT NULL)",
          "INSERT INTO counter VALUES(0)",
          "CREATE TABLE ledger(n INTEGER PRIMARY KEY, sum INTEGER NOT NULL)",
          "CREATE TABLE filler(id INTEGER PRIMARY KEY, n INTEGER, what BLOB)",
          "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 500)"
              + " INSERT INTO filler(n, what) SELECT 0, randomblob(3000) FROM n");
    }
    return database;
  }

  @Override
  public void run() {
    try (Connection connection = Databases.connect(database)) {
      Databases.run(connection, "PRAGMA synchronous=OFF");
      connection.setAutoCommit(false);
      while (!stopped) {
        write(connection);
      }
    } catch (SQLException e) {
      failure = e;
    }
  }

  void stop() {
    stopped = true;
  }

  long committed() {
    return committed;
  }

  Throwable failure() {
    return failure;
  }

  private void write(Connection connection) throws SQLException {
    Databases.run(connection, "UPDATE counter SET n = n + 1");
    long n = Sqlite.number(connection, "SELECT n FROM counter");
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO ledger VALUES(?, ?)")) {
      insert.setLong(1, n);
      insert.setLong(2, checksum(n));
      insert.executeUpdate();
    }
    Databases.run(
        connection,
        "UPDATE filler SET n = " + n + ", what = randomblob(3000) WHERE id IN ("
            + (1 + n * 37 % 500) + ", " + (1 + n * 101 % 500) + ")");
    connection.commit();
    committed = n;
  }

  /** The number of transactions in a copy; findings of what no committed state can show. */
  static long proven(Connection copy, List<String> findings) throws SQLException {
    long n = Sqlite.number(copy, "SELECT n FROM counter");
    if (n != Sqlite.number(copy, "SELECT count(*) FROM ledger")) {
      findings.add("the counter says " + n + ", but there are "
          + Sqlite.number(copy, "SELECT count(*) FROM ledger") + " rows");
    }
    if (n != Sqlite.number(copy, "SELECT max(n) FROM filler")) {
      findings.add("the filler is not of transaction " + n);
    }
    List<String> sums = Databases.column(copy, "SELECT n || ' ' || sum FROM ledger ORDER BY n");
    for (int i = 0; i < sums.size(); i++) {
      if (!sums.get(i).equals((i + 1) + " " + checksum(i + 1))) {
        findings.add("row " + (i + 1) + " is wrong: " + sums.get(i));
      }
    }
    return n;
  }

  static long proven(Connection copy) throws SQLException {
    List<String> findings = new ArrayList<>();
    long n = proven(copy, findings);
    if (!findings.isEmpty()) {
      throw new SQLException(String.join("; ", findings));
    }
    return n;
  }

  private static long checksum(long n) {
    CRC32 crc = new CRC32();
    crc.update(Long.toString(n).getBytes(StandardCharsets.US_ASCII));
    return crc.getValue();
  }

  /** Writes until it is killed, and says when it has begun. */
  public static void main(String[] arguments) {
    Ledger ledger = new Ledger(Path.of(arguments[0]));
    Thread writer = new Thread(ledger);
    writer.start();
    while (ledger.committed() == 0 && writer.isAlive()) {
      Thread.onSpinWait();
    }
    System.out.println("writing");
  }
}
