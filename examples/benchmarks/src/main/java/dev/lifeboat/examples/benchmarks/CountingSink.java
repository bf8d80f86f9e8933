package dev.lifeboat.examples.benchmarks;

import java.io.OutputStream;

/** Takes everything, keeps nothing, and counts. */
final class CountingSink extends OutputStream {
  private long count;

  /** Bytes so far. */
  long count() {
    return count;
  }

  @Override
  public void write(int b) {
    count++;
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    count += length;
  }
}
