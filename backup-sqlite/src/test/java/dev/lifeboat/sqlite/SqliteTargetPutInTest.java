package dev.lifeboat.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lifeboat.source.Facts;
import dev.lifeboat.source.RestoreTarget;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Restores to where no usable database is: three orders are backed up. */
class SqliteTargetPutInTest {
  @TempDir
  Path temporary;

  private Path directory;
  private Path database;
  private Path staging;
  private byte[] backup;

  @BeforeEach
  void backUp() throws Exception {
    directory = Files.createDirectory(temporary.resolve("data"));
    database = directory.resolve("shop.db");
    staging = temporary.resolve("staging");
    backup = Databases.backup(
        Databases.shop(temporary.resolve("source.db"), 3), temporary.resolve("scratch"));
  }

  @Test
  void aMissingDatabaseIsPutInAndTakenOutAgain() throws Exception {
    SqliteTarget target = SqliteTarget.live(database);
    assertThat(target.holdsData()).isFalse();
    Databases.staged(target, backup, staging);
    SqliteTarget.live(database).apply(staging);
    SqliteTarget.live(database).apply(staging);
    assertThat(Databases.orders(database)).isEqualTo(3);
    assertThat(Databases.namesIn(directory)).containsExactly("shop.db");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(database)))
        .isEqualTo("rw-------");
    SqliteTarget.live(database).undo(staging);
    SqliteTarget.live(database).undo(staging);
    SqliteTarget.live(database).discard(staging);
    assertThat(Databases.namesIn(directory)).isEmpty();
  }

  /** Who goes on using it would commit into a file that is nobody's any more, and hear of no error. */
  @Test
  void aDatabaseThatWasRemovedUnderAnOpenPoolIsNotReplaced() throws Exception {
    Databases.shop(database, 1);
    try (Connection pooled = Databases.connect(database)) {
      Databases.add(pooled, 1);
      for (String name : Databases.namesIn(directory)) {
        Files.delete(directory.resolve(name));
      }
      Databases.staged(SqliteTarget.live(database), backup, staging);
      assertThatThrownBy(() -> SqliteTarget.live(database).apply(staging))
          .hasMessage(database
              + ": is to be replaced by another file, and this process still has the old one"
              + " open. Nothing was changed. Close its connections and pools, and restore again.");
      assertThat(database).doesNotExist();
    }
    SqliteTarget.live(database).apply(staging);
    assertThat(Databases.orders(database)).isEqualTo(3);
  }

  @Test
  void aLogWithoutItsDatabaseIsKeptAside() throws Exception {
    Files.writeString(directory.resolve("shop.db-wal"), "old log");
    Files.writeString(directory.resolve("shop.db-journal"), "old journal");
    Files.writeString(directory.resolve("shop.db-shm"), "old index");
    Map<String, String> before = contentOf(directory);
    Databases.staged(SqliteTarget.live(database), backup, staging);
    SqliteTarget.live(database).apply(staging);
    assertThat(Databases.orders(database)).isEqualTo(3);
    SqliteTarget.live(database).apply(staging);
    assertThat(Databases.namesIn(directory))
        .containsExactly(
            "shop.db", "shop.db.aside-1-journal", "shop.db.aside-1-shm", "shop.db.aside-1-wal");
    SqliteTarget.live(database).undo(staging);
    assertThat(contentOf(directory)).isEqualTo(before);
  }

  @Test
  void aMissingDirectoryIsAnError() throws Exception {
    SqliteTarget target = SqliteTarget.live(directory.resolve("gone").resolve("shop.db"));
    Databases.staged(target, backup, staging);
    assertThatThrownBy(() -> target.apply(staging))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessage(directory.resolve("gone") + ": the directory of the database is missing");
    assertThatThrownBy(() -> target.spaceFor(1)).isInstanceOf(NoSuchFileException.class);
    target.undo(staging);
  }

  @Test
  void aDirectoryInThePlaceIsAnError() throws Exception {
    Files.createDirectory(database);
    SqliteTarget target = SqliteTarget.live(database);
    Databases.staged(target, backup, staging);
    assertThatThrownBy(() -> target.apply(staging))
        .isInstanceOf(FileSystemException.class)
        .hasMessage(database + ": is a directory, not a SQLite database");
    assertThatThrownBy(target::holdsData).isInstanceOf(FileSystemException.class);
  }

  @Test
  void aLinkToNothingIsAnError() throws Exception {
    Files.createSymbolicLink(database, directory.resolve("gone.db"));
    SqliteTarget target = SqliteTarget.live(database);
    Databases.staged(target, backup, staging);
    assertThatThrownBy(() -> target.apply(staging))
        .isInstanceOf(FileSystemException.class)
        .hasMessage(database + ": is a symbolic link to a file that is missing");
  }

  @Test
  void somethingBrokenIsLeftAloneUnlessToldOtherwise() throws Exception {
    Files.writeString(database, "no database\n".repeat(1000));
    Map<String, String> before = contentOf(directory);
    SqliteTarget target = SqliteTarget.live(database);
    Databases.staged(target, backup, staging);
    assertThatThrownBy(() -> target.apply(staging))
        .isInstanceOf(IOException.class)
        .hasMessage("What is live at " + database
            + " cannot be opened by SQLite: [SQLITE_NOTADB] File opened that is not a database file"
            + " (file is not a database). It was not changed. If nobody is using it, liveIsBroken()"
            + " keeps it aside byte for byte and puts the backup in its place.");
    target.undo(staging);
    target.discard(staging);
    assertThat(contentOf(directory)).isEqualTo(before);
  }

  @Test
  void somethingBrokenIsKeptAsideByteForByte() throws Exception {
    Map<String, String> before = breakIt();
    Files.writeString(directory.resolve("shop.db.aside-1"), "of an earlier restore");
    RestoreTarget target = SqliteTarget.live(database).overBroken();
    assertThat(target.holdsData()).isTrue();
    Files.createDirectory(staging);
    target.stage(new ByteArrayInputStream(backup), Facts.NONE, staging);
    assertThat(target.check(staging).notes())
        .containsEntry(
            "what is live will be kept as", directory.resolve("shop.db.aside-2").toString());
    SqliteTarget.live(database).overBroken().apply(staging);
    SqliteTarget.live(database).overBroken().apply(staging);
    assertThat(Databases.orders(database)).isEqualTo(3);
    target.discard(staging);
    Map<String, String> kept = contentOf(directory);
    assertThat(kept.keySet())
        .containsExactly(
            "shop.db",
            "shop.db.aside-1",
            "shop.db.aside-2",
            "shop.db.aside-2-journal",
            "shop.db.aside-2-shm",
            "shop.db.aside-2-wal");
    before.forEach((name, content) ->
        assertThat(kept).containsEntry(name.replace("shop.db", "shop.db.aside-2"), content));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(database)))
        .isEqualTo("rw-r-----");
  }

  @Test
  void whatWasBrokenComesBackByteForByte() throws Exception {
    Map<String, String> before = breakIt();
    Databases.staged(SqliteTarget.live(database), backup, staging);
    SqliteTarget.live(database).overBroken().apply(staging);
    SqliteTarget.live(database).overBroken().undo(staging);
    SqliteTarget.live(database).overBroken().undo(staging);
    SqliteTarget.live(database).overBroken().discard(staging);
    assertThat(contentOf(directory)).isEqualTo(before);
  }

  @Test
  void aBrokenDatabaseBehindALinkIsReplacedWhereItLies() throws Exception {
    Path other = Files.createDirectory(temporary.resolve("other"));
    Path real = Files.writeString(other.resolve("real.db"), "no database\n".repeat(1000));
    Files.createSymbolicLink(database, real);
    Databases.staged(SqliteTarget.live(database), backup, staging);
    SqliteTarget.live(database).overBroken().apply(staging);
    assertThat(Databases.orders(database)).isEqualTo(3);
    assertThat(Databases.namesIn(other)).containsExactly("real.db", "real.db.aside-1");
    SqliteTarget.live(database).overBroken().undo(staging);
    assertThat(contentOf(other)).containsOnlyKeys("real.db");
    assertThat(real).hasContent("no database\n".repeat(1000));
  }

  @Test
  void anUndoLeavesWhatSomebodyHasWorkedOn() throws Exception {
    SqliteTarget target = SqliteTarget.live(database);
    Databases.staged(target, backup, staging);
    target.apply(staging);
    try (Connection host = Databases.connect(database)) {
      Databases.add(host, 1);
    }
    assertThatThrownBy(() -> target.undo(staging))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "What was live before at " + database + " could not be brought back: " + database
                + " is not what was put in: somebody has changed it since. Nothing had been kept aside.");
    assertThat(Databases.orders(database)).isEqualTo(4);
  }

  @Test
  void anUndoDoesNotPullAFileFromUnderItsUsers() throws Exception {
    SqliteTarget target = SqliteTarget.live(database).patience(Duration.ofMillis(200));
    Databases.staged(target, backup, staging);
    target.apply(staging);
    try (Connection host = Databases.connect(database)) {
      assertThat(Databases.orders(host)).isEqualTo(3);
      assertThatThrownBy(() -> target.undo(staging))
          .isInstanceOf(IOException.class)
          .hasMessage(
              "What was live before at " + database + " could not be brought back: " + database
                  + ": stayed locked by another connection for 200 ms (SQLITE_BUSY). It was not changed."
                  + " Nothing had been kept aside.");
    }
    target.undo(staging);
    assertThat(Databases.namesIn(directory)).isEmpty();
  }

  @Test
  void aDatabaseCreatedMeanwhileIsNotTouched() throws Exception {
    SqliteTarget target = SqliteTarget.live(database);
    Databases.staged(target, backup, staging);
    new Staging(staging).keep(Plan.of(Plan.Way.MISSING, false, database));
    Databases.shop(database, 9);
    assertThatThrownBy(() -> target.apply(staging))
        .isInstanceOf(FileAlreadyExistsException.class)
        .hasMessage(database + ": somebody has created it meanwhile. It was not touched.");
    target.undo(staging);
    assertThat(Databases.orders(database)).isEqualTo(9);
  }

  @Test
  void aFileIsMadeOnlyWhereNoneIs() throws Exception {
    SqliteTarget target = SqliteTarget.file(database);
    Databases.staged(target, backup, staging);
    target.apply(staging);
    target.apply(staging);
    assertThat(Databases.orders(database)).isEqualTo(3);
    Path other = Files.createDirectory(temporary.resolve("other"));
    assertThatThrownBy(() -> target.stage(new ByteArrayInputStream(backup), Facts.NONE, other))
        .isInstanceOf(FileAlreadyExistsException.class)
        .hasMessage(database + ": it is there already. overwriting() replaces it.");
    target.undo(staging);
    assertThat(Databases.namesIn(directory)).isEmpty();
  }

  @Test
  void aFileIsNotMadeBesideALog() throws Exception {
    Files.writeString(directory.resolve("shop.db-wal"), "a log");
    String message = directory.resolve("shop.db-wal")
        + ": a log or journal of SQLite lies there, so the database is in use or a crash left it."
        + " SqliteTarget.live is for that. Nothing was changed.";
    Files.createDirectory(staging);
    for (SqliteTarget target : new SqliteTarget[] {
      SqliteTarget.file(database), SqliteTarget.file(database).overwriting()
    }) {
      assertThatThrownBy(() -> target.stage(new ByteArrayInputStream(backup), Facts.NONE, staging))
          .isInstanceOf(FileAlreadyExistsException.class)
          .hasMessage(message);
    }
    assertThat(Databases.namesIn(directory)).containsExactly("shop.db-wal");
  }

  @Test
  void aFileIsOverwrittenWhereToldSo() throws Exception {
    Files.writeString(database, "no database");
    SqliteTarget target = SqliteTarget.file(database).overwriting();
    assertThat(target.holdsData()).isTrue();
    Databases.staged(target, backup, staging);
    target.apply(staging);
    assertThat(Databases.orders(database)).isEqualTo(3);
    target.undo(staging);
    assertThat(database).hasContent("no database");
    target.apply(staging);
    target.discard(staging);
    assertThat(Databases.orders(database)).isEqualTo(3);
    assertThat(Databases.namesIn(directory)).containsExactly("shop.db");
  }

  @Test
  void aDatabaseIsOverwrittenThroughSqlite() throws Exception {
    Databases.shop(database, "DELETE", 4096, 9);
    SqliteTarget target = SqliteTarget.file(database).overwriting();
    try (Connection host = Databases.connect(database)) {
      assertThat(Databases.orders(host)).isEqualTo(9);
      Databases.staged(target, backup, staging);
      target.apply(staging);
      assertThat(Databases.orders(host)).isEqualTo(3);
    }
    target.undo(staging);
    assertThat(Databases.orders(database)).isEqualTo(9);
  }

  @Test
  void onlyALiveDatabaseCanBeBrokenAndOnlyAFileOverwritten() {
    assertThatThrownBy(() -> SqliteTarget.file(database).overBroken())
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessage(
            "the SQLite database " + database + " has no way to keep broken live data aside");
    assertThatThrownBy(() -> SqliteTarget.live(database).overwriting())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("a live database is replaced anyway");
  }

  private Map<String, String> breakIt() throws IOException {
    Files.writeString(database, "no database\n".repeat(1000));
    Files.setPosixFilePermissions(database, PosixFilePermissions.fromString("rw-r-----"));
    Files.writeString(directory.resolve("shop.db-wal"), "its log");
    Files.writeString(directory.resolve("shop.db-journal"), "its journal");
    Files.writeString(directory.resolve("shop.db-shm"), "its index");
    return contentOf(directory);
  }

  private static Map<String, String> contentOf(Path directory) throws IOException {
    Map<String, String> content = new TreeMap<>();
    for (String name : Databases.namesIn(directory)) {
      content.put(
          name,
          Files.readString(directory.resolve(name), java.nio.charset.StandardCharsets.ISO_8859_1));
    }
    return content;
  }
}
