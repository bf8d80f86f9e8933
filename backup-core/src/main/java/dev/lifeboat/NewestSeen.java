package dev.lifeboat;

import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.BackupId;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The newest backup that this machine has seen in a sink. A store that hides the newest one, or shows what it held some
 * time ago, leaves nothing there that tells: only who was there can miss it. No more than a cache: what is not known is
 * not missed.
 */
final class NewestSeen {
  private final Series series;
  private final RecordCache cache;

  NewestSeen(Series series, RecordCache cache) {
    this.series = series;
    this.cache = cache;
  }

  /** Remembers this one, if no newer one is known. */
  void remember(BackupId id) {
    if (known().map(known -> known.compareTo(id) < 0).orElse(true)) {
      cache.keepNewest(id, place());
    }
  }

  /**
   * The one that is missing: newer than all that is listed and was deleted.
   *
   * @param backups as listed; those that nobody proves count for nothing here, unless this host can prove none
   * @param unreadable ids of what is listed too
   * @param deleted ids of what has a tombstone
   */
  Optional<BackupId> missing(
      List<Backup> backups, Set<BackupId> unreadable, Set<BackupId> deleted) {
    return known()
        .filter(known -> backups.stream()
            .filter(backup -> backup.untrusted().isEmpty() || !series.canProve())
            .noneMatch(backup -> backup.id().equals(known)))
        .filter(known -> !unreadable.contains(known))
        .filter(known -> backups.stream()
            .filter(backup -> backup.untrusted().isEmpty())
            .allMatch(backup -> backup.id().compareTo(known) < 0))
        .filter(known -> deleted.stream().allMatch(id -> id.compareTo(known) < 0));
  }

  private Optional<BackupId> known() {
    return cache.newest(place());
  }

  private byte[] place() {
    return series.shelf().description().getBytes(StandardCharsets.UTF_8);
  }
}
