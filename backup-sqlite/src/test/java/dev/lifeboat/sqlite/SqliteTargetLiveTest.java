package dev.lifeboat.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lifeboat.source.Facts;
import dev.lifeboat.source.RestoreTarget;
import dev.lifeboat.source.UnprovenException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Restores over a database in use: three orders are backed up, five are live. */
class SqliteTargetLiveTest {
  private static final Duration SHORT = Duration.ofMillis(200);

  @TempDir
  Path directory;

  private Path database;
  private Path staging;

  @BeforeEach
  void names() throws IOException {
    database = directory.resolve("shop.db");
    staging = directory.resolve("staging");
  }

  @ParameterizedTest
  @ValueSource(strings = {"WAL", "DELETE"})
  void poolsStayOpenAndSeeTheRestoredState(String journalMode) throws Exception {
    byte[] backup = backupOfThree(journalMode, 4096);
    List<Connection> pool = new ArrayList<>();
    try {
      for (int i = 0; i < 4; i++) {
        pool.add(Databases.connect(database));
        assertThat(Databases.orders(pool.get(i))).isEqualTo(5);
      }
      SqliteTarget target = SqliteTarget.live(database);
      Databases.staged(target, backup, staging);
      assertThat(target.holdsData()).isTrue();
      target.apply(staging);
      for (Connection connection : pool) {
        assertThat(Databases.orders(connection)).isEqualTo(3);
      }
      Databases.add(pool.get(0), 1);
      assertThat(Databases.orders(pool.get(3))).isEqualTo(4);
      assertThat(Sqlite.text(pool.get(1), "PRAGMA integrity_check")).isEqualTo("ok");
    } finally {
      for (Connection connection : pool) {
        connection.close();
      }
    }
    assertThat(Databases.pragma(database, "journal_mode")).isEqualToIgnoringCase(journalMode);
  }

  @ParameterizedTest
  @ValueSource(strings = {"WAL", "DELETE"})
  void anUndoBringsBackWhatWasLive(String journalMode) throws Exception {
    byte[] backup = backupOfThree(journalMode, 4096);
    List<String> before = Databases.content(database);
    Databases.staged(SqliteTarget.live(database), backup, staging);
    SqliteTarget.live(database).apply(staging);
    SqliteTarget.live(database).apply(staging);
    assertThat(Databases.orders(database)).isEqualTo(3);
    SqliteTarget.live(database).undo(staging);
    assertThat(Databases.content(database)).isEqualTo(before);
    SqliteTarget.live(database).undo(staging);
    assertThat(Databases.content(database)).isEqualTo(before);
    SqliteTarget.live(database).discard(staging);
    assertThat(Databases.content(database)).isEqualTo(before);
    assertThat(Databases.pragma(database, "journal_mode")).isEqualToIgnoringCase(journalMode);
    assertThat(Databases.namesIn(directory)).containsExactly("scratch", "shop.db", "staging");
  }

  @Test
  void stagingAndCheckingTouchNothingLive() throws Exception {
    byte[] backup = backupOfThree("WAL", 4096);
    byte[] before = Files.readAllBytes(database); // nobody has it open
    SqliteTarget target = SqliteTarget.live(database);
    Databases.staged(target, backup, staging);
    target.undo(staging);
    target.discard(staging);
    assertThat(Files.readAllBytes(database)).isEqualTo(before);
    assertThat(Databases.namesIn(staging)).containsExactly("staged.db");
  }

  @Test
  void whatIsStagedIsPrivate() throws Exception {
    byte[] backup = backupOfThree("WAL", 4096);
    Databases.staged(SqliteTarget.live(database), backup, staging);
    assertThat(java.nio.file.attribute.PosixFilePermissions.toString(
            Files.getPosixFilePermissions(staging.resolve("staged.db"))))
        .isEqualTo("rw-------");
  }

  @Test
  void theFactsOfTheStagedCopyAreThoseOfTheSource() throws Exception {
    Databases.shop(database, 3);
    SqliteSource source = SqliteSource.of("orders", database);
    Facts recorded;
    Path scratch = Files.createDirectory(directory.resolve("scratch"));
    var out = new java.io.ByteArrayOutputStream();
    try (var snapshot = source.open(scratch)) {
      snapshot.capture();
      recorded = snapshot.examine().and(snapshot.writeTo(out));
    }
    RestoreTarget target = source.target();
    Databases.staged((SqliteTarget) target, out.toByteArray(), staging);
    assertThat(target.check(staging)).isEqualTo(recorded);
    assertThat(target.thorough().check(staging)).isEqualTo(recorded);
    assertThat(recorded.counts()).containsEntry("rows of orders", 3L);
    target.apply(staging);
    assertThat(target.check(staging)).isEqualTo(recorded);
  }

  @ParameterizedTest
  @CsvSource({"WAL,DELETE", "DELETE,WAL"})
  void theLiveDatabaseKeepsItsJournalMode(String ofBackup, String ofLive) throws Exception {
    byte[] backup = backupOfThree(ofBackup, 4096);
    Databases.pragma(database, "journal_mode=" + ofLive);
    try (Connection host = Databases.connect(database)) {
      assertThat(Databases.orders(host)).isEqualTo(5);
      Databases.staged(SqliteTarget.live(database), backup, staging);
      SqliteTarget.live(database).apply(staging);
      assertThat(Databases.orders(host)).isEqualTo(3);
      assertThat(Sqlite.text(host, "PRAGMA journal_mode")).isEqualToIgnoringCase(ofLive);
    }
    assertThat(Databases.pragma(database, "journal_mode")).isEqualToIgnoringCase(ofLive);
    SqliteTarget.live(database).undo(staging);
    assertThat(Databases.orders(database)).isEqualTo(5);
    assertThat(Databases.pragma(database, "journal_mode")).isEqualToIgnoringCase(ofLive);
  }

  @ParameterizedTest
  @CsvSource({
    "WAL,4096,1024",
    "WAL,512,65536",
    "DELETE,4096,1024",
    "DELETE,512,65536",
    "WAL,65536,512"
  })
  void anotherPageSizeIsBroughtBackToo(String journalMode, int ofBackup, int ofLive)
      throws Exception {
    byte[] backup = backupOfThree(journalMode, ofBackup);
    Files.delete(database);
    Databases.shop(database, journalMode, ofLive, 500);
    List<String> before = Databases.content(database);
    Databases.staged(SqliteTarget.live(database), backup, staging);
    SqliteTarget.live(database).apply(staging);
    assertThat(Databases.orders(database)).isEqualTo(3);
    assertThat(Databases.pragma(database, "page_size")).isEqualTo(Integer.toString(ofBackup));
    assertThat(Databases.pragma(database, "journal_mode")).isEqualToIgnoringCase(journalMode);
    assertThat(Databases.pragma(database, "integrity_check")).isEqualTo("ok");
    SqliteTarget.live(database).undo(staging);
    assertThat(Databases.content(database)).isEqualTo(before);
    assertThat(Databases.pragma(database, "page_size")).isEqualTo(Integer.toString(ofLive));
    assertThat(Databases.pragma(database, "journal_mode")).isEqualToIgnoringCase(journalMode);
  }

  @Test
  void anotherPageSizeInWalNeedsTheDatabaseAlone() throws Exception {
    byte[] backup = backupOfThree("WAL", 1024);
    Files.delete(database);
    Databases.shop(database, 5);
    SqliteTarget target = SqliteTarget.live(database).patience(SHORT);
    Databases.staged(target, backup, staging);
    try (Connection host = Databases.connect(database)) {
      assertThat(Databases.orders(host)).isEqualTo(5);
      assertThatThrownBy(() -> target.apply(staging))
          .isInstanceOf(FileSystemException.class)
          .hasMessage(database
              + ": has pages of 4096 bytes, the backup's have 1024. In WAL mode that can only be changed"
              + " while nobody else has the database open, and somebody had for 200 ms. It was not"
              + " changed. Close all other connections to it and restore again.");
      assertThat(Databases.orders(host)).isEqualTo(5);
      assertThat(Sqlite.text(host, "PRAGMA journal_mode")).isEqualTo("wal");
      target.undo(staging);
    }
    target.apply(staging);
    assertThat(Databases.orders(database)).isEqualTo(3);
  }

  @Test
  void openConnectionsFollowAnotherPageSizeInRollbackMode() throws Exception {
    byte[] backup = backupOfThree("DELETE", 1024);
    Files.delete(database);
    Databases.shop(database, "DELETE", 8192, 5);
    try (Connection host = Databases.connect(database)) {
      assertThat(Databases.orders(host)).isEqualTo(5);
      Databases.staged(SqliteTarget.live(database), backup, staging);
      SqliteTarget.live(database).apply(staging);
      assertThat(Databases.orders(host)).isEqualTo(3);
      Databases.add(host, 2);
      assertThat(Sqlite.text(host, "PRAGMA integrity_check")).isEqualTo("ok");
    }
  }

  @Test
  void aReaderInWalKeepsItsSnapshot() throws Exception {
    byte[] backup = backupOfThree("WAL", 4096);
    Databases.staged(SqliteTarget.live(database), backup, staging);
    try (Connection reader = Databases.connect(database)) {
      reader.setAutoCommit(false);
      assertThat(Databases.orders(reader)).isEqualTo(5);
      SqliteTarget.live(database).apply(staging);
      assertThat(Databases.orders(reader)).isEqualTo(5);
      reader.rollback();
      assertThat(Databases.orders(reader)).isEqualTo(3);
    }
  }

  @ParameterizedTest
  @CsvSource({"WAL,BEGIN IMMEDIATE", "DELETE,BEGIN IMMEDIATE", "DELETE,BEGIN"})
  void aBusyDatabaseIsAnErrorAndStaysAsItWas(String journalMode, String begin) throws Exception {
    byte[] backup = backupOfThree(journalMode, 4096);
    SqliteTarget target = SqliteTarget.live(database).patience(SHORT);
    Databases.staged(target, backup, staging);
    try (Connection host = Databases.connect(database)) {
      Databases.run(host, begin);
      assertThat(Databases.orders(host)).isEqualTo(5);
      assertThatThrownBy(() -> target.apply(staging))
          .isInstanceOf(FileSystemException.class)
          .hasMessage(
              database
                  + ": stayed locked by another connection for 200 ms (SQLITE_BUSY). It was not changed.");
      assertThat(Databases.orders(host)).isEqualTo(5);
      target.undo(staging); // while it is locked still
      Databases.run(host, "ROLLBACK");
    }
    assertThat(Databases.orders(database)).isEqualTo(5);
    target.apply(staging);
    assertThat(Databases.orders(database)).isEqualTo(3);
  }

  @Test
  void anExclusivelyLockedDatabaseIsAnErrorAndStaysAsItWas() throws Exception {
    byte[] backup = backupOfThree("DELETE", 4096);
    SqliteTarget target = SqliteTarget.live(database).patience(SHORT);
    Databases.staged(target, backup, staging);
    try (Connection host = Databases.connect(database)) {
      Databases.run(host, "BEGIN EXCLUSIVE");
      assertThatThrownBy(() -> target.apply(staging))
          .isInstanceOf(FileSystemException.class)
          .hasMessage(
              database
                  + ": stayed locked by another connection for 200 ms (SQLITE_BUSY). It was not changed.");
      target.undo(staging);
      Databases.run(host, "ROLLBACK");
    }
    assertThat(Databases.orders(database)).isEqualTo(5);
  }

  @Test
  void aWriterThatNeverRestsIsAnErrorOrIsRestoredOver() throws Exception {
    Ledger.create(database, "WAL", 4096);
    byte[] backup = Databases.backup(database, directory.resolve("scratch"));
    SqliteTarget target = SqliteTarget.live(database).patience(SHORT);
    Databases.staged(target, backup, staging);
    Ledger ledger = new Ledger(database);
    Thread writer = new Thread(ledger);
    writer.start();
    try {
      while (ledger.committed() == 0 && writer.isAlive()) {
        Thread.onSpinWait();
      }
      target.apply(staging);
    } catch (FileSystemException e) {
      assertThat(e).hasMessageMatching(".*stayed locked.* for 200 ms.*");
    } finally {
      ledger.stop();
      writer.join();
    }
    assertThat(ledger.failure()).hasMessage("none");
    assertThat(ledger.committed()).isPositive();
    try (Connection copy = Databases.connect(database)) {
      List<String> findings = new ArrayList<>();
      Ledger.proven(copy, findings);
      assertThat(findings).isEmpty();
      assertThat(Sqlite.text(copy, "PRAGMA integrity_check")).isEqualTo("ok");
    }
  }

  @Test
  void anUndoNeverDestroysWhatSomebodyDidSince() throws Exception {
    byte[] backup = backupOfThree("WAL", 4096);
    SqliteTarget target = SqliteTarget.live(database);
    Databases.staged(target, backup, staging);
    target.apply(staging);
    try (Connection host = Databases.connect(database)) {
      Databases.add(host, 1);
    }
    String old = staging.resolve("old.db").toString();
    assertThatThrownBy(() -> target.undo(staging))
        .isInstanceOf(IOException.class)
        .hasMessage("What was live before at " + database
            + " could not be brought back: somebody has changed it since the restore, so nothing was"
            + " touched. It lies whole in " + old + ". By hand, with no writer at work: sqlite3 '"
            + database + "' \".restore '" + old + "'\"");
    assertThat(Databases.orders(database)).isEqualTo(4);
    assertThatThrownBy(() -> target.apply(staging))
        .hasMessage(database
            + " was changed by somebody since this restore was cut short, so nothing was touched. What"
            + " was live before lies in " + old + ".");
    assertThat(Databases.orders(Path.of(old))).isEqualTo(5);
  }

  @Test
  void anEmptyFileTakesTheBackupAndIsEmptyAgainAfterAnUndo() throws Exception {
    byte[] backup = backupOfThree("WAL", 1024);
    Files.delete(database);
    Files.createFile(database);
    SqliteTarget target = SqliteTarget.live(database);
    assertThat(target.holdsData()).isFalse();
    Databases.staged(target, backup, staging);
    target.apply(staging);
    assertThat(Databases.orders(database)).isEqualTo(3);
    assertThat(Databases.pragma(database, "journal_mode")).isEqualTo("wal");
    target.undo(staging);
    assertThat(Databases.content(database)).isEmpty();
    target.undo(staging);
  }

  @Test
  void anEmptyFileWithAStaleLogTakesTheBackup() throws Exception {
    byte[] backup = backupOfThree("WAL", 4096);
    crash(database, "INSERT INTO orders(what) VALUES('in the log')", "-wal");
    Files.write(database, new byte[0]);
    SqliteTarget target = SqliteTarget.live(database);
    Databases.staged(target, backup, staging);
    target.apply(staging);
    assertThat(Databases.orders(database)).isEqualTo(3);
  }

  @Test
  void aLogThatACrashLeftBelongsToWhatIsLive() throws Exception {
    byte[] backup = backupOfThree("WAL", 4096);
    crash(database, "INSERT INTO orders(what) VALUES('in the log')", "-wal");
    SqliteTarget target = SqliteTarget.live(database);
    Databases.staged(target, backup, staging);
    target.apply(staging);
    assertThat(Databases.orders(database)).isEqualTo(3);
    target.undo(staging);
    assertThat(Databases.orders(database)).isEqualTo(6);
  }

  @Test
  void aHotJournalIsRolledBackFirst() throws Exception {
    byte[] backup = backupOfThree("DELETE", 4096);
    List<String> before = Databases.content(database);
    crash(
        database,
        "PRAGMA cache_size=1; BEGIN; WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT"
            + " 2000) INSERT INTO orders(what) SELECT hex(randomblob(500)) FROM n",
        "-journal");
    SqliteTarget target = SqliteTarget.live(database);
    Databases.staged(target, backup, staging);
    target.apply(staging);
    assertThat(Databases.orders(database)).isEqualTo(3);
    target.undo(staging);
    assertThat(Databases.content(database)).isEqualTo(before);
  }

  @Test
  void aCopyThatIsCutOrForeignIsNotProven() throws Exception {
    byte[] backup = backupOfThree("WAL", 4096);
    SqliteTarget target = SqliteTarget.live(database);
    assertUnproven(
        target,
        Arrays.copyOf(backup, backup.length - 1),
        "is " + (backup.length - 1) + " bytes long, but its header says " + backup.length / 4096
            + " pages of 4096 bytes");
    assertUnproven(target, new byte[0], "is 0 bytes long, too short for a SQLite database");
    assertUnproven(target, new byte[5000], "does not begin like a SQLite database");
    assertThat(Databases.orders(database)).isEqualTo(5);
  }

  @Test
  void anUnsoundCopyIsNotProven() throws Exception {
    Databases.shop(database, 500);
    byte[] backup = Databases.backup(database, directory.resolve("scratch"));
    Arrays.fill(backup, 4096 * 5, 4096 * 5 + 200, (byte) 0xee);
    Files.createDirectory(staging);
    SqliteTarget target = SqliteTarget.live(database);
    target.stage(new ByteArrayInputStream(backup), Facts.NONE, staging);
    assertThatThrownBy(() -> target.check(staging))
        .isInstanceOf(UnprovenException.class)
        .hasMessageStartingWith("quick_check: ");
    assertThatThrownBy(() -> target.thorough().check(staging))
        .isInstanceOf(UnprovenException.class)
        .hasMessageStartingWith("integrity_check: ");
    assertThatThrownBy(() -> target.noIntegrityCheck().thorough().check(staging))
        .isInstanceOf(UnprovenException.class)
        .hasMessage(staging.resolve("staged.db")
            + " is a corrupt SQLite database ([SQLITE_CORRUPT] The database disk image is malformed"
            + " (database disk image is malformed)). It is a private copy.");
  }

  @Test
  void theHostsChecksRunOnTheStagedCopy() throws Exception {
    byte[] backup = backupOfThree("WAL", 4096);
    SqliteTarget target = SqliteTarget.live(database).check("five orders", copy -> {
      if (Databases.orders(copy) != 5) {
        throw new SQLException("there are " + Databases.orders(copy));
      }
    });
    Files.createDirectory(staging);
    target.stage(new ByteArrayInputStream(backup), Facts.NONE, staging);
    assertThatThrownBy(() -> target.check(staging))
        .isInstanceOf(UnprovenException.class)
        .hasMessage("the check \"five orders\" failed: there are 3");
  }

  @Test
  void aStreamThatBreaksLeavesNothingToApply() throws Exception {
    backupOfThree("WAL", 4096);
    Files.createDirectory(staging);
    IOException cut = new IOException("the connection was cut");
    InputStream content =
        new java.io.FilterInputStream(new ByteArrayInputStream(new byte[100_000])) {
          @Override
          public int read(byte[] bytes, int offset, int length) throws IOException {
            int n = super.read(bytes, offset, length);
            if (n < 0) {
              throw cut;
            }
            return n;
          }
        };
    SqliteTarget target = SqliteTarget.live(database);
    assertThatThrownBy(() -> target.stage(content, Facts.NONE, staging)).isSameAs(cut);
    assertThatThrownBy(() -> target.apply(staging))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "The staging directory " + staging + " holds no complete copy; nothing was changed.");
    target.undo(staging);
    target.discard(staging);
    assertThat(Databases.orders(database)).isEqualTo(5);
  }

  @Test
  void theSpaceAskedForIsTheLogTheOldImageAndTheProof() throws Exception {
    backupOfThree("WAL", 4096);
    long old = Files.size(database);
    SqliteTarget target = SqliteTarget.live(database);
    assertThat(target.spaceFor(1000).needed()).isEqualTo(3 * old);
    assertThat(target.spaceFor(old + 10).needed()).isEqualTo(3 * old + 30);
    assertThat(target.spaceFor(Long.MAX_VALUE / 2).needed()).isEqualTo(Long.MAX_VALUE);
    assertThat(target.overBroken().spaceFor(1000).needed()).isEqualTo(2000);
    assertThat(
            SqliteTarget.live(database.resolveSibling("none.db")).spaceFor(1000).needed())
        .isEqualTo(2000);
    assertThat(target.spaceFor(1000).free()).isPositive();
  }

  private void assertUnproven(SqliteTarget target, byte[] content, String what) throws IOException {
    Path here = Files.createDirectory(directory.resolve("staging" + content.length));
    target.stage(new ByteArrayInputStream(content), Facts.NONE, here);
    assertThatThrownBy(() -> target.check(here))
        .isInstanceOf(UnprovenException.class)
        .hasMessage("The copy " + here.resolve("staged.db") + " " + what);
    assertThatThrownBy(() -> target.apply(here)).isInstanceOf(UnprovenException.class);
  }

  private byte[] backupOfThree(String journalMode, int pageSize) throws Exception {
    Databases.shop(database, journalMode, pageSize, 3);
    byte[] backup = Databases.backup(database, directory.resolve("scratch"));
    try (Connection host = Databases.connect(database)) {
      Databases.add(host, 2);
    }
    return backup;
  }

  /** Another process runs these statements and dies in the middle; {@code left} is what it leaves behind. */
  private static void crash(Path database, String statements, String left) throws Exception {
    try (ChildJvm child = ChildJvm.start(Crashing.class, database, statements)) {
      assertThat(child.nextLine()).isEqualTo("ready");
      child.kill();
    }
    assertThat(LiveFile.sibling(database, left)).isNotEmptyFile();
  }

  /** Runs statements, and waits for its end with the connection open. */
  static final class Crashing {
    public static void main(String[] arguments) throws Exception {
      Connection connection = Databases.connect(Path.of(arguments[0]));
      Databases.run(connection, arguments[1].split(";"));
      System.out.println("ready");
      new java.util.concurrent.CountDownLatch(1).await();
    }
  }
}
