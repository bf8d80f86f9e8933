package dev.lifeboat.examples.benchmarks;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/** A table of names, numbers, texts and times, as shops have them. */
final class Sales {
  private static final int ROWS_A_MEGABYTE = 6500;

  private Sales() {}

  /** A server to fill, with its files below this directory. */
  static EmbeddedPostgres server(Path directory) throws IOException {
    return EmbeddedPostgres.builder()
        .setOverrideWorkingDirectory(directory.resolve("server").toFile())
        .start();
  }

  static void fill(DataSource database, int megabytes) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE sale (id bigint PRIMARY KEY, customer text, product text, price numeric,"
              + " note text, at timestamptz)");
      statement.execute("INSERT INTO sale SELECT n, 'customer ' || n % 99991, 'product ' || n % 997"
          + " || ' of the shelf ' || n % 13, (n * 7919 % 100000) / 100.0,"
          + " 'paid in cash, receipt ' || left(md5(n::text), 12)"
          + " || ', to be fetched on the next day at the counter', '2026-01-01'::timestamptz"
          + " + n * interval '3 seconds' FROM generate_series(1::bigint, "
          + ROWS_A_MEGABYTE * (long) megabytes
          + ") n");
      statement.execute("VACUUM ANALYZE sale");
    }
  }

  static String size(DataSource database) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet size = statement.executeQuery(
            "SELECT pg_table_size('sale') >> 20, current_setting('server_version')")) {
      size.next();
      return size.getLong(1) + " MiB in a table of PostgreSQL " + size.getString(2);
    }
  }
}
