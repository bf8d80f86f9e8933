package dev.lifeboat.storage.local;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A small real file system, mounted for a test; tests that need one are skipped where this process may not mount. */
final class Tmpfs implements AutoCloseable {
  private final Path at;

  private Tmpfs(Path at) {
    this.at = at;
  }

  static Tmpfs at(Path directory, String options) throws IOException, InterruptedException {
    boolean mounted = run("mount", "-t", "tmpfs", "-o", options, "tmpfs", directory.toString());
    assumeTrue(mounted, "this process may not mount");
    return new Tmpfs(directory);
  }

  void remount(String options) throws IOException, InterruptedException {
    assumeTrue(run("mount", "-o", "remount," + options, at.toString()), "cannot remount");
  }

  @Override
  public void close() throws IOException {
    try {
      if (!run("umount", at.toString())) {
        throw new IOException("cannot unmount " + at);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean run(String... command) throws IOException, InterruptedException {
    Process process;
    try {
      process = new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start();
    } catch (IOException e) {
      return false;
    }
    return process.waitFor(30, TimeUnit.SECONDS) && process.exitValue() == 0;
  }
}
