package dev.lifeboat.examples.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The first 64 MiB that a JVM seals and opens, in new JVMs over and over, without the warm-up, beside it and after it:
 * {@code ColdSealing <rounds>}. Prints medians. Until the JVM has compiled what encrypts, it does 80 MB/s.
 */
public final class ColdSealing {
  private static final PrintStream OUT = System.out;

  private ColdSealing() {}

  /** See the class. */
  public static void main(String[] args) throws IOException, InterruptedException {
    int rounds = Integer.parseInt(args[0]);
    Path directory = Work.directory();
    try {
      ColdJob.prepare(directory);
      OUT.printf("the first 64 MiB of a JVM, %d rounds, %s%n", rounds, Work.conditions());
      List<Lane> lanes = Stream.of("seal", "open")
          .flatMap(what -> Stream.of("cold", "beside", "before")
              .map(warmUp -> new Lane(what, warmUp, new Times(rounds))))
          .toList();
      for (int round = 0; round < rounds; round++) {
        for (Lane lane : lanes) {
          lane.times().set(round, run(directory, lane));
        }
      }
      for (Lane lane : lanes) {
        OUT.printf(
            "%s, %-24s median %6d ms   all %s%n",
            lane.what(),
            lane.warmUp().equals("cold") ? "no warm-up" : "warm-up " + lane.warmUp(),
            lane.times().median(),
            lane.times());
      }
      OUT.println("at the end: " + Work.conditions());
    } finally {
      Work.delete(directory);
    }
  }

  /** What a new JVM does, and the times it took. */
  private record Lane(String what, String warmUp, Times times) {}

  private static long run(Path directory, Lane lane) throws IOException, InterruptedException {
    String printed = Commands.java(
        List.of("-Xmx256m"), ColdJob.class, directory.toString(), lane.what(), lane.warmUp());
    return Long.parseLong(printed.trim());
  }
}
