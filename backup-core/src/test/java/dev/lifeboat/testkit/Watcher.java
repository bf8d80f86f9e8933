package dev.lifeboat.testkit;

import java.io.IOException;

/** Is told of every call to a {@link WatchedDisk}, and decides what becomes of it. Called by whatever thread calls. */
public interface Watcher {
  /**
   * Runs the effect and gives back what it gives; or throws instead, or afterwards.
   *
   * @throws IOException that of the effect or its own: whoever called the disk sees it
   */
  <T> T call(DiskCall call, Effect<T> effect) throws IOException;

  /** What the call does to the disk behind. */
  @FunctionalInterface
  interface Effect<T> {
    /** Does it. */
    T run() throws IOException;
  }
}
