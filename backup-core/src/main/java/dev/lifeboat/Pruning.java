package dev.lifeboat;

import dev.lifeboat.BackupException.Kind;
import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.FormatException;
import dev.lifeboat.catalog.Manifest;
import dev.lifeboat.catalog.State;
import dev.lifeboat.codec.DamagedDataException;
import dev.lifeboat.retention.RetentionPlan;
import dev.lifeboat.sink.ObjectName;
import dev.lifeboat.sink.StoredObject;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Deletes backups: a tombstone first, then the manifest, then marks and data; so a backup is listed whole or not at all,
 * and what a crash leaves is finished by the next prune, unless it was pinned meanwhile. In a full sink the tombstone
 * comes last.
 */
final class Pruning {
  /** The rules that a delete obeys too; the others are wishes of the policy. */
  private static final Set<String> HOLDS =
      Set.of("guard", "pin", "keep-until", "suspect", "untrusted");

  /** How far apart a pin and a tombstone may be that met each other. */
  private static final Duration MEANWHILE = Duration.ofHours(1);

  private static final RetentionPlan.Cause PINNED_MEANWHILE =
      new RetentionPlan.Cause("pin", "pinned meanwhile");
  private static final RetentionPlan.Cause NOT_IN_THE_PLAN =
      new RetentionPlan.Cause("plan", "not in the plan that was carried out");

  private final Series series;
  private final Announcer announcer;
  private final Leftovers leftovers;

  Pruning(Series series, Announcer announcer) {
    this.series = series;
    this.announcer = announcer;
    this.leftovers = new Leftovers(series, announcer);
  }

  RetentionPlan plan() {
    return plan(view("plan a prune of"));
  }

  private RetentionPlan plan(Catalogue.View view) {
    RetentionPlan plan = series
        .retention()
        .plan(view.backups(), series.shelf().description(), series.clock().instant());
    plan.warnings().forEach(warning -> announcer.warned("retention", warning));
    return view.missing().map(missing -> allKept(plan, missing)).orElse(plan);
  }

  /** By a list that lacks the newest, what goes is not what the policy means. */
  private static RetentionPlan allKept(RetentionPlan plan, BackupId missing) {
    return new RetentionPlan(
        plan.decisions().stream()
            .map(decision -> decision.keep()
                ? decision
                : kept(
                    decision,
                    new RetentionPlan.Cause(
                        "gap", "the newest one seen here, " + missing + ", is not listed")))
            .toList(),
        plan.warnings());
  }

  /** Removes what both the plan and the guards of this moment let go, and the sink permits. */
  RetentionPlan prune(RetentionPlan wanted) {
    Catalogue.View view = view("prune");
    if (new ReadBack(series, announcer).catchUp(view)) {
      view = view("prune"); // what was read back counts from now on, or is damaged
    }
    RetentionPlan now = plan(view);
    Set<BackupId> agreed = ids(now.removed());
    agreed.retainAll(ids(wanted.removed()));
    List<RetentionPlan.Decision> done = new ArrayList<>();
    int removed = 0;
    try {
      Optional<AccessDeniedException> denied =
          agreed.isEmpty() ? Optional.empty() : denied(agreed.iterator().next());
      if (denied.isPresent()) { // who may not delete has backups all the same
        announcer.warned("prune", notPermitted(denied.get()).text());
        return undone(now, agreed, notPermitted(denied.get()));
      }
      leftovers.settle(view);
      finishDeletions(view);
      for (RetentionPlan.Decision decision : now.decisions()) {
        BackupId id = decision.backup().id();
        if (decision.keep()) {
          done.add(decision);
        } else if (!agreed.contains(id)) {
          done.add(kept(decision, NOT_IN_THE_PLAN));
        } else {
          Optional<RetentionPlan.Cause> stays = deleted(view, id, causes(decision), false);
          done.add(stays.map(cause -> kept(decision, cause)).orElse(decision));
          removed += stays.isPresent() ? 0 : 1;
        }
      }
      if (view.missing().isEmpty()) { // or what belongs to it would go for data without a manifest
        tidyUp(view);
      }
    } catch (IOException e) {
      throw series.sinkFailure(
          "prune",
          e,
          removed + " of " + agreed.size()
              + " backups were removed; what was begun is finished by the next prune, and every"
              + " backup that is listed is whole.");
    }
    return new RetentionPlan(done, now.warnings());
  }

  private static RetentionPlan undone(
      RetentionPlan plan, Set<BackupId> agreed, RetentionPlan.Cause denied) {
    return new RetentionPlan(
        plan.decisions().stream()
            .map(decision -> decision.keep()
                ? decision
                : kept(
                    decision, agreed.contains(decision.backup().id()) ? denied : NOT_IN_THE_PLAN))
            .toList(),
        plan.warnings());
  }

  private void tidyUp(Catalogue.View view) throws IOException {
    try {
      dropTombstones();
      leftovers.sweepOld(view);
    } catch (AccessDeniedException e) {
      announcer.warned("prune", notPermitted(e).text());
    }
  }

  private static RetentionPlan.Cause notPermitted(AccessDeniedException e) {
    return new RetentionPlan.Cause("not-permitted", "not permitted: " + Words.of(e));
  }

  /**
   * Deletes something that is not there. Who may not delete is told so before a tombstone hides what cannot be removed,
   * and cannot be taken back.
   */
  private Optional<AccessDeniedException> denied(BackupId id) throws IOException {
    try {
      series.shelf().delete(series.names().mark(id, Mark.Kind.DELETED, BackupId.randomTail()));
      return Optional.empty();
    } catch (AccessDeniedException e) {
      return Optional.of(e);
    }
  }

  /** Deletes one, against guards and pins only with a why. */
  void delete(BackupId id, String why, boolean forced) {
    Catalogue.View view = view("delete " + id + " of");
    boolean unreadable = view.unreadable().stream().anyMatch(bad -> bad.id().equals(id));
    if (!unreadable) {
      view.require(id, "delete", series.subject());
    }
    List<String> objections =
        unreadable ? List.of("it cannot be read, so nothing is known of pins") : holds(view, id);
    if (!objections.isEmpty() && !forced) {
      throw refused(id, objections);
    }
    try {
      Optional<AccessDeniedException> denied = denied(id);
      if (denied.isPresent()) {
        throw series.sinkFailure("delete " + id + " of", denied.get(), "Nothing was deleted.");
      }
      Optional<RetentionPlan.Cause> stays = deleted(view, id, why, forced);
      if (stays.filter(PINNED_MEANWHILE::equals).isPresent()) {
        throw refused(id, List.of(PINNED_MEANWHILE.text()));
      } else if (stays.isPresent()) {
        throw new BackupException(
            Kind.SINK,
            "Cannot delete " + id + " of " + series.subject() + ": "
                + stays.get().text() + ". "
                + (forced ? "Its pins may be gone." : "Nothing was deleted."));
      }
      dropTombstones();
    } catch (IOException e) {
      throw series.sinkFailure(
          "delete " + id + " of",
          e,
          (forced
                  ? "If it is still listed, its pins may be gone; if not"
                  : "If it is not listed any more")
              + ", the next prune finishes its removal.");
    }
  }

  private BackupException refused(BackupId id, List<String> objections) {
    return new BackupException(
        Kind.REFUSED,
        "Cannot delete " + id + " of " + series.subject() + ": " + String.join("; ", objections)
            + ". Nothing was deleted. forceDelete(id, why) deletes it all the same.",
        objections,
        null);
  }

  private List<String> holds(Catalogue.View view, BackupId id) {
    RetentionPlan plan = series
        .retention()
        .plan(view.backups(), series.shelf().description(), series.clock().instant());
    return plan.decision(id).stream()
        .flatMap(decision -> decision.causes().stream())
        .filter(cause -> HOLDS.contains(cause.rule()) && !isSuspectItself(view, id, cause))
        .map(RetentionPlan.Cause::text)
        .toList();
  }

  /** A suspect one holds those before it, not itself: deleting it is one of the answers to it. */
  private static boolean isSuspectItself(
      Catalogue.View view, BackupId id, RetentionPlan.Cause cause) {
    return cause.rule().equals("suspect")
        && view.backups().stream()
            .anyMatch(b -> b.id().equals(id) && b.manifest().state() == State.SUSPECT);
  }

  /** Empty if it is deleted; or why it stays as it was: somebody has pinned it since it was looked at, or it is locked. */
  private Optional<RetentionPlan.Cause> deleted(
      Catalogue.View view, BackupId id, String why, boolean forced) throws IOException {
    List<CatalogEntry.MarkObject> pins = pins(id);
    if (!forced && !pins.isEmpty()) {
      return Optional.of(PINNED_MEANWHILE);
    }
    remove(pins); // before the tombstone: a pin beside one is always of somebody who came meanwhile
    // also beside a tombstone that cannot be read, or it would still be listed
    Mark tombstone =
        Mark.of(Mark.Kind.DELETED, id, series.name(), series.clock().instant(), series.by(), why);
    Optional<ObjectName> told = putIfThereIsRoom(tombstone);
    // another host, whose turns are not ours, looks for a tombstone after it has pinned: one of us
    // sees the other
    if (!forced && !pins(id).isEmpty()) {
      if (told.isPresent()) {
        series.shelf().delete(told.get());
      }
      return Optional.of(PINNED_MEANWHILE);
    }
    try {
      finish(view.entries().get(id), id);
    } catch (AccessDeniedException e) {
      if (isThere(series.names().manifest(id))) {
        takeBack(told, id);
        announcer.warned(id.toString(), notPermitted(e).text());
        return Optional.of(notPermitted(e));
      }
      announcer.warned(
          id.toString(),
          "is not listed any more, and what is left of it stays for now: "
              + notPermitted(e).text());
    }
    if (told.isEmpty() && putIfThereIsRoom(tombstone).isEmpty()) {
      announcer.warned(
          id.toString(),
          "was deleted, and the sink is too full to note that; the gap will be told");
    }
    return Optional.empty();
  }

  private boolean isThere(ObjectName name) throws IOException {
    return series.shelf().list(series.names().catalog()).stream()
        .anyMatch(stored -> stored.name().equals(name));
  }

  /** Where single objects are locked, the tombstone may be so too. */
  private void takeBack(Optional<ObjectName> tombstone, BackupId id) throws IOException {
    if (tombstone.isPresent()) {
      try {
        series.shelf().delete(tombstone.get());
      } catch (AccessDeniedException e) {
        announcer.warned(
            id.toString(),
            "is not listed any more, for its tombstone may not be removed either; a later prune"
                + " removes it");
      }
    }
  }

  /** As they are now: others may have come since the catalogue was read. */
  private List<CatalogEntry.MarkObject> pins(BackupId id) throws IOException {
    return ofKind(Mark.Kind.PIN, series.records().marks(id));
  }

  private static List<CatalogEntry.MarkObject> ofKind(
      Mark.Kind kind, List<CatalogEntry.MarkObject> marks) {
    return marks.stream().filter(mark -> mark.kind() == kind).toList();
  }

  private void remove(List<CatalogEntry.MarkObject> marks) throws IOException {
    for (CatalogEntry.MarkObject mark : marks) {
      series.shelf().delete(mark.stored().name());
    }
  }

  /** Nobody could make room in a full sink if only a note that takes room let anything go. */
  private Optional<ObjectName> putIfThereIsRoom(Mark tombstone) throws IOException {
    try {
      return Optional.of(series.records().put(tombstone));
    } catch (IOException e) {
      if (Words.kind(e, Kind.SINK) != Kind.NO_SPACE) {
        throw e;
      }
      return Optional.empty();
    }
  }

  /** Removes everything but the tombstone. */
  void finish(@Nullable CatalogEntry entry, BackupId id) throws IOException {
    series.shelf().delete(series.names().manifest(id));
    series.shelf().delete(series.names().authentication(id));
    if (entry != null) {
      remove(entry.marks().stream()
          .filter(mark -> mark.kind() != Mark.Kind.DELETED)
          .toList());
    }
    leftovers.removeParts(id);
  }

  /**
   * What earlier runs have begun is finished, before a verb goes through all backups.
   *
   * @return the catalogue as it is then: a deletion may have been taken back
   */
  Catalogue.View finished(Catalogue.View view) throws IOException {
    leftovers.settle(view);
    finishDeletions(view);
    return new Catalogue(series).read();
  }

  /** What an earlier prune had begun; also a manifest that came back under a tombstone. */
  private void finishDeletions(Catalogue.View view) throws IOException {
    for (Map.Entry<BackupId, CatalogEntry> entry : view.entries().entrySet()) {
      if (view.isDeleted(entry.getKey())
          && !view.holds(entry.getKey())
          && !takenBack(entry.getValue())) {
        try {
          finish(entry.getValue(), entry.getKey());
        } catch (AccessDeniedException e) {
          announcer.warned(
              entry.getKey().toString(),
              "was deleted, and what is left of it stays for now: "
                  + notPermitted(e).text());
        }
      }
    }
  }

  /** A prune that died right after its tombstone has not looked whether somebody pinned meanwhile, or not taken it back. */
  private boolean takenBack(CatalogEntry entry) throws IOException {
    if (entry.manifest() == null) {
      return false;
    }
    List<CatalogEntry.MarkObject> marks = series.records().marks(entry.id());
    List<CatalogEntry.MarkObject> pins = ofKind(Mark.Kind.PIN, marks);
    List<CatalogEntry.MarkObject> tombstones = ofKind(Mark.Kind.DELETED, marks);
    if (pins.isEmpty()) {
      return false;
    } else if (series.encryption().isPresent() && !isPinned(entry.id(), pins, tombstones)) {
      announcer.warned(
          entry.id().toString(),
          "was deleted, is there again and has a pin that proves nothing; it is neither listed nor"
              + " removed");
      return true;
    }
    remove(tombstones);
    announcer.warned(
        entry.id().toString(),
        "was pinned while an earlier prune or delete was about to remove it; it is kept and listed"
            + " again");
    return true;
  }

  /** By one of ours, and at about that time: else anybody could bring back what was deleted, and an old pin with it. */
  private boolean isPinned(
      BackupId id, List<CatalogEntry.MarkObject> pins, List<CatalogEntry.MarkObject> tombstones)
      throws IOException {
    Records records = series.records();
    try (Opened opened = records.open(id)) {
      Instant deleted = Instant.MAX;
      for (CatalogEntry.MarkObject tombstone : tombstones) {
        Instant at = records.tombstone(id, bytes(tombstone)).at();
        deleted = at.isBefore(deleted) ? at : deleted;
      }
      for (CatalogEntry.MarkObject pin : pins) {
        Marks.Proven proven = records
            .marks()
            .read(bytes(pin), id, Mark.Kind.PIN, opened.seal(), opened.trust().isProven());
        if (proven.trust().isProven() && proven.mark().at().isAfter(deleted.minus(MEANWHILE))) {
          return true;
        }
      }
      return false;
    } catch (DamagedDataException | FormatException e) {
      return false;
    }
  }

  private byte[] bytes(CatalogEntry.MarkObject mark) throws IOException {
    return series.shelf().read(mark.stored().name(), Mark.MAX_BYTES);
  }

  /**
   * A tombstone is kept while a kept manifest names its backup as the one before, for it explains the gap; the newest one,
   * while no newer backup is there, for other machines may have seen that backup as the newest; and each for a day after its
   * backup was made, for the manifest may still be under way.
   */
  private void dropTombstones() throws IOException {
    Catalogue.View view = new Catalogue(series).read();
    Instant before = series.clock().instant().minus(Leftovers.LEAST_AGE);
    Set<BackupId> named = new HashSet<>();
    for (Backup backup : view.backups()) {
      backup.manifest().previous().map(Manifest.Predecessor::id).ifPresent(named::add);
    }
    if (!view.unreadable().isEmpty()) {
      return; // who knows whom they name
    }
    Optional<BackupId> newest =
        view.newest(series.clock().instant(), series.canProve()).map(Manifest.Predecessor::id);
    view.deleted().stream()
        .max(Comparator.naturalOrder())
        .filter(last -> newest.map(kept -> kept.compareTo(last) < 0).orElse(true))
        .ifPresent(named::add);
    for (CatalogEntry entry : view.entries().values()) {
      if (entry.manifest() == null
          && !named.contains(entry.id())
          && entry.id().time().isBefore(before)) {
        for (CatalogEntry.MarkObject tombstone : entry.marks(Mark.Kind.DELETED)) {
          List<StoredObject> parts = series.shelf().list(series.names().folder(entry.id()));
          if (parts.isEmpty()) {
            series.shelf().delete(tombstone.stored().name());
          }
        }
      }
    }
  }

  private Catalogue.View view(String verb) {
    return Catalogue.of(series, verb, announcer);
  }

  private static Set<BackupId> ids(List<RetentionPlan.Decision> decisions) {
    return decisions.stream().map(decision -> decision.backup().id()).collect(Collectors.toSet());
  }

  private static RetentionPlan.Decision kept(
      RetentionPlan.Decision decision, RetentionPlan.Cause why) {
    return new RetentionPlan.Decision(decision.backup(), decision.sink(), true, List.of(why));
  }

  private static String causes(RetentionPlan.Decision decision) {
    return decision.causes().stream()
        .map(RetentionPlan.Cause::text)
        .collect(Collectors.joining("; "));
  }
}
