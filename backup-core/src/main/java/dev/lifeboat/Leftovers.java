package dev.lifeboat;

import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.sink.ObjectName;
import dev.lifeboat.sink.StoredObject;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Data without a manifest, which a run that did not end has left: removed as soon as nobody can still be writing it. */
final class Leftovers {
  /** What is younger may still be written, or arrive. */
  static final Duration LEAST_AGE = Duration.ofDays(1);

  private final Series series;
  private final Announcer announcer;

  Leftovers(Series series, Announcer announcer) {
    this.series = series;
    this.announcer = announcer;
  }

  /** Settles what this work directory records as begun here: whoever has the turn knows that nobody is writing it. */
  void settle(Catalogue.View view) throws IOException {
    for (BackupId id : begun()) {
      if (isSettled(id, view)) {
        end(id);
      }
    }
  }

  private boolean isSettled(BackupId id, Catalogue.View view) {
    if (view.isUnreadable(id)) {
      announcer.warned(
          id.toString(),
          "an earlier run did not come to its end, and its manifest cannot be read; it is neither"
              + " counted nor removed, forceDelete(id, why) removes it");
      return false;
    } else if (view.holds(id)) {
      announcer.warned(
          id.toString(),
          "an earlier run did not live to see its end; the backup is whole and counts");
      return true;
    } else if (view.isDeleted(id)) {
      return true; // the next prune finishes that
    }
    announcer.warned(
        id.toString(), "an earlier run did not come to its end; what it left is removed");
    CatalogEntry entry = view.entries().get(id);
    try {
      remove(id, entry != null && entry.authentication() != null); // then its manifest comes next
      return true;
    } catch (IOException e) {
      announcer.warned(
          id.toString(), "what an earlier run left could not be removed yet: " + Words.of(e));
      return false; // a store that lets nobody delete must not keep backups from being made
    }
  }

  /**
   * Sweeps what others have left: folders and catalogue entries without a manifest, when their id and their newest object
   * are older than a day and twice the longest backup.
   */
  void sweepOld(Catalogue.View view) throws IOException {
    Instant now = series.clock().instant();
    Duration longest = view.backups().stream()
        .filter(backup -> backup.untrusted().isEmpty() || !series.canProve())
        .map(backup -> backup.manifest().took())
        .max(Duration::compareTo)
        .orElse(Duration.ZERO);
    Duration age =
        longest.multipliedBy(2).compareTo(LEAST_AGE) > 0 ? longest.multipliedBy(2) : LEAST_AGE;
    Instant before = now.minus(age);
    Map<BackupId, Instant> newest = newestObjects();
    Set<BackupId> begun = new HashSet<>(begun());
    Map<BackupId, BackupId> missed = missed(view);
    for (Map.Entry<BackupId, Instant> entry : newest.entrySet()) {
      BackupId id = entry.getKey();
      boolean old = id.time().isBefore(before) && entry.getValue().isBefore(before);
      CatalogEntry inCatalog = view.entries().get(id);
      // also beside a tombstone that this host cannot prove: it may be one of ours all the same
      boolean listed = view.isDeleted(id)
          || (inCatalog != null
              && (inCatalog.manifest() != null
                  || (series.encryption().isPresent()
                      && !inCatalog.marks(Mark.Kind.DELETED).isEmpty())));
      if (old && !listed && missed.containsKey(id)) {
        announcer.warned(
            id.toString(),
            "its data stays, though its manifest is gone: " + missed.get(id)
                + " names it as the one before it, and no tombstone tells that it was deleted. Bring its"
                + " manifest back if you can; its folder is yours to remove if it is not wanted");
      } else if (old && !listed && !begun.contains(id)) {
        announcer.warned(
            id.toString(),
            "data without a manifest, older than " + age.toHours() + " h, is removed");
        remove(id, false);
      }
    }
  }

  /** Whom a backup names as the one before it: it was whole once. */
  private static Map<BackupId, BackupId> missed(Catalogue.View view) {
    Map<BackupId, BackupId> missed = new TreeMap<>();
    for (Backup backup : view.backups()) {
      if (backup.untrusted().isEmpty()) {
        backup.manifest().previous().ifPresent(previous -> missed.put(previous.id(), backup.id()));
      }
    }
    return missed;
  }

  private List<BackupId> begun() throws WorkFailedException {
    try {
      return series.work().begun(series.shelf().description());
    } catch (IOException e) {
      throw new WorkFailedException(e);
    }
  }

  private void end(BackupId id) throws WorkFailedException {
    try {
      series.work().end(id);
    } catch (IOException e) {
      throw new WorkFailedException(e);
    }
  }

  /**
   * Removes every object of a backup, the manifest first, marks and all.
   *
   * @param mayArrive whether its manifest was sent by a call that nobody heard of again: then a tombstone, put first, keeps
   *     it from counting should it arrive when the data is gone
   */
  void remove(BackupId id, boolean mayArrive) throws IOException {
    Optional<ObjectName> tombstone = mayArrive ? Optional.of(bury(id)) : Optional.empty();
    SeriesNames names = series.names();
    series.shelf().delete(names.manifest(id));
    series.shelf().delete(names.authentication(id));
    for (StoredObject stored : series.shelf().list(names.catalog())) {
      if (stored.name().value().startsWith(names.catalog() + id + ".")
          && !tombstone.equals(Optional.of(stored.name()))) {
        series.shelf().delete(stored.name());
      }
    }
    removeParts(id);
  }

  private ObjectName bury(BackupId id) throws IOException {
    Mark tombstone = Mark.of(
        Mark.Kind.DELETED,
        id,
        series.name(),
        series.clock().instant(),
        series.by(),
        "its making did not come to its end");
    try {
      return series.records().put(tombstone);
    } catch (IOException e) {
      if (Words.kind(e, BackupException.Kind.SINK) != BackupException.Kind.NO_SPACE) {
        throw e;
      }
      removeParts(id); // what makes room for it
      return series.records().put(tombstone);
    }
  }

  /** Removes a backup's folder. */
  void removeParts(BackupId id) throws IOException {
    for (StoredObject stored : series.shelf().list(series.names().folder(id))) {
      series.shelf().delete(stored.name());
    }
  }

  /** The time of the newest object of every id that has any, in its folder or in the catalogue. */
  private Map<BackupId, Instant> newestObjects() throws IOException {
    Map<BackupId, Instant> newest = new TreeMap<>();
    String folder = series.names().folder();
    for (StoredObject stored : series.shelf().list(folder)) {
      String name = stored.name().value().substring(folder.length());
      String rest = name.startsWith("catalog/") ? name.substring("catalog/".length()) : name;
      Instant time = stored.time().equals(StoredObject.UNKNOWN_TIME)
          ? series.clock().instant() // somebody may be at it
          : stored.time();
      BackupId.tryParse(rest.split("[/.]", 2)[0])
          .ifPresent(id -> newest.merge(id, time, (a, b) -> a.isAfter(b) ? a : b));
    }
    return newest;
  }
}
