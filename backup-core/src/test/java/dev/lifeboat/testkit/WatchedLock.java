package dev.lifeboat.testkit;

import java.io.IOException;
import java.nio.channels.FileLock;

/** A lock that a watched channel holds. */
final class WatchedLock extends FileLock {
  private final FileLock behind;

  WatchedLock(WatchedChannel channel, FileLock behind) {
    super(channel, behind.position(), behind.size(), behind.isShared());
    this.behind = behind;
  }

  @Override
  public boolean isValid() {
    return behind.isValid();
  }

  @Override
  public void release() throws IOException {
    ((WatchedChannel) channel()).release(behind);
  }
}
