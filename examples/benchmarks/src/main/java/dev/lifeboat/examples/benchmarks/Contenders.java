package dev.lifeboat.examples.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Who runs against whom. */
final class Contenders {
  private Contenders() {}

  /** What a careful administrator would write: the online backup, then zstd on all cores. Nothing is checked or synced. */
  static Contender sqliteAndZstd() {
    return new Contender() {
      @Override
      public String name() {
        return "sqlite3 .backup, zstd -3 -T0";
      }

      @Override
      public Cost run(Path database, Path directory) throws IOException, InterruptedException {
        Path copy = copy(database, directory);
        Commands.run("zstd", "-3", "-T0", "-q", "--rm", copy.toString());
        return new Cost(Files.size(directory.resolve("copy.db.zst")), 0);
      }
    };
  }

  /** The same, piped through age for a recipient. Nothing in clear is left but the copy, which is deleted. */
  static Contender sqliteZstdAndAge() {
    return new Contender() {
      @Override
      public String name() {
        return "sqlite3 .backup, zstd, age";
      }

      @Override
      public Cost run(Path database, Path directory) throws IOException, InterruptedException {
        Path copy = copy(database, directory);
        Path key = directory.resolve("age.key");
        Path sealed = directory.resolve("copy.db.zst.age");
        Commands.run("age-keygen", "-o", key.toString());
        String recipient = Commands.run("age-keygen", "-y", key.toString()).trim();
        Commands.pipe(List.of(
            List.of("zstd", "-3", "-T0", "-q", "-c", copy.toString()),
            List.of("age", "-r", recipient, "-o", sealed.toString())));
        Files.delete(copy);
        return new Cost(Files.size(sealed), 0);
      }
    };
  }

  private static Path copy(Path database, Path directory) throws IOException, InterruptedException {
    Path copy = directory.resolve("copy.db");
    Commands.run("sqlite3", database.toString(), ".timeout 60000", ".backup '" + copy + "'");
    return copy;
  }

  /**
   * Lifeboat in a JVM of its own.
   *
   * @param profile core or all
   * @param encrypted with a key that is ready
   */
  static Contender lifeboat(String profile, boolean encrypted) {
    return new Contender() {
      @Override
      public String name() {
        return "lifeboat, " + profile + (encrypted ? ", encrypted (key)" : "");
      }

      @Override
      public Cost run(Path database, Path directory) throws IOException, InterruptedException {
        return costOf(
            Job.class,
            database.toString(),
            directory.toString(),
            profile,
            encrypted ? "key" : "clear");
      }
    };
  }

  /** Of a job in a JVM of its own with a small heap, which prints the bytes it stored and its peak. */
  static Contender.Cost costOf(Class<?> job, String... arguments)
      throws IOException, InterruptedException {
    String printed = Commands.java(
            List.of("-Xmx128m", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"), job, arguments)
        .trim();
    int space = printed.indexOf(' ');
    return new Contender.Cost(
        Long.parseLong(printed.substring(0, space)), Long.parseLong(printed.substring(space + 1)));
  }
}
