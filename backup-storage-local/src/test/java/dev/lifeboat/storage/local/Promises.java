package dev.lifeboat.storage.local;

import dev.lifeboat.catalog.BackupId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntSupplier;

/** What verbs have promised by returning, and after which operation of the disk each of them did. */
final class Promises {
  /** What is known of a backup from then on. */
  enum Kind {
    /** It exists. */
    MADE,
    /** Somebody removes it. */
    GOING,
    /** It exists no more. */
    GONE,
    PINNED,
    UNPINNING,
    UNPINNED,
    PROVEN,
    /** What its restore needs lies in the work directory until somebody removes it. */
    STUCK
  }

  private record Promise(int after, Kind kind, BackupId id) {}

  private final IntSupplier operations;
  private final List<Promise> promises = new ArrayList<>();

  Promises(IntSupplier operations) {
    this.operations = operations;
  }

  void add(Kind kind, BackupId id) {
    promises.add(new Promise(operations.getAsInt(), kind, id));
  }

  void addAll(Kind kind, List<BackupId> ids) {
    ids.forEach(id -> add(kind, id));
  }

  /** Of which backups this was known after so many operations. */
  Set<BackupId> of(Kind kind, int after) {
    Set<BackupId> ids = new TreeSet<>();
    promises.stream()
        .filter(promise -> promise.kind() == kind && promise.after() <= after)
        .forEach(promise -> ids.add(promise.id()));
    return ids;
  }

  /** The same, but for those of which the other is known too. */
  Set<BackupId> ofBut(Kind kind, Kind other, int after) {
    Set<BackupId> ids = of(kind, after);
    ids.removeAll(of(other, after));
    return ids;
  }

  /** All that is known then: two moments with the same can be told apart by nobody. */
  Set<String> at(int after) {
    Set<String> known = new TreeSet<>();
    promises.stream()
        .filter(promise -> promise.after() <= after)
        .forEach(promise -> known.add(promise.kind() + " " + promise.id()));
    return known;
  }
}
