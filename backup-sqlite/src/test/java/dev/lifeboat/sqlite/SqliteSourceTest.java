package dev.lifeboat.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lifeboat.source.Facts;
import dev.lifeboat.source.Snapshot;
import dev.lifeboat.source.UnprovenException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SqliteSourceTest {
  @TempDir
  Path directory;

  private Path scratch;

  @BeforeEach
  void makeScratch() throws IOException {
    scratch = Files.createDirectory(directory.resolve("scratch"));
  }

  @Test
  void itSaysWhatItIs() {
    SqliteSource source = SqliteSource.of("orders", directory.resolve("shop.db"));
    assertThat(source.name()).isEqualTo("orders");
    assertThat(source.type()).isEqualTo("sqlite");
    assertThat(source.suffix()).isEqualTo("db");
    assertThat(source).hasToString("SqliteSource[orders]");
    assertThat(source.target().type()).isEqualTo("sqlite");
    assertThat(source.target().description())
        .isEqualTo("the SQLite database " + directory.resolve("shop.db"));
  }

  @ParameterizedTest
  @CsvSource({
    "WAL,512",
    "WAL,1024",
    "WAL,2048",
    "WAL,4096",
    "WAL,8192",
    "WAL,16384",
    "WAL,32768",
    "WAL,65536",
    "DELETE,512",
    "DELETE,1024",
    "DELETE,2048",
    "DELETE,4096",
    "DELETE,8192",
    "DELETE,16384",
    "DELETE,32768",
    "DELETE,65536"
  })
  void aCopyHoldsAllThatWasCommitted(String journalMode, int pageSize) throws Exception {
    Path database = Databases.shop(directory.resolve("shop.db"), journalMode, pageSize, 500);
    try (Connection host = Databases.connect(database)) {
      Databases.add(host, 3); // in WAL these lie in the log
      List<String> content = Databases.content(host);
      Path copy = directory.resolve("copy.db");
      Files.write(copy, Databases.backup(database, scratch));
      assertThat(Databases.content(copy)).isEqualTo(content);
      assertThat(Databases.pragma(copy, "page_size")).isEqualTo(Integer.toString(pageSize));
      assertThat(Databases.pragma(copy, "integrity_check")).isEqualTo("ok");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "with space.db",
        "it's \"quoted\".db",
        "what?mode=memory&cache=shared.db",
        "per%20cent%zz.db",
        "ha#sh.db",
        "ünï-漢字-😀.db",
        "file:odd.db",
        ":memory:",
        ":resource:x.db",
        "new\nline;.db",
        "back\\slash"
      })
  void anyNameIsOnlyAName(String name) throws Exception {
    Path database = Databases.shop(directory.resolve(name), 5);
    Path copy = directory.resolve("copy.db");
    Files.write(copy, Databases.backup(database, scratch));
    assertThat(Databases.orders(copy)).isEqualTo(5);
    assertThat(Databases.namesIn(directory)).containsExactlyInAnyOrder("copy.db", "scratch", name);
  }

  @Test
  void theStateIsThatOfOpen() throws Exception {
    Path database = Databases.shop(directory.resolve("shop.db"), 5);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (Connection host = Databases.connect(database);
        Snapshot snapshot = SqliteSource.of("orders", database).open(scratch)) {
      Databases.add(host, 1);
      snapshot.capture();
      Databases.add(host, 1);
      assertThat(snapshot.examine().counts()).containsEntry("rows of orders", 5L);
      snapshot.writeTo(out);
    }
    Path copy = directory.resolve("copy.db");
    Files.write(copy, out.toByteArray());
    assertThat(Databases.orders(copy)).isEqualTo(5);
    assertThat(Databases.namesIn(scratch)).isEmpty();
  }

  @Test
  void theFactsTellWhatWasWritten() throws Exception {
    Path database = directory.resolve("shop.db");
    Databases.shop(database, "DELETE", 1024, 20);
    try (Connection host = Databases.connect(database)) {
      Databases.run(
          host,
          "CREATE TABLE \"odd \"\"name\"(a)",
          "CREATE TABLE bare(k TEXT PRIMARY KEY) WITHOUT ROWID",
          "INSERT INTO bare VALUES('x'), ('y')",
          "CREATE VIRTUAL TABLE words USING fts5(word)",
          "INSERT INTO words VALUES('ahoy')",
          "CREATE TABLE numbered(id INTEGER PRIMARY KEY AUTOINCREMENT)",
          "CREATE TABLE child(parent INTEGER REFERENCES orders(id))",
          "INSERT INTO child VALUES(1), (999999)",
          "CREATE VIEW v AS SELECT * FROM orders");
    }
    Facts facts = facts(SqliteSource.of("orders", database));
    assertThat(facts.counts())
        .containsExactly(
            java.util.Map.entry("foreign key violations", 1L),
            java.util.Map.entry("rows of bare", 2L),
            java.util.Map.entry("rows of child", 2L),
            java.util.Map.entry("rows of numbered", 0L),
            java.util.Map.entry("rows of odd \"name", 0L),
            java.util.Map.entry("rows of orders", 20L));
    assertThat(facts.values())
        .containsEntry("user_version", "7")
        .containsEntry("application_id", "4711")
        .containsEntry("page size", "1024")
        .containsEntry("encoding", "UTF-8")
        .containsEntry("pages", Databases.pragma(database, "page_count"))
        .hasSize(5);
    try (Connection host = Databases.connect(database)) {
      assertThat(facts.notes())
          .containsOnly(
              java.util.Map.entry("journal mode", "rollback"),
              java.util.Map.entry("SQLite version", Sqlite.text(host, "SELECT sqlite_version()")));
    }
    assertThat(facts.gaps()).isEmpty();
  }

  @Test
  void anEncodingAndTheLogAreFacts() throws Exception {
    Path database = directory.resolve("shop.db");
    try (Connection host = Databases.connect(database)) {
      Databases.run(
          host, "PRAGMA encoding='UTF-16be'", "PRAGMA journal_mode=WAL", "CREATE TABLE t(a)");
    }
    Facts facts = facts(SqliteSource.of("orders", database));
    assertThat(facts.values()).containsEntry("encoding", "UTF-16be");
    assertThat(facts.notes()).containsEntry("journal mode", "wal");
  }

  @Test
  void aTableWhoseModuleIsMissingIsNoted() throws Exception {
    Path database = Databases.shop(directory.resolve("shop.db"), 2);
    try (Connection host = Databases.connect(database)) {
      Databases.run(
          host,
          "CREATE VIRTUAL TABLE words USING fts5(word)",
          "PRAGMA writable_schema=ON",
          "UPDATE sqlite_master SET sql = replace(sql, 'fts5', 'ours') WHERE name = 'words'");
    }
    Facts facts = facts(SqliteSource.of("orders", database));
    assertThat(facts.counts()).containsOnlyKeys("foreign key violations", "rows of orders");
    assertThat(facts.notes())
        .containsEntry(
            "virtual table words",
            "could not be opened: [SQLITE_ERROR] SQL error or missing database (no such module: ours)");
  }

  @Test
  void aSchemaThatNeedsTheApplicationIsNotCheckedIfToldSo() throws Exception {
    Path database = Databases.shop(directory.resolve("shop.db"), 2);
    try (Connection host = Databases.connect(database)) {
      org.sqlite.Collation.create(host, "port", new ByName());
      Databases.run(
          host,
          "CREATE TABLE ships(name TEXT COLLATE port PRIMARY KEY) WITHOUT ROWID",
          "INSERT INTO ships VALUES('a'), ('b')");
    }
    SqliteSource source = SqliteSource.of("orders", database);
    assertThatThrownBy(() -> facts(source))
        .isInstanceOf(UnprovenException.class)
        .hasMessage(database
            + ": quick_check could not be run: [SQLITE_ERROR_MISSING_COLLSEQ] An SQL statement could not"
            + " be prepared because a collating sequence named in that SQL statement could not be located"
            + " (no such collation sequence: port). Where a schema needs functions or collations of the"
            + " application, leave it out with noIntegrityCheck().");
    assertThat(facts(source.noIntegrityCheck()).notes())
        .containsEntry(
            "table ships",
            "could not be counted: [SQLITE_ERROR_MISSING_COLLSEQ] An SQL statement could not be prepared"
                + " because a collating sequence named in that SQL statement could not be located (no"
                + " such collation sequence: port)");
  }

  @Test
  void theHostsChecksRunOnTheCopy() throws Exception {
    Path database = Databases.shop(directory.resolve("shop.db"), 2);
    SqliteSource source = SqliteSource.of("orders", database)
        .check("orders exist", copy -> assertThat(Databases.orders(copy)).isEqualTo(2))
        .check("there are three orders", copy -> {
          if (Databases.orders(copy) != 3) {
            throw new SQLException("there are " + Databases.orders(copy));
          }
        });
    assertThatThrownBy(() -> facts(source))
        .isInstanceOf(UnprovenException.class)
        .hasMessage(database + ": the check \"there are three orders\" failed: there are 2");
    assertThatThrownBy(() -> facts(source.check("none", copy -> {
          throw new IllegalStateException();
        })))
        .isInstanceOfSatisfying(
            UnprovenException.class,
            e -> assertThat(e.findings())
                .containsExactly(
                    database + ": the check \"there are three orders\" failed: there are 2",
                    database + ": the check \"none\" failed: IllegalStateException"));
    assertThatThrownBy(() -> source.check("orders exist", copy -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the check \"orders exist\" is given twice");
  }

  @Test
  void aCheckCannotChangeTheCopy() throws Exception {
    Path database = Databases.shop(directory.resolve("shop.db"), 2);
    SqliteSource source = SqliteSource.of("orders", database)
        .check("clean", copy -> Databases.run(copy, "DELETE FROM orders"));
    assertThatThrownBy(() -> facts(source))
        .isInstanceOf(UnprovenException.class)
        .hasMessage(database
            + ": the check \"clean\" failed: [SQLITE_READONLY] Attempt to write a readonly database"
            + " (attempt to write a readonly database)");
  }

  @Test
  void aMissingDatabaseIsNotCreated() throws Exception {
    Path database = directory.resolve("shop.db");
    assertThatThrownBy(() -> SqliteSource.of("orders", database).open(scratch))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessage(database + ": there is no such database");
    assertThat(Databases.namesIn(directory)).containsExactly("scratch");
  }

  @Test
  void aDirectoryIsNoDatabase() throws Exception {
    Path database = Files.createDirectory(directory.resolve("shop.db"));
    assertThatThrownBy(() -> SqliteSource.of("orders", database).open(scratch))
        .isInstanceOf(FileSystemException.class)
        .hasMessage(database + ": is a directory, not a SQLite database");
  }

  @Test
  void anEmptyFileIsNoDatabase() throws Exception {
    Path database = Files.createFile(directory.resolve("shop.db"));
    assertThatThrownBy(() -> SqliteSource.of("orders", database).open(scratch))
        .isInstanceOf(FileSystemException.class)
        .hasMessage(
            database + ": is empty (0 bytes), so it holds no database. Is this the right file?");
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 600, 20_000})
  void textAndWhatIsEncryptedAreNoDatabase(int length) throws Exception {
    byte[] bytes = new byte[length];
    new SplittableRandom(length).nextBytes(bytes);
    Path database = Files.write(directory.resolve("shop.db"), bytes);
    assertThatThrownBy(() -> SqliteSource.of("orders", database).open(scratch))
        .isInstanceOf(FileSystemException.class)
        .hasMessage(database
            + ": is not a SQLite database, or it is encrypted ([SQLITE_NOTADB] File opened that is not a"
            + " database file (file is not a database)). Nothing was read.");
    Files.write(database, "a,b,c\n".repeat(200).getBytes(StandardCharsets.US_ASCII));
    assertThatThrownBy(() -> SqliteSource.of("orders", database).open(scratch))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("SQLITE_NOTADB");
  }

  @Test
  void aCorruptDatabaseDoesNotBecomeABackup() throws Exception {
    Path database = Databases.shop(directory.resolve("shop.db"), 500);
    byte[] bytes = Files.readAllBytes(database); // nobody has it open
    for (int i = 4096 * 5; i < 4096 * 5 + 200; i++) {
      bytes[i] = (byte) 0xee;
    }
    Files.write(database, bytes);
    try (Snapshot snapshot = SqliteSource.of("orders", database).open(scratch)) {
      snapshot.capture();
      assertThatThrownBy(snapshot::examine)
          .isInstanceOfSatisfying(
              UnprovenException.class,
              e -> assertThat(e.findings())
                  .isNotEmpty()
                  .allSatisfy(
                      finding -> assertThat(finding).startsWith(database + ": quick_check: ")));
    }
    assertThatThrownBy(() -> facts(SqliteSource.of("orders", database).fullIntegrityCheck()))
        .isInstanceOf(UnprovenException.class)
        .hasMessageStartingWith(database + ": integrity_check: ");
  }

  @Test
  void aDatabaseThatWasCutIsUnproven() throws Exception {
    Path database = Databases.shop(directory.resolve("shop.db"), 500);
    byte[] bytes = Files.readAllBytes(database); // nobody has it open
    Files.write(database, java.util.Arrays.copyOf(bytes, bytes.length / 4096 / 2 * 4096));
    assertThatThrownBy(() -> facts(SqliteSource.of("orders", database)))
        .isInstanceOf(UnprovenException.class)
        .hasMessageContaining(database.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"WAL", "DELETE"})
  void aDatabaseLockedForGoodIsAnErrorInTime(String journalMode) throws Exception {
    Path database = Databases.shop(directory.resolve("shop.db"), journalMode, 4096, 5);
    SqliteSource source = SqliteSource.of("orders", database).patience(Duration.ofMillis(250));
    try (Connection host = Databases.connect(database)) {
      Databases.run(host, "PRAGMA locking_mode=EXCLUSIVE", "BEGIN EXCLUSIVE", "DELETE FROM orders");
      assertThatThrownBy(() -> source.open(scratch))
          .isInstanceOf(FileSystemException.class)
          .hasMessage(
              database
                  + ": stayed locked by another connection for 250 ms (SQLITE_BUSY). Nothing was read.");
      Databases.run(host, "ROLLBACK");
    }
    assertThat(facts(source).counts()).containsEntry("rows of orders", 5L);
  }

  @Test
  void anInterruptEndsTheWait() throws Exception {
    Path database = Databases.shop(directory.resolve("shop.db"), "DELETE", 4096, 5);
    try (Connection host = Databases.connect(database)) {
      Databases.run(host, "BEGIN EXCLUSIVE");
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> SqliteSource.of("orders", database).open(scratch))
          .isInstanceOf(InterruptedIOException.class)
          .hasMessage("interrupted while waiting for a locked database");
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void anInterruptEndsTheCaptureAndTheExamination() throws Exception {
    Path database = Databases.shop(directory.resolve("shop.db"), "DELETE", 512, 20_000);
    try (Snapshot snapshot = SqliteSource.of("orders", database).open(scratch)) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(snapshot::capture)
          .isInstanceOf(InterruptedIOException.class)
          .hasMessage("interrupted while copying " + database);
      assertThat(Thread.interrupted()).isTrue();
    }
    try (Snapshot snapshot = SqliteSource.of("orders", database).open(scratch)) {
      snapshot.capture();
      Thread.currentThread().interrupt();
      assertThatThrownBy(snapshot::examine).isInstanceOf(InterruptedIOException.class);
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void theExceptionsOfTheStreamPassUntouched() throws Exception {
    Path database = Databases.shop(directory.resolve("shop.db"), 500);
    IOException full = new IOException("the sink is full");
    try (Snapshot snapshot = SqliteSource.of("orders", database).open(scratch)) {
      snapshot.capture();
      assertThatThrownBy(() -> snapshot.writeTo(new OutputStream() {
            @Override
            public void write(int b) throws IOException {
              throw full;
            }
          }))
          .isSameAs(full);
    }
  }

  @Test
  void noLockIsHeldAfterTheCapture() throws Exception {
    Path database = Databases.shop(directory.resolve("shop.db"), "DELETE", 4096, 5);
    try (Connection host = Databases.connect(database);
        Snapshot snapshot = SqliteSource.of("orders", database).open(scratch)) {
      Databases.run(host, "PRAGMA busy_timeout=0");
      assertThatThrownBy(() -> Databases.add(host, 1)).hasMessageContaining("SQLITE_BUSY");
      snapshot.capture();
      Databases.add(host, 1);
      snapshot.writeTo(OutputStream.nullOutputStream());
    }
    assertThat(Databases.orders(database)).isEqualTo(6);
  }

  @Test
  void anOpenSnapshotThatIsClosedHoldsNothing() throws Exception {
    Path database = Databases.shop(directory.resolve("shop.db"), "DELETE", 4096, 5);
    Snapshot snapshot = SqliteSource.of("orders", database).open(scratch);
    snapshot.close();
    snapshot.close();
    try (Connection host = Databases.connect(database)) {
      Databases.run(host, "PRAGMA busy_timeout=0");
      Databases.add(host, 1);
    }
    assertThatThrownBy(snapshot::capture)
        .hasMessage("The snapshot of " + database + " is closed or was captured already.");
    assertThatThrownBy(snapshot::examine)
        .hasMessage(
            "The snapshot of " + database + " was not captured, so there is nothing to examine.");
  }

  @Test
  void writingWithoutACaptureCapturesFirst() throws Exception {
    Path database = Databases.shop(directory.resolve("shop.db"), 5);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (Snapshot snapshot = SqliteSource.of("orders", database).open(scratch)) {
      snapshot.writeTo(out);
    }
    assertThat(Databases.orders(Files.write(directory.resolve("copy.db"), out.toByteArray())))
        .isEqualTo(5);
  }

  @Test
  void aNegativePatienceIsRefused() {
    SqliteSource source = SqliteSource.of("orders", directory.resolve("shop.db"));
    assertThatThrownBy(() -> source.patience(Duration.ofMillis(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("patience must not be negative, was PT-0.001S");
  }

  private Facts facts(SqliteSource source) throws IOException {
    try (Snapshot snapshot = source.open(scratch)) {
      snapshot.capture();
      return snapshot.examine().and(snapshot.writeTo(OutputStream.nullOutputStream()));
    }
  }

  private static final class ByName extends org.sqlite.Collation {
    @Override
    protected int xCompare(String a, String b) {
      return a.compareTo(b);
    }
  }

  @Test
  void theCopyTellsItsProgressUpToTheLastByte() throws Exception {
    Path database = Databases.shop(directory.resolve("large.db"), 60_000);
    List<Long> heard = new ArrayList<>();
    try (Snapshot snapshot = SqliteSource.of("orders", database)
        .open(Files.createDirectories(directory.resolve("progress")))) {
      long size = snapshot.estimate().orElseThrow();
      snapshot.capture(heard::add);
      assertThat(size).isEqualTo(snapshot.estimate().orElseThrow());
      assertThat(heard).isSorted().endsWith(size);
    }
  }
}
