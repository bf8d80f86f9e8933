package dev.lifeboat.sqlite;

import dev.lifeboat.catalog.Text;
import dev.lifeboat.source.UnprovenException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Replaces what is in a live database through SQLite itself: one online backup from the staged copy towards it, which is
 * one transaction. Connections stay open; a crash at any moment leaves all of the old state or all of the new one.
 *
 * <p>What happened is told by content, not by memory: what is live is copied, and its {@link Fingerprint} is that of the
 * old image, or of the staged copy, or somebody has worked on it since.
 */
final class InPlace {
  private static final int TRIES = 3;

  private final Path live;
  private final Staging staging;
  private final Plan plan;
  private final Patience patience;
  private final Replacing replacing;

  /** How all of a live database is replaced; tests do it otherwise. */
  @FunctionalInterface
  interface Replacing {
    void replace(LiveDatabase database, Path image) throws IOException;
  }

  InPlace(Staging staging, Plan plan, Patience patience) {
    this(staging, plan, patience, LiveDatabase::replaceBy);
  }

  InPlace(Staging staging, Plan plan, Patience patience, Replacing replacing) {
    this.replacing = replacing;
    this.live = plan.live();
    this.staging = staging;
    this.plan = plan;
    this.patience = patience;
  }

  void apply() throws IOException {
    keepMode();
    try (LiveDatabase database = LiveDatabase.open(live, patience)) {
      if (wasApplied(database)) {
        return;
      }
      staging.begin();
      prepare(database);
      try {
        replacing.replace(database, staging.staged());
      } catch (LockedException | InterruptedIOException e) {
        endAfter(e); // nothing was replaced, and an undo might find it locked still
        throw e;
      }
      Uninterrupted.run(() -> prove(database));
      database.checkpoint();
    }
  }

  private void prepare(LiveDatabase database) throws IOException {
    try {
      keepOld(database);
    } catch (IOException e) {
      endAfter(e); // nothing was replaced, and an undo might find no room
      throw e;
    }
  }

  private void endAfter(IOException failure) {
    try {
      Uninterrupted.run(staging::end);
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  void undo() throws IOException {
    if (!mayHaveReplaced()) {
      return;
    }
    try (LiveDatabase database = LiveDatabase.open(live, patience)) {
      if (database.equalTo(staging.old(), staging.seen())) {
        restoreMode(database);
      } else if (database.equalTo(staging.staged(), staging.seen())) {
        putBack(database);
      } else {
        throw new IOException("somebody has changed it since the restore, so nothing was touched");
      }
    } catch (IOException e) {
      throw stuck(e);
    }
    staging.end();
  }

  /** The mode of the live database is its host's affair; the staged copy is made to say the same. */
  private void keepMode() throws IOException {
    if (staging.header().isWal() != plan.wal()) {
      Header.setWal(staging.staged(), plan.wal());
    }
  }

  private boolean mayHaveReplaced() {
    return staging.hasBegun() && Files.exists(staging.old());
  }

  /** Whether an earlier apply, cut short, came to its end after all. */
  private boolean wasApplied(LiveDatabase database) throws IOException {
    if (!mayHaveReplaced() || database.equalTo(staging.old(), staging.seen())) {
      return false;
    }
    if (database.equalTo(staging.staged(), staging.seen())) {
      return true;
    }
    throw new IOException(place()
        + " was changed by somebody since this restore was cut short, so nothing was touched. What"
        + " was live before lies in " + Text.printable(staging.old().toString()) + ".");
  }

  /** Taken while nobody can write, and right before the replacing. */
  private void keepOld(LiveDatabase database) throws IOException {
    Path part = staging.oldPart();
    database.whileNobodyWrites(() -> {
      database.copyTo(part);
      // not later: what is committed between this and the replacing is lost
      staging.takeRoomToSee(part);
      staging.keepOld(part); // forced to the disk before anybody can commit again
    });
  }

  /**
   * What is live is what was staged, or it is put back; but never if somebody else is seen to have committed since. Who
   * commits between the replacing and the first look after it cannot be told from a replacing that failed, so that is
   * tried again.
   */
  private void prove(LiveDatabase database) throws IOException {
    long ours = database.version();
    try {
      boolean staged = isStaged(database, ours);
      for (int tries = 1; !staged && tries < TRIES; tries++) {
        replacing.replace(database, staging.staged());
        ours = database.version();
        staged = isStaged(database, ours);
      }
      if (staged) {
        return;
      }
    } catch (IOException e) {
      if (database.version() == ours) {
        putBackAfter(e, database);
      }
      throw e;
    }
    String what = place() + " was not what was staged after it had been replaced.";
    try {
      putBackAndEnd(database);
    } catch (IOException e) {
      throw new IOException(what + " " + stuck(e).getMessage(), e);
    }
    throw new IOException(what + " What was live before was put back.");
  }

  /** Whether it is, or was before somebody went on from there and left it sound. */
  private boolean isStaged(LiveDatabase database, long ours) throws IOException {
    try {
      long seen = database.copyTo(staging.seen());
      if (Fingerprint.same(staging.seen(), staging.staged())) {
        return true;
      }
      if (seen != ours) {
        proveSound();
        return true;
      }
      return false;
    } finally {
      Files.deleteIfExists(staging.seen());
    }
  }

  private void proveSound() throws IOException {
    try {
      Examination.of(staging.seen(), new Proving(Integrity.QUICK, List.of()));
    } catch (UnprovenException e) {
      throw new IOException(
          place() + " was restored, then changed by somebody else, and is not sound now: "
              + SqliteErrors.sentence(e) + " What was live before lies in "
              + Text.printable(staging.old().toString()) + ".",
          e);
    }
  }

  private void putBackAfter(IOException failure, LiveDatabase database) {
    try {
      putBackAndEnd(database);
    } catch (IOException e) {
      failure.addSuppressed(stuck(e));
    }
  }

  private void putBackAndEnd(LiveDatabase database) throws IOException {
    putBack(database);
    staging.end();
  }

  private void putBack(LiveDatabase database) throws IOException {
    database.replaceBy(staging.old());
    if (!database.equalTo(staging.old(), staging.seen())) {
      throw new IOException("it was not what had been live before after that had been put back");
    }
    restoreMode(database);
  }

  /** After a crash between leaving WAL and replacing, or where what was kept for the undo was kept after one. */
  private void restoreMode(LiveDatabase database) throws IOException {
    if (plan.wal() && !database.isWal()) {
      database.enterWal();
    }
  }

  private IOException stuck(IOException cause) {
    String old = Text.printable(staging.old().toString());
    return new IOException(
        "What was live before at " + place() + " could not be brought back: "
            + SqliteErrors.sentence(cause) + " It lies whole in " + old
            + ". By hand, with no writer at work: sqlite3 '" + place()
            + "' \".restore '" + old + "'\"",
        cause);
  }

  private String place() {
    return Text.printable(live.toString());
  }
}
