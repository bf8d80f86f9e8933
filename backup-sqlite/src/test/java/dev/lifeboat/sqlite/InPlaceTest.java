package dev.lifeboat.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lifeboat.testkit.DiskCall;
import dev.lifeboat.testkit.DiskCall.Operation;
import dev.lifeboat.testkit.WatchedDisk;
import dev.lifeboat.testkit.Watcher;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens when replacing does not do what it says, or somebody comes in between. */
class InPlaceTest {
  @TempDir
  Path directory;

  private Path database;
  private Path other;
  private Staging staging;
  private Path stagingDirectory;

  @BeforeEach
  void stage() throws Exception {
    database = Databases.shop(directory.resolve("shop.db"), 5);
    Path source = Databases.shop(directory.resolve("source.db"), 3);
    other = Databases.shop(directory.resolve("other.db"), 9);
    stagingDirectory = Databases.staged(
        SqliteTarget.live(database),
        Databases.backup(source, directory.resolve("scratch")),
        directory.resolve("staging"));
    staging = new Staging(stagingDirectory);
    staging.keep(Plan.of(Plan.Way.DATABASE, true, database));
  }

  @Test
  void aRestoreThatDidNothingIsFound() throws Exception {
    assertThatThrownBy(() -> inPlace((live, image) -> {}).apply())
        .isInstanceOf(IOException.class)
        .hasMessage(
            database + " was not what was staged after it had been replaced. What was live before"
                + " was put back.")
        .satisfies(e -> assertThat(e.getSuppressed()).isEmpty());
    assertThat(Databases.orders(database)).isEqualTo(5);
  }

  @Test
  void aRestoreOfSomethingElseIsFoundAndUndone() throws Exception {
    assertThatThrownBy(() -> inPlace((live, image) -> live.replaceBy(other)).apply())
        .isInstanceOf(IOException.class)
        .hasMessage(
            database + " was not what was staged after it had been replaced. What was live before"
                + " was put back.");
    assertThat(Databases.orders(database)).isEqualTo(5);
    SqliteTarget.live(database).undo(stagingDirectory);
    assertThat(Databases.orders(database)).isEqualTo(5);
  }

  @Test
  void whatCouldNotBePutBackIsNotSaidToBe() throws Exception {
    try (Connection host = Databases.connect(database)) {
      AtomicBoolean locked = new AtomicBoolean();
      InPlace inPlace = new InPlace(
          staging, staging.plan().orElseThrow(), new Patience(Duration.ZERO), (live, image) -> {
            if (locked.compareAndSet(false, true)) {
              live.replaceBy(other);
              locked(host);
            }
          });
      assertThatThrownBy(inPlace::apply)
          .isInstanceOf(IOException.class)
          .hasMessage(
              database + " was not what was staged after it had been replaced. What was live"
                  + " before at " + database + " could not be brought back: " + database
                  + ": stayed locked by another connection for 0 s (SQLITE_BUSY). It was not changed."
                  + " It lies whole in " + staging.old()
                  + ". By hand, with no writer at work: sqlite3 '"
                  + database + "' \".restore '" + staging.old() + "'\"");
      Databases.run(host, "ROLLBACK");
    }
    assertThat(Databases.orders(database)).isEqualTo(9);
    assertThat(Databases.orders(staging.old())).isEqualTo(5);
  }

  @Test
  void aCommitBetweenTheReplacingAndTheFirstLookIsOverwrittenByAnother() throws Exception {
    AtomicInteger times = new AtomicInteger();
    inPlace((live, image) -> {
          live.replaceBy(image);
          if (times.incrementAndGet() == 1) {
            live.replaceBy(other);
          }
        })
        .apply();
    assertThat(times).hasValue(2);
    assertThat(Databases.orders(database)).isEqualTo(3);
  }

  /** Without a gate, and without ever a quiet moment. */
  @Test
  void aBusyWriterHoldsUpNoRestore() throws Exception {
    AtomicBoolean open = new AtomicBoolean(true);
    CountDownLatch writing = new CountDownLatch(1);
    Thread writer = new Thread(() -> {
      try (Connection host = Databases.connect(database)) {
        Databases.run(host, "PRAGMA busy_timeout = 60000");
        while (open.get()) {
          Databases.add(host, 1);
          writing.countDown();
        }
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    });
    writer.start();
    try {
      writing.await();
      SqliteTarget.live(database).apply(stagingDirectory);
    } finally {
      open.set(false);
      writer.join();
    }
    assertThat(Databases.pragma(database, "integrity_check")).isEqualTo("ok");
    assertThat(Databases.orders(database)).isGreaterThanOrEqualTo(3);
  }

  @Test
  void whyItFailedIsNotHiddenByWhatFailsAfterwards() {
    Staging failing = new Staging(WatchedDisk.over(stagingDirectory, new Watcher() {
      @Override
      public <T> T call(DiskCall call, Effect<T> effect) throws IOException {
        String name = call.path().getFileName().toString();
        if (call.operation() == Operation.DELETE && List.of("old.part", "begun").contains(name)) {
          throw new IOException("cannot remove " + name);
        }
        return effect.run();
      }
    }));
    Plan plan = Plan.of(Plan.Way.DATABASE, true, database);
    assertThatThrownBy(() -> new InPlace(failing, plan, Patience.DEFAULT).apply())
        .hasMessage("cannot remove old.part")
        .satisfies(e -> assertThat(e.getSuppressed())
            .extracting(Throwable::getMessage)
            .containsExactly("cannot remove begun"));
  }

  @Test
  void aReplacingThatFailsLeavesWhatWasLive() throws Exception {
    IOException failure = new IOException("the disk went away");
    assertThatThrownBy(() -> inPlace((live, image) -> {
              throw failure;
            })
            .apply())
        .isSameAs(failure);
    SqliteTarget.live(database).undo(stagingDirectory);
    assertThat(Databases.orders(database)).isEqualTo(5);
  }

  @Test
  void aProofThatCannotBeMadeIsUndone() throws Exception {
    assertThatThrownBy(() -> inPlace((live, image) -> {
              live.replaceBy(image);
              Files.createDirectories(staging.seen().resolve("in the way"));
            })
            .apply())
        .isInstanceOf(java.nio.file.DirectoryNotEmptyException.class);
    assertThat(Databases.orders(database)).isEqualTo(5);
    Files.delete(staging.seen().resolve("in the way"));
    Files.delete(staging.seen());
    SqliteTarget.live(database).undo(stagingDirectory);
    assertThat(Databases.orders(database)).isEqualTo(5);
  }

  @Test
  void anInterruptWhileReplacingNeitherBreaksTheProofNorGetsLost() throws Exception {
    inPlace((live, image) -> {
          live.replaceBy(image);
          Thread.currentThread().interrupt();
        })
        .apply();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(Databases.orders(database)).isEqualTo(3);
    Thread.currentThread().interrupt();
    SqliteTarget.live(database).undo(stagingDirectory);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(Databases.orders(database)).isEqualTo(5);
  }

  @Test
  void anInterruptWhileWaitingLeavesWhatWasLive() throws Exception {
    try (Connection host = Databases.connect(database)) {
      InPlace inPlace = inPlace((live, image) -> {
        locked(host);
        Thread.currentThread().interrupt();
        live.replaceBy(image);
      });
      assertThatThrownBy(inPlace::apply)
          .isInstanceOf(InterruptedIOException.class)
          .hasMessage("interrupted while waiting for a locked database");
      assertThat(Thread.interrupted()).isTrue();
      Databases.run(host, "ROLLBACK");
    }
    SqliteTarget.live(database).undo(stagingDirectory);
    assertThat(Databases.orders(database)).isEqualTo(5);
  }

  @Test
  void aCommitBeforeTheReplacingIsKeptForTheUndo() throws Exception {
    try (Connection host = Databases.connect(database)) {
      Databases.add(host, 1);
    }
    SqliteTarget.live(database).apply(stagingDirectory);
    assertThat(Databases.orders(database)).isEqualTo(3);
    SqliteTarget.live(database).undo(stagingDirectory);
    assertThat(Databases.orders(database)).isEqualTo(6);
  }

  @Test
  void aDatabaseThatLeftWalAndCrashedGoesBackThere() throws Exception {
    Path old = staging.oldPart();
    try (LiveDatabase live = LiveDatabase.open(database, Patience.DEFAULT)) {
      staging.begin();
      live.copyTo(old);
      staging.keepOld(old);
      live.leaveWal();
    }
    SqliteTarget.live(database).undo(stagingDirectory);
    assertThat(Databases.pragma(database, "journal_mode")).isEqualTo("wal");
    assertThat(Databases.orders(database)).isEqualTo(5);
  }

  @Test
  void aRestoreThatGoesOnAfterSuchACrashIsUndoneIntoWalToo() throws Exception {
    Path old = staging.oldPart();
    try (LiveDatabase live = LiveDatabase.open(database, Patience.DEFAULT)) {
      staging.begin();
      live.copyTo(old);
      staging.keepOld(old);
      live.leaveWal();
    }
    SqliteTarget.live(database).apply(stagingDirectory);
    assertThat(Databases.orders(database)).isEqualTo(3);
    SqliteTarget.live(database).undo(stagingDirectory);
    assertThat(Databases.orders(database)).isEqualTo(5);
    assertThat(Databases.pragma(database, "journal_mode")).isEqualTo("wal");
  }

  @Test
  void aWriterWhoComesInBetweenIsNeverUndone() throws Exception {
    SqliteTarget.live(database).apply(stagingDirectory);
    try (LiveDatabase live = LiveDatabase.open(database, new Patience(Duration.ofSeconds(1)));
        Connection host = Databases.connect(database)) {
      long before = live.version();
      assertThat(live.version()).isEqualTo(before);
      assertThat(live.copyTo(staging.seen())).isEqualTo(before);
      Databases.add(host, 1);
      assertThat(live.copyTo(staging.seen())).isNotEqualTo(before);
      assertThat(live.version()).isNotEqualTo(before);
    }
    assertThatThrownBy(() -> SqliteTarget.live(database).undo(stagingDirectory))
        .hasMessageContaining("somebody has changed it since the restore");
    assertThat(Databases.orders(database)).isEqualTo(4);
  }

  private static void locked(Connection host) throws IOException {
    try {
      Databases.run(host, "BEGIN IMMEDIATE");
    } catch (SQLException e) {
      throw new IOException(e);
    }
  }

  private interface Replacement {
    void replace(LiveDatabase live, Path image) throws IOException;
  }

  private InPlace inPlace(Replacement replacement) throws IOException, SQLException {
    return new InPlace(
        staging,
        staging.plan().orElseThrow(),
        new Patience(Duration.ofSeconds(5)),
        replacement::replace);
  }
}
