package dev.lifeboat.examples.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A full backup of a WAL database, by each contender in turn, over and over, in one order and then in the other; then once
 * by Lifeboat while a writer is busy: {@code FullBackup <megabytes> <rounds>}. Prints medians, each as a ratio to the first
 * contender in the same round, and what encryption costs.
 */
public final class FullBackup {
  private static final PrintStream OUT = System.out;

  private FullBackup() {}

  /** See the class. */
  public static void main(String[] args) throws IOException, InterruptedException, SQLException {
    long megabytes = Long.parseLong(args[0]);
    int rounds = Integer.parseInt(args[1]);
    Path directory = Work.directory();
    try {
      Path database = directory.resolve("sales.db");
      PointOfSale.create(database, megabytes << 20);
      OUT.printf(
          "%d MiB WAL database, %d rounds, %s%n",
          Files.size(database) >> 20, rounds, Work.conditions());
      Contender clear = Contenders.lifeboat("core", false);
      Contender encrypted = Contenders.lifeboat("core", true);
      List<Contender> contenders = new ArrayList<>(List.of(
          Contenders.sqliteAndZstd(),
          clear,
          encrypted,
          Contenders.lifeboat("all", false),
          Contenders.lifeboat("all", true)));
      if (Commands.has("age")) {
        contenders.add(1, Contenders.sqliteZstdAndAge());
      } else {
        OUT.println(
            "SKIPPED: the contender with age, which is not installed (Debian: apt-get install age)");
      }
      Race race = new Race(OUT, rounds, contenders, () -> {});
      race.run(database, directory.resolve("round"));
      OUT.println("encrypted core to core in clear: " + race.ratio(encrypted, clear));
      busy(database, directory.resolve("busy"));
      OUT.println("at the end: " + Work.conditions());
    } finally {
      Work.delete(directory);
    }
  }

  private static void busy(Path database, Path directory)
      throws IOException, InterruptedException, SQLException {
    try (BusyWriter writer = new BusyWriter(database)) {
      Thread.sleep(3000);
      BusyWriter.Tally idle = writer.tally();
      long begin = System.nanoTime();
      Files.createDirectories(directory);
      Contenders.lifeboat("all", false).run(database, directory);
      long millis = Duration.ofNanos(System.nanoTime() - begin).toMillis();
      BusyWriter.Tally during = writer.tally();
      OUT.printf(
          "under a writer: %d ms; it committed %d times a second (idle: %d), the longest took %d ms (idle: %d)%n",
          millis,
          during.commits() * 1000 / millis,
          idle.commits() / 3,
          during.longestMillis(),
          idle.longestMillis());
    }
  }
}
