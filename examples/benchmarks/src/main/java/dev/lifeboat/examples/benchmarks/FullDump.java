package dev.lifeboat.examples.benchmarks;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * A full backup of a PostgreSQL 15 database, by the machine's {@code pg_dump} in several ways and by Lifeboat, encrypted and
 * checked: {@code FullDump <megabytes> <rounds>}. The first contender is the limit: what the server gives, thrown away.
 */
public final class FullDump {
  private static final PrintStream OUT = System.out;
  private static final int ROWS_A_MEGABYTE = 6500;

  private FullDump() {}

  /** See the class. */
  public static void main(String[] args) throws IOException, InterruptedException, SQLException {
    int megabytes = Integer.parseInt(args[0]);
    int rounds = Integer.parseInt(args[1]);
    Path directory = Work.directory().toAbsolutePath();
    try (EmbeddedPostgres server = EmbeddedPostgres.builder()
        .setOverrideWorkingDirectory(directory.resolve("server").toFile())
        .start()) {
      fill(server, megabytes);
      String url = server.getJdbcUrl("postgres", "postgres");
      List<String> dump = List.of(
          "pg_dump", "-h", "127.0.0.1", "-p", "" + server.getPort(), "-U", "postgres", "-w");
      OUT.printf("%s, %d rounds, %s%n", size(server), rounds, Work.conditions());
      Contender limit = pipe("pg_dump -Fc -Z0 > /dev/null", "/dev/null", with(dump, "-Fc", "-Z0"));
      Contender customary = pipe("pg_dump -Fc", "", with(dump, "-Fc"));
      Contender plain = pipe("pg_dump | gzip -9", "", with(dump, "-Fp"), List.of("gzip", "-9"));
      Contender lifeboat = lifeboat("lifeboat, encrypted", url, "count");
      Race race = new Race(
          OUT,
          rounds,
          List.of(
              limit,
              customary,
              pipe("pg_dump -Fc -Z1", "", with(dump, "-Fc", "-Z1")),
              pipe(
                  "pg_dump -Fc -Z0 | zstd -3 -T0",
                  "",
                  with(dump, "-Fc", "-Z0"),
                  List.of("zstd", "-3", "-T0", "-q", "-c")),
              plain,
              lifeboat,
              lifeboat("lifeboat, rows estimated", url, "estimate")),
          () -> {});
      race.run(directory, directory.resolve("round"));
      OUT.println("lifeboat to pg_dump -Fc: " + race.ratio(lifeboat, customary));
      OUT.println("lifeboat to pg_dump | gzip -9: " + race.ratio(lifeboat, plain));
      OUT.println("at the end: " + Work.conditions());
    } finally {
      Work.delete(directory);
    }
  }

  private static List<String> with(List<String> command, String... more) {
    List<String> all = new ArrayList<>(command);
    all.addAll(List.of(more));
    all.add("postgres");
    return all;
  }

  /** Names, addresses, numbers and times, as shops have them. */
  private static void fill(EmbeddedPostgres server, int megabytes) throws SQLException {
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE sale (id bigint PRIMARY KEY, customer text, product text, price numeric,"
              + " note text, at timestamptz)");
      statement.execute("INSERT INTO sale SELECT n, 'customer ' || n % 99991, 'product ' || n % 997"
          + " || ' of the shelf ' || n % 13, (n * 7919 % 100000) / 100.0,"
          + " 'paid in cash, receipt ' || left(md5(n::text), 12)"
          + " || ', to be fetched on the next day at the counter', '2026-01-01'::timestamptz"
          + " + n * interval '3 seconds' FROM generate_series(1, "
          + ROWS_A_MEGABYTE * (long) megabytes
          + ") n");
      statement.execute("VACUUM ANALYZE sale");
    }
  }

  private static String size(EmbeddedPostgres server) throws SQLException {
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement();
        ResultSet size = statement.executeQuery(
            "SELECT pg_table_size('sale') >> 20, current_setting('server_version')")) {
      size.next();
      return size.getLong(1) + " MiB in a table of PostgreSQL " + size.getString(2);
    }
  }

  /** Commands one after the other, the last one into a file: this one, or one in the round's directory. */
  @SafeVarargs
  private static Contender pipe(String name, String target, List<String>... commands) {
    return new Contender() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public Cost run(Path what, Path directory) throws IOException, InterruptedException {
        Path file = target.isEmpty() ? directory.resolve("dump") : Path.of(target);
        Commands.pipeInto(file, List.of(commands));
        return new Cost(target.isEmpty() ? Files.size(file) : 0, 0);
      }
    };
  }

  private static Contender lifeboat(String name, String url, String rows) {
    return new Contender() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public Cost run(Path what, Path directory) throws IOException, InterruptedException {
        return Contenders.costOf(DumpJob.class, url, directory.toString(), rows);
      }
    };
  }
}
