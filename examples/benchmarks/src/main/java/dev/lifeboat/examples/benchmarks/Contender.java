package dev.lifeboat.examples.benchmarks;

import java.io.IOException;
import java.nio.file.Path;

/** Somebody who makes a full backup of a database into a directory. */
interface Contender {
  String name();

  /** Makes it, and says what it cost besides the time. */
  Cost run(Path database, Path directory) throws IOException, InterruptedException;

  /** Bytes stored, and the peak of resident memory in kilobytes where that is known. */
  record Cost(long stored, long peakKilobytes) {}
}
