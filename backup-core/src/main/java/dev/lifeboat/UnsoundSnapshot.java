package dev.lifeboat;

import dev.lifeboat.source.Facts;
import dev.lifeboat.source.Snapshot;
import dev.lifeboat.source.UnprovenException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.OptionalLong;
import java.util.function.LongConsumer;

/**
 * A snapshot of what a restore is about to replace: it is kept even if it is not sound, for that may be why it is
 * replaced. What is wrong with it is a gap, so that the backup is incomplete and never counted on.
 */
final class UnsoundSnapshot implements Snapshot {
  private final Snapshot snapshot;

  UnsoundSnapshot(Snapshot snapshot) {
    this.snapshot = snapshot;
  }

  @Override
  public Facts examine() throws IOException {
    try {
      return snapshot.examine();
    } catch (UnprovenException e) {
      Facts facts = Facts.NONE;
      for (String finding : e.findings()) {
        facts = facts.gap("not sound: " + finding);
      }
      return facts;
    }
  }

  @Override
  public void capture(LongConsumer progress) throws IOException {
    snapshot.capture(progress);
  }

  @Override
  public OptionalLong estimate() {
    return snapshot.estimate();
  }

  @Override
  public Facts writeTo(OutputStream out) throws IOException {
    return snapshot.writeTo(out);
  }

  @Override
  public void close() throws IOException {
    snapshot.close();
  }
}
