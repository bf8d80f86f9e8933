package dev.lifeboat;

import dev.lifeboat.BackupException.Kind;
import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.Component;
import dev.lifeboat.catalog.Reason;
import dev.lifeboat.source.BackupSource;
import dev.lifeboat.source.RestoreTarget;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Brings one backup back, all or nothing. To be used once, by whose turn it is. */
final class Restoration {
  private static final String UNTOUCHED = Preflight.UNTOUCHED;

  private final Series series;
  private final Announcer announcer;
  private final RestoreRequest request;
  private final BackupId id;
  private final Maintenance maintenance;

  Restoration(Series series, Announcer announcer, RestoreRequest request) {
    this.series = series;
    this.announcer = announcer;
    this.request = request;
    this.id = request.id();
    this.maintenance = new Maintenance(series, announcer, id);
  }

  Restored restore() {
    long begin = System.nanoTime();
    Preflight preflight = new Preflight(series, announcer, request);
    preflight.require();
    try (Stage stage = new Stage(series, announcer, id)) {
      stage(stage, preflight.targets());
      return request.isInPlace() ? inPlace(stage, begin) : elsewhere(stage, begin);
    } catch (IOException e) {
      throw series.workFailure("restore " + id + " of", e, UNTOUCHED);
    }
  }

  private void stage(Stage stage, Map<Component, RestoreTarget> targets) {
    for (Map.Entry<Component, RestoreTarget> entry : targets.entrySet()) {
      try {
        stage.add(entry.getKey(), entry.getValue());
      } catch (IOException | RuntimeException e) {
        throw stage.failure("restore", e, UNTOUCHED);
      }
    }
    if (!stage.damage().isEmpty()) {
      series.requireNotDeletedMeanwhile(id, "restore", UNTOUCHED);
      boolean marked = new Damage(series, announcer, id).mark(String.join("; ", stage.damage()));
      throw found(
          Kind.DAMAGED,
          marked ? "is damaged, and marked as that" : "is damaged, and could not be marked",
          stage.damage());
    } else if (!stage.doubts().isEmpty()) {
      throw found(Kind.UNPROVEN, "is stored as it was written, but is not sound", stage.doubts());
    }
  }

  private Restored elsewhere(Stage stage, long begin) {
    apply(stage);
    return restored(stage, Optional.empty(), begin, Duration.ZERO);
  }

  private Restored inPlace(Stage stage, long begin) {
    long shut = System.nanoTime();
    maintenance.enter();
    Optional<Backup> before;
    try {
      before = backupBefore(stage);
      apply(stage);
    } catch (BackupException e) {
      if (e.kind() != Kind.STUCK) {
        maintenance.leaveAfter(e);
      }
      throw e;
    } catch (RuntimeException | Error e) {
      maintenance.leaveAfter(e);
      throw e;
    }
    maintenance.leave();
    return restored(stage, before, begin, Duration.ofNanos(System.nanoTime() - shut));
  }

  private Restored restored(Stage stage, Optional<Backup> before, long begin, Duration applied) {
    return new Restored(
        id,
        stage.staged().stream().map(staged -> staged.component().name()).toList(),
        before,
        Duration.ofNanos(System.nanoTime() - begin),
        applied);
  }

  /** One after the other; if one fails, it and those before it are undone in reverse. */
  private void apply(Stage stage) {
    List<Stage.Staged> begun = new ArrayList<>();
    for (Stage.Staged staged : stage.staged()) {
      begun.add(0, staged); // an apply that throws may have come to an end without saying so
      try {
        staged.target().apply(staged.directory());
      } catch (IOException | RuntimeException | Error e) {
        throw undone(stage, begun, staged, e);
      }
    }
  }

  private BackupException undone(
      Stage stage, List<Stage.Staged> begun, Stage.Staged failed, Throwable cause) {
    List<String> steps = new ArrayList<>();
    Interrupts.shield(() -> begun.forEach(staged -> undo(staged, cause, steps)));
    if (Words.kind(cause, Kind.UNDONE) == Kind.INTERRUPTED) {
      Thread.currentThread().interrupt();
    }
    String what = "Cannot restore " + id + " of " + series.subject() + ": \""
        + failed.component().name() + "\" could not be put into "
        + failed.where() + ": " + Words.of(cause) + ". ";
    if (steps.isEmpty()) {
      return new BackupException(Kind.UNDONE, what + "All is as it was before.", cause);
    }
    stage.keep();
    steps.add("what is needed lies in " + stage.directory()
        + " and stays there until somebody removes it");
    String state = request.isInPlace() && series.maintenance().isPresent()
        ? "It could not be undone, and maintenance stays on: "
        : "It could not be undone: ";
    return new BackupException(
        Kind.STUCK, what + state + String.join("; ", steps) + ".", steps, cause);
  }

  private static void undo(Stage.Staged staged, Throwable cause, List<String> steps) {
    try {
      staged.target().undo(staged.directory());
    } catch (IOException | RuntimeException | Error e) {
      if (e != cause) {
        cause.addSuppressed(e);
      }
      steps.add(staged.component().name() + ": " + Words.of(e));
    }
  }

  /** What is live is backed up first, as far as there is anything; what is not replaced may be missing in that. */
  private Optional<Backup> backupBefore(Stage stage) {
    if (request.mayGoWithoutBackup()) {
      return Optional.empty();
    }
    Set<String> goingOver = stage.staged().stream()
        .map(staged -> staged.component().name())
        .collect(Collectors.toSet());
    Set<String> replaced = new HashSet<>();
    Map<String, String> leftOut = new HashMap<>();
    for (Series.Registered registered : series.sources()) {
      String name = registered.source().name();
      if (request.broken() && goingOver.contains(name) && isKeptAside(registered.source())) {
        leftOut.put(name, "broken, and kept aside");
      } else if (!holdsData(registered.source(), goingOver.contains(name))) {
        leftOut.put(name, "nothing was live");
      } else if (goingOver.contains(name)) {
        replaced.add(name);
      }
    }
    if (replaced.isEmpty()) {
      return Optional.empty();
    }
    CreateRequest before = CreateRequest.of(Reason.PRE_RESTORE).note("before the restore of " + id);
    try {
      return Optional.of(new Creation(series, announcer).create(before, registered -> {
        String name = registered.source().name();
        return new Snapshots.Wanted(
            registered.source(),
            !replaced.contains(
                name), // an optional source that is replaced must be in it all the same
            Optional.ofNullable(leftOut.get(name)));
      }));
    } catch (BackupException e) {
      throw new BackupException(
          e.kind(),
          "Cannot restore " + id + " of " + series.subject()
              + ": what is live could not be backed up first: "
              + e.getMessage() + " " + UNTOUCHED
              + (e.kind() == Kind.SOURCE
                  ? " If what is live is broken, ask for liveIsBroken(), which keeps it aside byte for"
                      + " byte."
                  : ""),
          e.details(),
          e);
    } finally {
      announcer.about(id);
    }
  }

  private static boolean isKeptAside(BackupSource source) {
    try {
      source.target().overBroken();
      return true;
    } catch (UnsupportedOperationException e) {
      return false;
    }
  }

  /** What cannot be told of a source that is not replaced is found out by reading it. */
  private boolean holdsData(BackupSource source, boolean replaced) {
    try {
      return source.target().holdsData();
    } catch (IOException | RuntimeException e) {
      if (!replaced) {
        return true;
      }
      throw new BackupException(
          Words.kind(e, Kind.SOURCE),
          "Cannot restore " + id + " of " + series.subject() + ": whether \"" + source.name()
              + "\" is live cannot be told: " + Words.of(e) + ". " + UNTOUCHED,
          e);
    }
  }

  private BackupException found(Kind kind, String what, List<String> findings) {
    String first =
        findings.get(0) + (findings.size() > 1 ? " (and " + (findings.size() - 1) + " more)" : "");
    return new BackupException(
        kind,
        "Cannot restore: backup " + id + " of " + series.subject() + " " + what + ": " + first
            + ". " + UNTOUCHED,
        findings,
        null);
  }
}
