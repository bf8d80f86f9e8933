package dev.lifeboat.testkit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * A small real file system in memory, mounted for a test on Linux, which can be full or read-only.
 *
 * <pre>{@code
 * try (Tmpfs disk = Tmpfs.at(directory, "size=1m")) {
 *   disk.leaveFree(4096);
 *   ...
 * }
 * }</pre>
 *
 * <p>Where this process may not mount, the test is skipped; but it fails if the environment says {@code CI}, where a test
 * that is skipped would be missed by nobody.
 */
public final class Tmpfs implements AutoCloseable {
  private static final String FILLER = ".filler";

  private final Path at;

  private Tmpfs(Path at) {
    this.at = at;
  }

  /**
   * Mounts one over a directory.
   *
   * @param options of the mount: {@code "size=1m"}
   * @throws IOException if that is not possible, and must be
   */
  public static Tmpfs at(Path directory, String options) throws IOException, InterruptedException {
    Objects.requireNonNull(directory, "directory");
    require(
        run("mount", "-t", "tmpfs", "-o", options, "tmpfs", directory.toString()),
        "this process may not mount");
    return new Tmpfs(directory);
  }

  /** Changes options of the mount: {@code "ro"}, {@code "size=2m"}. */
  public void remount(String options) throws IOException, InterruptedException {
    require(run("mount", "-o", "remount," + options, at.toString()), "cannot remount");
  }

  /**
   * Fills it, or makes room, until exactly so many bytes are free. What fills it is a hidden file in its root.
   *
   * @param bytes a multiple of the size of a page, 4096
   * @throws IOException if it has no room for that
   */
  public void leaveFree(long bytes) throws IOException {
    Path filler = at.resolve(FILLER);
    long more = free() - bytes;
    if (more > 0) {
      try (OutputStream out =
          Files.newOutputStream(filler, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
        out.write(new byte[Math.toIntExact(more)]);
      }
    } else {
      try (FileChannel channel = FileChannel.open(filler, StandardOpenOption.WRITE)) {
        channel.truncate(Math.max(0, channel.size() + more));
      } catch (NoSuchFileException e) {
        // then it was never filled
      }
    }
    if (free() != bytes) {
      throw new IOException(at + " has " + free() + " bytes free, and not " + bytes);
    }
  }

  /** Makes all the room again that {@link #leaveFree} has taken. */
  public void empty() throws IOException {
    Files.deleteIfExists(at.resolve(FILLER));
  }

  /** Bytes free. */
  public long free() throws IOException {
    return Files.getFileStore(at).getUsableSpace();
  }

  /** Unmounts it. */
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

  private static void require(boolean done, String otherwise) throws IOException {
    if (!done && System.getenv("CI") != null) {
      throw new IOException(otherwise);
    }
    assumeTrue(done, otherwise);
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
