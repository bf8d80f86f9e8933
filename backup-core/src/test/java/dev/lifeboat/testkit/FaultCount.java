package dev.lifeboat.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How many faults a test has tried, told in a file of its own, so that the figures of one run can be laid side by side:
 * {@code cat target/faults/*} beneath each module.
 */
public final class FaultCount {
  private static final Path DIRECTORY = Path.of("target", "faults");

  private FaultCount() {}

  /**
   * Notes that {@code test} has tried {@code count} faults of this kind; a later call for the same two replaces it.
   *
   * @param fault a few plain words, say {@code the n-th call of the sink fails}
   * @throws UncheckedIOException if it cannot be written
   */
  public static void tried(Class<?> test, String fault, long count) {
    String file = test.getSimpleName() + "-" + fault.replaceAll("[^A-Za-z0-9]+", "-");
    String line = String.join("\t", test.getSimpleName(), fault, Long.toString(count)) + "\n";
    try {
      Files.writeString(Files.createDirectories(DIRECTORY).resolve(file), line);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
