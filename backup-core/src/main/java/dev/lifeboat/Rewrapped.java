package dev.lifeboat;

import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.Text;
import java.util.Objects;

/**
 * What {@link Backups#rewrap} did to one backup, or to the tombstone that a deleted one left.
 *
 * @param id of the backup
 * @param tombstone whether it is gone, and this is about its tombstone
 * @param outcome what was done
 * @param why why it was not done; empty if it was
 */
public record Rewrapped(BackupId id, boolean tombstone, Outcome outcome, String why) {
  public Rewrapped {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(outcome, "outcome");
    Objects.requireNonNull(why, "why");
  }

  /** What was done. */
  public enum Outcome {
    /** It opens for the new readers, and for no other. */
    REWRAPPED,
    /** It did so before. */
    ALREADY,
    /** It is none of those that are changed: nothing proves who wrote it, or nothing that is configured opens it. */
    SKIPPED,
    /** It should have been changed, and may still open for the old readers. */
    FAILED
  }

  /** On one line, whatever it quotes. */
  @Override
  public String toString() {
    return Text.shown(this);
  }
}
