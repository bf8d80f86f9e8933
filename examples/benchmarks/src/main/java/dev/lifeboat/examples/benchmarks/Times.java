package dev.lifeboat.examples.benchmarks;

import java.util.Arrays;
import java.util.stream.IntStream;

/** How many milliseconds each round took. */
final class Times {
  private final long[] millis;

  Times(int rounds) {
    this.millis = new long[rounds];
  }

  void set(int round, long took) {
    millis[round] = took;
  }

  long median() {
    return Math.round(median(Arrays.stream(millis).asDoubleStream().sorted().toArray()));
  }

  /** The ratios to what another took in the same rounds: their median, and the least and the greatest. */
  String ratioTo(Times base) {
    double[] ratios = IntStream.range(0, millis.length)
        .mapToDouble(round -> (double) millis[round] / base.millis[round])
        .sorted()
        .toArray();
    return String.format("%.2f [%.2f-%.2f]", median(ratios), ratios[0], ratios[ratios.length - 1]);
  }

  private static double median(double[] sorted) {
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /** All of them, in order. */
  @Override
  public String toString() {
    return Arrays.toString(millis);
  }
}
