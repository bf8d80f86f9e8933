package dev.lifeboat.testkit;

import dev.lifeboat.testkit.DiskCall.Operation;
import java.io.IOException;

/** Lets everything through but what only a power cut would miss. */
final class Unforced implements Watcher {
  /** All that a force gives is whether it was done. */
  @Override
  @SuppressWarnings({"unchecked", "BooleanLiteral"})
  public <T> T call(DiskCall call, Effect<T> effect) throws IOException {
    return call.operation() == Operation.FORCE ? (T) Boolean.FALSE : effect.run();
  }
}
