package dev.lifeboat.testkit;

import java.nio.file.Path;
import java.util.Objects;

/**
 * A file system in front of any other, which tells a {@link Watcher} of every call.
 *
 * <pre>{@code
 * Path directory = WatchedDisk.over(temp, new Watcher() {
 *   public <T> T call(DiskCall call, Effect<T> effect) throws IOException {
 *     if (call.operation() == Operation.FORCE) {
 *       throw new IOException("Input/output error");
 *     }
 *     return effect.run();
 *   }
 * });
 * }</pre>
 *
 * <p>A directory is synced by opening it for reading and forcing that channel; where the file system behind cannot open
 * one, the watched disk answers with a channel of its own. Mapping a file into memory, asynchronous channels and watch
 * services are not supported, for they could not be watched. Everything else does what the file system behind does.
 */
public final class WatchedDisk {
  private WatchedDisk() {}

  /** This path as seen through a watched disk of its own, with all that can be reached from it. */
  public static Path over(Path path, Watcher watcher) {
    Objects.requireNonNull(watcher, "watcher");
    return new WatchedFileSystem(path.getFileSystem(), watcher).watched(path);
  }

  /** This path on a disk that forces nothing, for tests that cut no power: they are much faster. */
  public static Path unforced(Path path) {
    return over(path, new Unforced());
  }

  /**
   * The same file on the disk behind, where nobody watches.
   *
   * @throws java.nio.file.ProviderMismatchException if it is not a path of a watched disk
   */
  public static Path behind(Path watched) {
    return WatchedPath.of(watched).behind();
  }
}
