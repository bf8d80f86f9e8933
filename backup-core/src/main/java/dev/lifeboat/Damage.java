package dev.lifeboat;

import dev.lifeboat.catalog.BackupId;
import java.io.IOException;
import java.util.List;

/** What was found wrong with a backup, kept beside it: from then on it does not count. */
final class Damage {
  private final Series series;
  private final Announcer announcer;
  private final BackupId id;

  Damage(Series series, Announcer announcer, BackupId id) {
    this.series = series;
    this.announcer = announcer;
    this.id = id;
  }

  /**
   * Puts a mark, and removes those of earlier findings: however often it is found, one is enough.
   *
   * @return whether it could be marked
   */
  boolean mark(String why) {
    try {
      List<CatalogEntry.MarkObject> earlier = marks(Mark.Kind.DAMAGE);
      series
          .records()
          .put(Mark.of(
              Mark.Kind.DAMAGE, id, series.name(), series.clock().instant(), series.by(), why));
      drop(earlier);
      return true;
    } catch (IOException e) {
      announcer.warned(id.toString(), "its damage could not be marked: " + Words.of(e));
      return false;
    }
  }

  List<CatalogEntry.MarkObject> marks(Mark.Kind kind) throws IOException {
    return series.records().marks(id).stream()
        .filter(mark -> mark.kind() == kind)
        .toList();
  }

  /** Takes marks back that are out of date. */
  void drop(List<CatalogEntry.MarkObject> marks) {
    for (CatalogEntry.MarkObject mark : marks) {
      try {
        series.shelf().delete(mark.stored().name());
      } catch (IOException e) {
        announcer.warned(
            id.toString(),
            mark.stored().name() + " is out of date and could not be removed: " + Words.of(e));
      }
    }
  }
}
