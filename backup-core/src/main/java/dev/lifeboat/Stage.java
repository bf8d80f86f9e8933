package dev.lifeboat;

import dev.lifeboat.BackupException.Kind;
import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.Component;
import dev.lifeboat.codec.DamagedDataException;
import dev.lifeboat.source.Facts;
import dev.lifeboat.source.RestoreTarget;
import dev.lifeboat.source.UnprovenException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The staged components of one restore or drill. Nothing live is touched before all of them are proven. */
final class Stage implements AutoCloseable {
  private final Series series;
  private final Announcer announcer;
  private final BackupId id;
  private final Path directory;
  private final List<Staged> staged = new ArrayList<>();
  private final List<String> damage = new ArrayList<>();
  private final List<String> doubts = new ArrayList<>();
  private boolean kept;

  Stage(Series series, Announcer announcer, BackupId id) throws IOException {
    this.series = series;
    this.announcer = announcer;
    this.id = id;
    this.directory = series.work().staging(id);
  }

  /** One component, its target, where that is, and its part of the staging directory. */
  record Staged(Component component, RestoreTarget target, String where, Path directory) {}

  /**
   * Stages a component and holds what is there against what was recorded.
   *
   * @throws IOException if the work directory or the target fails
   * @throws BackupException SINK if the content cannot be fetched
   */
  void add(Component component, RestoreTarget target) throws IOException {
    Component.Details details = Reading.details(component);
    Staged one = new Staged(
        component,
        target,
        Words.printable(target.description()),
        WorkDirectory.stagingOf(directory, component.name()));
    staged.add(one);
    if (!fetch(one, details.facts())) {
      return;
    }
    try {
      Facts found = target.check(one.directory());
      details
          .facts()
          .differencesFrom(found)
          .forEach(difference -> doubts.add(component.name() + ": " + Words.printable(difference)));
    } catch (UnprovenException e) {
      e.findings()
          .forEach(finding -> doubts.add(component.name() + ": " + Words.printable(finding)));
    }
  }

  private boolean fetch(Staged one, Facts facts) throws IOException {
    Reading content;
    try {
      content = Reading.open(series, announcer, id, one.component());
    } catch (IOException e) {
      return lost(one, e);
    }
    try (content) {
      one.target().stage(content.lent(), facts, one.directory());
      requireEnd(content);
      return true;
    } catch (IOException | RuntimeException e) {
      IOException failure = content.failure();
      if (failure != null) {
        return lost(one, failure);
      }
      throw e;
    }
  }

  /** Whether the content is wrong, which is a finding, or cannot be fetched, which ends it all. */
  private boolean lost(Staged one, IOException e) {
    if (e instanceof DamagedDataException || e instanceof NoSuchFileException) {
      try {
        damage.addAll(new PartFindings(series, id).of(one.component(), e));
        return false;
      } catch (IOException unknown) {
        e.addSuppressed(unknown);
      }
    }
    throw series.sinkFailure("read " + id + " of", e, "Nothing live was touched.");
  }

  /** The digests decide at the very end, which a target that stopped early has not seen. */
  private static void requireEnd(Reading content) throws IOException {
    byte[] rest = new byte[64 << 10];
    int n = content.read(rest, 0, rest.length);
    while (n >= 0) {
      n = content.read(rest, 0, rest.length);
    }
  }

  /** What is damaged, component by component. */
  List<String> damage() {
    return damage;
  }

  /** What is whole and yet not as recorded. */
  List<String> doubts() {
    return doubts;
  }

  /** In the order they were added. */
  List<Staged> staged() {
    return staged;
  }

  Path directory() {
    return directory;
  }

  /** Leaves the staging directory where it is: somebody needs it to put things right by hand. */
  void keep() {
    kept = true;
    Interrupts.shield(() -> {
      try {
        WorkDirectory.keep(directory);
      } catch (IOException e) {
        announcer.warned(
            "staging",
            directory + " could not be marked to be kept; copy it before the next verb: "
                + Words.of(e));
      }
    });
  }

  /** Discards all, unless it was kept. */
  @Override
  public void close() {
    if (!kept) {
      Interrupts.shield(this::discard);
    }
  }

  private void discard() {
    for (Staged one : staged) {
      try {
        one.target().discard(one.directory());
      } catch (IOException | RuntimeException | Error e) { // what was done is done
        announcer.warned(one.component().name(), "could not be tidied up: " + Words.of(e));
      }
    }
    try {
      WorkDirectory.remove(directory);
    } catch (IOException e) {
      announcer.warned("staging", "left for the next run to remove: " + Words.of(e));
    }
  }

  /** For a failure on this side of the content; what is the face's already stays as it is. */
  BackupException failure(String verb, Exception e, String state) {
    if (e instanceof BackupException known) {
      return known;
    }
    return new BackupException(
        Words.kind(e, Kind.WORK),
        "Cannot " + verb + " " + id + " of " + series.subject() + ": it could not be staged in "
            + directory + ": " + Words.of(e) + ". " + state,
        e);
  }
}
