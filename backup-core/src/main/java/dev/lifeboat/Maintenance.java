package dev.lifeboat;

import dev.lifeboat.BackupException.Kind;
import dev.lifeboat.catalog.BackupId;

/** The host's maintenance gate, if it has one, around one restore. */
final class Maintenance {
  private final Series series;
  private final Announcer announcer;
  private final BackupId id;

  Maintenance(Series series, Announcer announcer, BackupId id) {
    this.series = series;
    this.announcer = announcer;
    this.id = id;
  }

  /** Before anything live is touched. */
  void enter() {
    if (series.maintenance().isPresent()) {
      try {
        series.maintenance().get().shut("restore " + series.name() + " " + id);
      } catch (Exception e) {
        throw new BackupException(
            Words.kind(e, Kind.HOOK),
            "Cannot restore " + id + " of " + series.subject()
                + ": maintenance could not be entered: " + Words.of(e) + ". "
                + Preflight.UNTOUCHED,
            e);
      }
    }
  }

  /** After all was well. */
  void leave() {
    Interrupts.shield(() -> {
      if (series.maintenance().isPresent()) {
        try {
          series.maintenance().get().reopen();
        } catch (Exception e) {
          throw new BackupException(
              Kind.HOOK,
              "Backup " + id + " of " + series.subject()
                  + " is restored, but maintenance could not be left: " + Words.of(e)
                  + ". Leave it by hand.",
              e);
        }
      }
    });
  }

  /** After a failure: what goes wrong here only adds to that. */
  void leaveAfter(Throwable failure) {
    try {
      leave();
    } catch (BackupException | Error e) {
      failure.addSuppressed(e);
      Throwable cause = e.getCause() != null ? e.getCause() : e;
      announcer.warned(
          "maintenance", "could not be left: " + Words.of(cause) + "; leave it by hand");
    }
  }
}
