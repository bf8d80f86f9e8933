package dev.lifeboat.examples.postgreshost;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * A PostgreSQL server of its own with one database: accounts that only ever give to each other, and a journal of it. It
 * belongs to one role, and the application works as another, that may do no more than it was granted.
 */
final class Bank implements AutoCloseable {
  static final String DATABASE = "bank";
  static final String OWNER = "bank_owner";
  static final String TELLER = "bank_teller";
  static final int ACCOUNTS = 20_000;

  private final EmbeddedPostgres server;

  private Bank(EmbeddedPostgres server) {
    this.server = server;
  }

  /** Opens one, and begins with nothing but full accounts. */
  static Bank open(Path directory) throws IOException, SQLException {
    Bank bank = new Bank(EmbeddedPostgres.builder()
        .setOverrideWorkingDirectory(directory.toFile())
        .start());
    try (Connection server = bank.server.getPostgresDatabase().getConnection();
        Statement statement = server.createStatement()) {
      // what a swap takes: a database of one's own, new ones, ending sessions, and settings of
      // other roles in it
      statement.execute("CREATE ROLE " + OWNER + " LOGIN CREATEDB CREATEROLE");
      statement.execute("GRANT pg_signal_backend TO " + OWNER);
      statement.execute("CREATE ROLE " + TELLER + " LOGIN");
      statement.execute("CREATE DATABASE " + DATABASE + " OWNER " + OWNER);
      statement.execute("REVOKE CONNECT ON DATABASE " + DATABASE + " FROM PUBLIC");
      statement.execute("GRANT CONNECT ON DATABASE " + DATABASE + " TO " + TELLER);
      statement.execute(
          "ALTER ROLE " + TELLER + " IN DATABASE " + DATABASE + " SET search_path = counter");
    }
    bank.asOwner(
        "CREATE SCHEMA counter",
        "CREATE TABLE counter.account (id int PRIMARY KEY, balance bigint NOT NULL CHECK (balance >= 0))",
        "CREATE TABLE counter.journal (id bigserial PRIMARY KEY, giver int NOT NULL, taker int NOT NULL,"
            + " amount bigint NOT NULL, at timestamptz NOT NULL DEFAULT now())",
        "INSERT INTO counter.account SELECT n, 100000 FROM generate_series(1, " + ACCOUNTS + ") n",
        "GRANT USAGE ON SCHEMA counter TO " + TELLER,
        "GRANT SELECT, UPDATE ON counter.account TO " + TELLER,
        "GRANT SELECT, INSERT ON counter.journal TO " + TELLER,
        "GRANT USAGE ON counter.journal_id_seq TO " + TELLER);
    return bank;
  }

  /** Where it is, for that role. */
  String url(String role) {
    return server.getJdbcUrl(role, DATABASE);
  }

  int port() {
    return server.getPort();
  }

  void asOwner(String... statements) throws SQLException {
    try (Connection connection = server.getDatabase(OWNER, DATABASE).getConnection();
        Statement statement = connection.createStatement()) {
      for (String one : statements) {
        statement.execute(one);
      }
    }
  }

  /** How many transfers were committed. */
  long transfers() throws SQLException {
    try (Connection connection = server.getDatabase(OWNER, DATABASE).getConnection()) {
      return number(connection, "SELECT count(*) FROM counter.journal");
    }
  }

  /** Whatever was given was taken: a state that was not committed as a whole does not add up. */
  static void requireSumsAgree(Connection bank) throws SQLException {
    long sum = number(bank, "SELECT sum(balance) FROM counter.account");
    long wrong = number(bank, """
        SELECT count(*) FROM counter.account a
        LEFT JOIN (SELECT giver AS id, sum(amount) AS given FROM counter.journal GROUP BY giver) g USING (id)
        LEFT JOIN (SELECT taker AS id, sum(amount) AS taken FROM counter.journal GROUP BY taker) t USING (id)
        WHERE balance <> 100000 - coalesce(given, 0) + coalesce(taken, 0)""");
    if (sum != 100_000L * ACCOUNTS || wrong > 0) {
      throw new SQLException("the accounts hold " + sum + ", and " + wrong + " do not add up");
    }
  }

  private static long number(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
