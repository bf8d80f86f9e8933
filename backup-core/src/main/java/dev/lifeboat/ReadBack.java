package dev.lifeboat;

import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.Depth;
import dev.lifeboat.catalog.Manifest;
import dev.lifeboat.catalog.Proof;
import dev.lifeboat.catalog.Reason;
import dev.lifeboat.catalog.State;
import dev.lifeboat.layout.Shelf;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What a sink does not attest and may lie unread for a while: who may leave it so, and who reads it when the time has come. */
final class ReadBack {
  private final Series series;
  private final Announcer announcer;

  ReadBack(Series series, Announcer announcer) {
    this.series = series;
    this.announcer = announcer;
  }

  /**
   * How long a new backup may lie unread; empty if it may not. What is the only way back must be proven before it is
   * needed; and what this host cannot prove to be its own it will not read later.
   */
  static Optional<Duration> within(Series series, Reason reason) {
    return isWayBack(reason) || !series.canProve()
        ? Optional.empty()
        : series.shelf().readBackWithin();
  }

  /** Whether a migration or a restore waits for it: then what is due can wait. */
  static boolean isWayBack(Reason reason) {
    return reason.equals(Reason.PRE_RESTORE) || reason.equals(Reason.PRE_MIGRATION);
  }

  /** The proof that a backup has by its making, if it was read back. */
  static List<Proof> proofs(Shelf shelf, Manifest manifest) {
    return manifest.readBackBy().isPresent()
        ? List.of()
        : List.of(new Proof(
            manifest.id().time().plus(manifest.took()),
            Depth.CONTENT,
            shelf.description(),
            manifest.took()));
  }

  /**
   * Reads what is due. What is wrong is marked, and told: it must not keep newer backups from being made.
   *
   * @return whether anything was read
   * @throws BackupException if it was interrupted
   */
  boolean catchUp(Catalogue.View view) {
    Instant now = series.clock().instant();
    List<Backup> due = view.backups().stream()
        .filter(backup ->
            backup.manifest().readBackBy().filter(by -> isDue(backup, by, now)).isPresent())
        .toList();
    due.forEach(this::read);
    return !due.isEmpty();
  }

  /** Whether it should have been read by then, and was not. */
  static boolean isDue(Backup backup, Instant by, Instant now) {
    return !backup.isProven()
        && backup.untrusted().isEmpty()
        && backup.state() != State.DAMAGED // found when it was read
        && by.isBefore(now);
  }

  private void read(Backup backup) {
    try {
      new Verification(series, announcer, backup.id()).verify(Depth.STORED);
    } catch (BackupException e) {
      if (e.kind() == BackupException.Kind.INTERRUPTED) {
        throw e;
      }
      announcer.warned(
          backup.id().toString(), "it was to be read back, and is not proven: " + Words.of(e));
    }
  }
}
