package dev.lifeboat.examples.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Contenders in turn, over and over, in one order and then in the other. The first one is what the others are held against. */
final class Race {
  /** What is to be cleared away after each run, and takes no part of its time. */
  interface Sweeper {
    void sweep() throws IOException;
  }

  private final PrintStream out;
  private final int rounds;
  private final List<Lane> lanes;
  private final Sweeper sweeper;

  Race(PrintStream out, int rounds, List<Contender> contenders, Sweeper sweeper) {
    this.out = out;
    this.rounds = rounds;
    this.lanes =
        contenders.stream().map(one -> new Lane(one, new Times(rounds))).toList();
    this.sweeper = sweeper;
  }

  /** A contender and the times it took. */
  private record Lane(Contender contender, Times times) {}

  /** Runs it, and prints medians and ratios. */
  void run(Path what, Path place) throws IOException, InterruptedException {
    for (int round = 0; round < rounds; round++) {
      List<Lane> order = new ArrayList<>(lanes);
      if (round % 2 == 1) {
        Collections.reverse(order);
      }
      for (Lane lane : order) {
        lane.times().set(round, time(lane.contender(), what, place, round == 0));
      }
    }
    lanes.forEach(this::print);
  }

  private long time(Contender contender, Path what, Path place, boolean first)
      throws IOException, InterruptedException {
    Files.createDirectories(place);
    long begin = System.nanoTime();
    Contender.Cost cost = contender.run(what, place);
    long millis = Duration.ofNanos(System.nanoTime() - begin).toMillis();
    if (first) {
      out.printf(
          "%-32s stores %d MiB%s%n",
          contender.name(),
          cost.stored() >> 20,
          cost.peakKilobytes() > 0
              ? ", peak resident " + (cost.peakKilobytes() >> 10) + " MiB at -Xmx128m"
              : "");
    }
    Work.delete(place);
    sweeper.sweep();
    return millis;
  }

  private void print(Lane lane) {
    out.printf(
        "%-32s median %6d ms   ratio %s   all %s%n",
        lane.contender().name(),
        lane.times().median(),
        lane.times().ratioTo(lanes.get(0).times()),
        lane.times());
  }

  /** How much longer one took than another. */
  String ratio(Contender one, Contender to) {
    return times(one).ratioTo(times(to));
  }

  private Times times(Contender contender) {
    return lanes.stream()
        .filter(lane -> lane.contender().equals(contender))
        .findFirst()
        .orElseThrow()
        .times();
  }
}
