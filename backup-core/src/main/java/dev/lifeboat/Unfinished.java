package dev.lifeboat;

import dev.lifeboat.BackupException.Kind;
import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.codec.DamagedDataException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a verb that goes through many backups could not do with some of them: told in one exception at its end. */
final class Unfinished {
  private final Series series;
  private final String verb;
  private final List<String> findings = new ArrayList<>();
  private @Nullable Kind kind;
  private @Nullable Throwable cause;

  Unfinished(Series series, String verb) {
    this.series = series;
    this.verb = verb;
  }

  /**
   * Notes a failure that concerns this one alone.
   *
   * @return why, as a clause
   * @throws BackupException if it ends the whole verb: an interrupt
   */
  String add(String what, Exception e) {
    boolean work = e instanceof WorkFailedException;
    Exception real = e instanceof WorkFailedException carried ? carried.failure() : e;
    Kind found = real instanceof BackupException known
        ? known.kind()
        : Words.kind(real, work ? Kind.WORK : Kind.SINK);
    String why = Words.of(real);
    add(what, found, why, e);
    if (found == Kind.INTERRUPTED) {
      throw exception();
    }
    return why;
  }

  /** Notes that one was not done. */
  void add(String what, Kind found, String why, @Nullable Exception e) {
    findings.add(what + ": " + why);
    if (kind == null || found == Kind.INTERRUPTED) {
      kind = found;
      cause = e;
    }
  }

  /** Whether a failure only says that another host, whose turns are not ours, has deleted it. */
  static boolean isGone(Series series, BackupId id, Exception e) {
    return (e instanceof NoSuchFileException || e instanceof DamagedDataException)
        && isDeleted(series, id);
  }

  /** Whether it is there no more. */
  static boolean isDeleted(Series series, BackupId id) {
    try {
      series.requireNotDeletedMeanwhile(id, "read", "");
      return false;
    } catch (BackupException e) {
      return true;
    }
  }

  /** At the end: an exception, if there was any failure. */
  void throwIfAny() {
    if (kind != null) {
      throw exception();
    }
  }

  private BackupException exception() {
    String more = findings.size() > 1 ? " (and " + (findings.size() - 1) + " more)" : "";
    return new BackupException(
        kind == null ? Kind.SINK : kind,
        "Cannot " + verb + " all of " + series.subject() + ": " + findings.get(0) + more
            + ". Nothing is lost, and what was done stays done; the next " + verb + " goes on.",
        findings,
        cause);
  }
}
