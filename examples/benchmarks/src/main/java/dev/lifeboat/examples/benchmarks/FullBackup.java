package dev.lifeboat.examples.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
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
      Lane base = new Lane(Contenders.sqliteAndZstd(), new Times(rounds));
      Lane clear = new Lane(Contenders.lifeboat("core", false), new Times(rounds));
      Lane encrypted = new Lane(Contenders.lifeboat("core", true), new Times(rounds));
      List<Lane> lanes = new ArrayList<>(List.of(
          base,
          clear,
          encrypted,
          new Lane(Contenders.lifeboat("all", false), new Times(rounds)),
          new Lane(Contenders.lifeboat("all", true), new Times(rounds))));
      if (Commands.has("age")) {
        lanes.add(1, new Lane(Contenders.sqliteZstdAndAge(), new Times(rounds)));
      } else {
        OUT.println(
            "SKIPPED: the contender with age, which is not installed (Debian: apt-get install age)");
      }
      for (int round = 0; round < rounds; round++) {
        List<Lane> order = new ArrayList<>(lanes);
        if (round % 2 == 1) {
          Collections.reverse(order);
        }
        for (Lane lane : order) {
          Path place = directory.resolve("round");
          lane.times().set(round, time(lane.contender(), database, place, round == 0));
        }
      }
      lanes.forEach(lane -> print(lane, base));
      OUT.println("encrypted core to core in clear: " + encrypted.times().ratioTo(clear.times()));
      busy(database, directory.resolve("busy"));
      OUT.println("at the end: " + Work.conditions());
    } finally {
      Work.delete(directory);
    }
  }

  private static long time(Contender contender, Path database, Path directory, boolean first)
      throws IOException, InterruptedException {
    Files.createDirectories(directory);
    long begin = System.nanoTime();
    Contender.Cost cost = contender.run(database, directory);
    long millis = Duration.ofNanos(System.nanoTime() - begin).toMillis();
    if (first) {
      OUT.printf(
          "%-32s stores %d MiB%s%n",
          contender.name(),
          cost.stored() >> 20,
          cost.peakKilobytes() > 0
              ? ", peak resident " + (cost.peakKilobytes() >> 10) + " MiB at -Xmx128m"
              : "");
    }
    Work.delete(directory);
    return millis;
  }

  /** A contender and the times it took. */
  private record Lane(Contender contender, Times times) {}

  private static void print(Lane lane, Lane base) {
    OUT.printf(
        "%-32s median %6d ms   ratio %s   all %s%n",
        lane.contender().name(),
        lane.times().median(),
        lane.times().ratioTo(base.times()),
        lane.times());
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
