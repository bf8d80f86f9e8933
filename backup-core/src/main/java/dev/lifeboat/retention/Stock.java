package dev.lifeboat.retention;

import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.Text;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a plan is about.
 *
 * @param newestFirst what has a copy in the sink
 * @param newestSuspect of the whole series: a doubt about the source holds what is older in every sink, also in one that
 *     lags behind and has no copy of the suspect one
 */
record Stock(
    String sink, Instant now, List<Candidate> newestFirst, Optional<Backup> newestSuspect) {
  private static final Comparator<Backup> OLDEST_FIRST =
      Comparator.comparing(Backup::time).thenComparing(Backup::id);

  static Stock of(List<Backup> backups, String sink, Instant now) {
    requireDistinct(backups);
    List<Backup> newestFirst = new ArrayList<>(backups);
    newestFirst.sort(OLDEST_FIRST.reversed());
    return new Stock(
        sink,
        now,
        Replaced.apart(newestFirst.stream()
            .flatMap(backup -> Candidate.in(sink, backup, now).stream())
            .toList()),
        newestFirst.stream().filter(Candidate::isSuspect).findFirst());
  }

  private static void requireDistinct(List<Backup> backups) {
    Set<BackupId> seen = new HashSet<>();
    for (Backup backup : backups) {
      if (!seen.add(backup.id())) {
        throw new IllegalArgumentException("backup " + backup.id() + " is given twice");
      }
    }
  }

  static boolean isNewer(Backup backup, Backup than) {
    return OLDEST_FIRST.compare(backup, than) > 0;
  }

  /** The sink, for messages. */
  String place() {
    return Text.printable(sink);
  }
}
