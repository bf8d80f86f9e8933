package dev.lifeboat;

import dev.lifeboat.BackupException.Kind;
import dev.lifeboat.source.BackupSource;
import dev.lifeboat.source.Snapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The snapshots of one backup: all opened one right after the other behind the gate, then captured, closed in the end. */
final class Snapshots implements AutoCloseable {
  private static final String STATE = "Nothing was added; earlier backups are untouched.";

  private final Series series;
  private final Announcer announcer;
  private final List<Taken> taken = new ArrayList<>();
  private Duration skew = Duration.ZERO;

  private Snapshots(Series series, Announcer announcer) {
    this.series = series;
    this.announcer = announcer;
  }

  /** A source that takes part, or why it does not. */
  record Wanted(BackupSource source, boolean optional, Optional<String> leftOut) {}

  /** One source's snapshot, or why there is none. */
  static final class Taken {
    private final BackupSource source;
    private final boolean optional;
    private @Nullable Snapshot snapshot;
    private @Nullable String missing;

    private Taken(Wanted wanted) {
      this.source = wanted.source();
      this.optional = wanted.optional();
      this.missing = wanted.leftOut().orElse(null);
    }

    BackupSource source() {
      return source;
    }

    Optional<Snapshot> snapshot() {
      return Optional.ofNullable(snapshot);
    }

    Optional<String> missing() {
      return Optional.ofNullable(missing);
    }
  }

  /**
   * Opens and captures.
   *
   * @throws BackupException SOURCE if one that is not optional fails, HOOK if the gate does; all are closed then
   */
  static Snapshots take(Series series, Announcer announcer, List<Wanted> wanted) {
    Snapshots snapshots = new Snapshots(series, announcer);
    try {
      snapshots.shutGate();
      snapshots.openBehindGate(wanted);
      snapshots.capture();
      return snapshots;
    } catch (RuntimeException | Error e) {
      snapshots.close();
      throw e;
    }
  }

  List<Taken> taken() {
    return taken;
  }

  /** Between the first and the last one. */
  Duration skew() {
    return skew;
  }

  private void openBehindGate(List<Wanted> wanted) {
    try {
      open(wanted);
    } catch (RuntimeException | Error e) {
      reopenGate(e);
      throw e;
    }
    reopenGate(null);
  }

  private void open(List<Wanted> wanted) {
    long first = System.nanoTime();
    for (Wanted one : wanted) {
      Taken entry = new Taken(one);
      taken.add(entry);
      if (entry.missing != null) {
        continue;
      }
      Path scratch = scratch(entry.source.name());
      try {
        entry.snapshot = entry.source.open(scratch);
      } catch (IOException | RuntimeException e) {
        failed(entry, e);
      }
      skew = Duration.ofNanos(System.nanoTime() - first);
    }
    if (taken.size() == 1) {
      skew = Duration.ZERO;
    }
  }

  /** No source is to blame for a work directory that fails. */
  private Path scratch(String component) {
    try {
      return series.work().scratch(component);
    } catch (IOException e) {
      throw series.workFailure("back up", e, STATE);
    }
  }

  private void capture() {
    for (Taken entry : taken) {
      if (entry.snapshot != null) {
        try {
          capture(entry.source.name(), entry.snapshot);
        } catch (IOException | RuntimeException e) {
          failed(entry, e);
        }
      }
    }
  }

  private void capture(String name, Snapshot snapshot) throws IOException {
    OptionalLong estimate = snapshot.estimate();
    Optional<Long> total =
        estimate.isPresent() ? Optional.of(estimate.getAsLong()) : Optional.empty();
    snapshot.capture(bytes -> announcer.progress(name, BackupEvent.Step.COPY, bytes, total));
  }

  /** Without it the backup is incomplete if it is optional, and else none. */
  void failed(Taken entry, Exception e) {
    Kind kind = Words.kind(e, Kind.SOURCE);
    if (!entry.optional || kind == Kind.INTERRUPTED || kind == Kind.NO_SPACE) {
      throw new BackupException(
          kind == Kind.DAMAGED ? Kind.SOURCE : kind,
          "Cannot back up \"" + entry.source.name() + "\" to " + series.subject() + ": "
              + Words.of(e) + ". " + STATE,
          e);
    }
    entry.missing = Words.of(e);
    announcer.warned(entry.source.name(), "left out: " + entry.missing);
    release(entry);
  }

  private void shutGate() {
    if (series.quiesce().isPresent()) {
      try {
        series.quiesce().get().shut("backup " + series.name());
      } catch (Exception e) {
        throw hook("the quiesce gate could not be shut", e, "Nothing was done.");
      }
    }
  }

  /** Whatever happened behind it, and also if this thread is to end: else the application would hold still for ever. */
  private void reopenGate(@Nullable Throwable failure) {
    if (series.quiesce().isEmpty()) {
      return;
    }
    boolean interrupted = Thread.interrupted();
    try {
      series.quiesce().get().reopen();
    } catch (Exception e) {
      BackupException stuck = hook(
          "the quiesce gate could not be reopened",
          e,
          "No backup was made; the application may still hold still, reopen it by hand.");
      if (failure != null) {
        stuck.addSuppressed(failure);
      }
      throw stuck;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private BackupException hook(String what, Exception e, String state) {
    return new BackupException(
        Words.kind(e, Kind.HOOK),
        "Cannot back up " + series.subject() + ": " + what + ": " + Words.of(e) + ". " + state,
        e);
  }

  /** Lets go of one that was written, and of its scratch files. */
  void release(Taken entry) {
    if (entry.snapshot != null) {
      try {
        entry.snapshot.close();
      } catch (IOException | RuntimeException e) {
        Log.warn(
            "The snapshot of \"{}\" could not be closed cleanly: {}",
            entry.source.name(),
            Words.of(e));
      }
      entry.snapshot = null;
    }
    try {
      WorkDirectory.remove(series.work().root().resolve("scratch").resolve(entry.source.name()));
    } catch (IOException e) {
      Log.warn(
          "Scratch files of \"{}\" are left for the next run to remove: {}",
          entry.source.name(),
          Words.of(e));
    }
  }

  @Override
  public void close() {
    taken.forEach(this::release);
  }
}
