package dev.lifeboat.sqlite;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;

/** No file that this process writes may become larger; the limit is that of the system ({@code ulimit -f}). */
final class FileSizeLimit implements AutoCloseable {
  private FileSizeLimit() {}

  static FileSizeLimit of(long bytes) throws IOException {
    boolean limited = limit(Long.toString(bytes));
    if (!limited && System.getenv("CI") != null) {
      throw new IOException("this process cannot limit itself");
    }
    assumeTrue(limited, "this process cannot limit itself");
    return new FileSizeLimit();
  }

  @Override
  public void close() throws IOException {
    if (!limit("unlimited")) {
      throw new IOException("the limit stays");
    }
  }

  /** The soft limit alone, or there were no way back. */
  private static boolean limit(String bytes) {
    String own = Long.toString(ProcessHandle.current().pid());
    try {
      Process process = new ProcessBuilder("prlimit", "--pid", own, "--fsize=" + bytes + ":")
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start();
      return process.onExit().join().exitValue() == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
