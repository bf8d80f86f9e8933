package dev.lifeboat;

import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.Text;
import java.util.Objects;
import java.util.Optional;

/**
 * What {@link Backups#reencrypt} did to one backup.
 *
 * @param id of the backup
 * @param copy that has its content now, under another data key, if there is one
 * @param outcome what was done
 * @param why why it was not done; empty if it was
 */
public record Reencrypted(BackupId id, Optional<BackupId> copy, Outcome outcome, String why) {
  public Reencrypted {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(copy, "copy");
    Objects.requireNonNull(outcome, "outcome");
    Objects.requireNonNull(why, "why");
  }

  /** What was done. */
  public enum Outcome {
    /** Its copy is proven and counts, and it is deleted. */
    REENCRYPTED,
    /** An earlier call made it, for exactly the readers that are configured. */
    ALREADY,
    /** It is none of those that are written anew: nothing proves who wrote it, nothing that is configured opens it, or it is damaged. */
    SKIPPED,
    /** It should have been replaced, and is still there. */
    FAILED
  }

  /** On one line, whatever it quotes. */
  @Override
  public String toString() {
    return Text.shown(this);
  }
}
