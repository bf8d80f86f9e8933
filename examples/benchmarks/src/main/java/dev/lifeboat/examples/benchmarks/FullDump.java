package dev.lifeboat.examples.benchmarks;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * A full backup of a PostgreSQL 15 database, by the machine's {@code pg_dump} in several ways and by Lifeboat, encrypted and
 * checked: {@code FullDump <megabytes> <rounds>}. The first contender is the limit: what the server gives, thrown away.
 */
public final class FullDump {
  private static final PrintStream OUT = System.out;

  private FullDump() {}

  /** See the class. */
  public static void main(String[] args) throws IOException, InterruptedException, SQLException {
    int megabytes = Integer.parseInt(args[0]);
    int rounds = Integer.parseInt(args[1]);
    Path directory = Work.directory();
    try (EmbeddedPostgres server = Sales.server(directory)) {
      Sales.fill(server.getPostgresDatabase(), megabytes);
      String url = server.getJdbcUrl("postgres", "postgres");
      List<String> dump = List.of(
          "pg_dump", "-h", "127.0.0.1", "-p", "" + server.getPort(), "-U", "postgres", "-w");
      OUT.printf(
          "%s, %d rounds, %s%n",
          Sales.size(server.getPostgresDatabase()), rounds, Work.conditions());
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
