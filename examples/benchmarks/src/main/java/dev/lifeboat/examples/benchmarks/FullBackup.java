package dev.lifeboat.examples.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * A full backup of a WAL database, by each contender in turn, over and over; then once by Lifeboat while a writer is
 * busy: {@code FullBackup <megabytes> <rounds>}. Prints medians, and each as a ratio to the first contender in the same
 * round.
 */
public final class FullBackup {
  private static final PrintStream OUT = System.out;

  private FullBackup() {}

  /** See the class. */
  public static void main(String[] args) throws IOException, InterruptedException, SQLException {
    long megabytes = Long.parseLong(args[0]);
    int rounds = Integer.parseInt(args[1]);
    Path directory =
        Files.createTempDirectory(Files.createDirectories(Path.of("target")), "benchmark-");
    try {
      Path database = directory.resolve("sales.db");
      PointOfSale.create(database, megabytes << 20);
      OUT.printf(
          "%d MiB WAL database, %d rounds, Java %s%n",
          Files.size(database) >> 20, rounds, Runtime.version());
      List<Lane> lanes = Stream.of(
              Contenders.sqliteAndZstd(), Contenders.lifeboat("core"), Contenders.lifeboat("all"))
          .map(contender -> new Lane(contender, new long[rounds]))
          .toList();
      for (int round = 0; round < rounds; round++) {
        for (Lane lane : lanes) {
          lane.millis()[round] =
              time(lane.contender(), database, directory.resolve("round"), round == 0);
        }
      }
      lanes.forEach(lane -> print(lane, lanes.get(0)));
      busy(database, directory.resolve("busy"));
    } finally {
      delete(directory);
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
          "%-30s stores %d MiB%s%n",
          contender.name(),
          cost.stored() >> 20,
          cost.peakKilobytes() > 0
              ? ", peak resident " + (cost.peakKilobytes() >> 10) + " MiB at -Xmx128m"
              : "");
    }
    delete(directory);
    return millis;
  }

  /** A contender and the times it took. */
  @SuppressWarnings("ArrayRecordComponent") // filled as the rounds go by, compared by nobody
  private record Lane(Contender contender, long[] millis) {}

  private static void print(Lane lane, Lane base) {
    double[] ratios = new double[lane.millis().length];
    Arrays.setAll(ratios, round -> (double) lane.millis()[round] / base.millis()[round]);
    Arrays.sort(ratios);
    OUT.printf(
        "%-30s median %6d ms   ratio %.2f [%.2f-%.2f]   all %s%n",
        lane.contender().name(),
        LongStream.of(lane.millis()).sorted().toArray()[lane.millis().length / 2],
        ratios[ratios.length / 2],
        ratios[0],
        ratios[ratios.length - 1],
        Arrays.toString(lane.millis()));
  }

  private static void busy(Path database, Path directory)
      throws IOException, InterruptedException, SQLException {
    try (BusyWriter writer = new BusyWriter(database)) {
      Thread.sleep(3000);
      BusyWriter.Tally idle = writer.tally();
      long begin = System.nanoTime();
      Files.createDirectories(directory);
      Contenders.lifeboat("all").run(database, directory);
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

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> tree = Files.walk(directory)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
