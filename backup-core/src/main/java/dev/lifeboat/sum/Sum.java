package dev.lifeboat.sum;

import java.util.stream.LongStream;

/** Adds sizes up, of which a manifest may tell any: what is more than a long holds is the largest long. */
public final class Sum {
  private Sum() {}

  /** Of two, neither of them negative. */
  public static long of(long a, long b) {
    return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
  }

  /** Of all, none of them negative; 0 if there is none. */
  public static long of(LongStream sizes) {
    return sizes.reduce(0, Sum::of);
  }
}
