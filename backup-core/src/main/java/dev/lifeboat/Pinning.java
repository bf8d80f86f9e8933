package dev.lifeboat;

import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.Pin;
import dev.lifeboat.sink.ObjectName;
import java.io.IOException;
import java.util.List;
import java.util.Objects;

/** Sets pins and takes them back. */
final class Pinning {
  private final Series series;
  private final Announcer announcer;

  Pinning(Series series, Announcer announcer) {
    this.series = series;
    this.announcer = announcer;
  }

  Pin pin(BackupId id, String why) {
    require(id, "pin");
    Mark mark =
        Mark.of(Mark.Kind.PIN, id, series.name(), series.clock().instant(), series.by(), why);
    try {
      ObjectName name = series.records().put(mark);
      requireNotDeletedMeanwhile(id, name);
      return mark.toPin();
    } catch (IOException e) {
      throw series.sinkFailure(
          "pin " + id + " of", e, "It may or may not be pinned; pin it again.");
    }
  }

  /** A prune on another host looks for pins once its tombstone is there: one of us sees the other. */
  private void requireNotDeletedMeanwhile(BackupId id, ObjectName pin) {
    try {
      series.requireNotDeletedMeanwhile(id, "pin", "It is not pinned.");
    } catch (BackupException e) {
      try {
        series.shelf().delete(pin);
      } catch (IOException left) {
        e.addSuppressed(left); // a later prune removes it
      }
      throw e;
    }
  }

  /** How many were taken. */
  int unpin(BackupId id) {
    CatalogEntry entry = require(id, "unpin");
    List<CatalogEntry.MarkObject> pins = entry.marks(Mark.Kind.PIN);
    try {
      for (CatalogEntry.MarkObject pin : pins) {
        series.shelf().delete(pin.stored().name());
      }
      return pins.size();
    } catch (IOException e) {
      throw series.sinkFailure("unpin " + id + " of", e, "It may still be pinned.");
    }
  }

  private CatalogEntry require(BackupId id, String verb) {
    Catalogue.View view = Catalogue.of(series, verb + " " + id + " of", announcer);
    view.require(id, verb, series.subject());
    return Objects.requireNonNull(view.entries().get(id));
  }
}
