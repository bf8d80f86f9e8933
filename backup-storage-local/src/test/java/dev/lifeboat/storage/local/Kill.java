package dev.lifeboat.storage.local;

import dev.lifeboat.testkit.DiskCall;
import dev.lifeboat.testkit.Watcher;
import java.io.IOException;

/** A process that dies before its n-th change of the disk: none of its calls has an effect from then on. */
final class Kill implements Watcher {
  private static final class Killed extends Error {
    private static final long serialVersionUID = 1;
  }

  private final int nth;
  private int changes;

  Kill(int nth) {
    this.nth = nth;
  }

  @Override
  public <T> T call(DiskCall call, Effect<T> effect) throws IOException {
    if (isDead(call)) {
      throw new Killed();
    }
    return effect.run();
  }

  private synchronized boolean isDead(DiskCall call) {
    switch (call.operation()) {
      case WRITE, TRUNCATE, FORCE, CREATE_DIRECTORY, CREATE_LINK, MOVE, DELETE, SET_ATTRIBUTE ->
        changes++;
      case OPEN -> changes += call.opensForWriting() ? 1 : 0;
      default -> {}
    }
    return changes >= nth;
  }

  /** Whether what it does is ended by death. */
  boolean ends(Runnable process) {
    try {
      process.run();
    } catch (Killed e) {
      return true;
    }
    return changes >= nth;
  }
}
