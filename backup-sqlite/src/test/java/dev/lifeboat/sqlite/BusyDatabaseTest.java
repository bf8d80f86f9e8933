package dev.lifeboat.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lifeboat.source.Snapshot;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Writers at work, in this process and in another. */
class BusyDatabaseTest {
  @TempDir
  Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"WAL", "DELETE"})
  void everyCopyHoldsAStateThatWasCommitted(String journalMode) throws Exception {
    Path database = Ledger.create(directory.resolve("shop.db"), journalMode, 4096);
    Path scratch = Files.createDirectory(directory.resolve("scratch"));
    Ledger ledger = new Ledger(database);
    Thread writer = new Thread(ledger);
    SqliteSource source =
        SqliteSource.of("orders", database).check("the ledger is whole", Ledger::proven);
    try (ChildJvm other = ChildJvm.start(Ledger.class, database)) {
      assertThat(other.nextLine()).isEqualTo("writing");
      writer.start();
      long last = 0;
      for (int i = 0; i < 8 * Integer.getInteger("loops", 1); i++) {
        long before = ledger.committed();
        try (Snapshot snapshot = source.open(scratch)) {
          snapshot.capture();
          long rows = snapshot.examine().counts().getOrDefault("rows of ledger", 0L);
          assertThat(rows).isGreaterThanOrEqualTo(Math.max(before, last));
          last = rows;
          snapshot.writeTo(OutputStream.nullOutputStream());
        }
      }
      assertThat(last).isPositive();
    } finally {
      ledger.stop();
      writer.join();
    }
    assertThat(ledger.failure()).hasMessage("none");
    try (Connection live = Databases.connect(database)) {
      assertThat(Ledger.proven(live)).isGreaterThanOrEqualTo(ledger.committed());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"WAL", "DELETE"})
  @EnabledOnOs(OS.LINUX)
  void theLocksOfTheHostOutliveEverythingWeDo(String journalMode) throws Exception {
    Path database = Databases.shop(directory.resolve("shop.db"), journalMode, 4096, 5);
    try (Connection host = Databases.connect(database)) {
      Databases.run(host, "BEGIN IMMEDIATE");
      Databases.add(host, 1);
      SqliteSource source = SqliteSource.of("orders", database).patience(Duration.ofMillis(50));
      byte[] backup = Databases.backup(source, directory.resolve("scratch"));
      SqliteTarget target = (SqliteTarget) source.target();
      assertThat(target.holdsData()).isTrue();
      assertThat(target.spaceFor(1).free()).isPositive();
      Path staging = Databases.staged(target, backup, directory.resolve("staging"));
      assertThatThrownBy(() -> target.apply(staging)).isInstanceOf(FileSystemException.class);
      target.undo(staging);
      target.discard(staging);
      assertThat(anotherProcess(database)).isEqualTo("busy");
      Databases.run(host, "COMMIT");
      assertThat(Databases.orders(host)).isEqualTo(6);
      assertThat(anotherProcess(database)).isEqualTo("wrote");
      assertThat(Databases.orders(host)).isEqualTo(7);
    }
    assertThat(Databases.pragma(database, "integrity_check")).isEqualTo("ok");
  }

  /** What the test above would see if anything of ours opened the file by itself. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void aPlainReadOfTheLiveFileDropsItsLocks() throws Exception {
    Path database = Databases.shop(directory.resolve("shop.db"), "DELETE", 4096, 5);
    Connection host = Databases.connect(database);
    Databases.run(host, "BEGIN IMMEDIATE");
    assertThat(anotherProcess(database)).isEqualTo("busy");
    Files.readAllBytes(database);
    assertThat(anotherProcess(database)).isEqualTo("wrote");
    host.close();
  }

  private static String anotherProcess(Path database) throws Exception {
    try (ChildJvm child = ChildJvm.start(Visitor.class, database)) {
      return child.nextLine();
    }
  }

  /** Another process that writes one order, if it may. */
  static final class Visitor {
    public static void main(String[] arguments) throws SQLException {
      try (Connection connection = Databases.connect(Path.of(arguments[0]))) {
        Databases.run(connection, "PRAGMA busy_timeout=0");
        Databases.add(connection, 1);
        System.out.println("wrote");
      } catch (SQLException e) {
        System.out.println(SqliteErrors.isBusy(e) ? "busy" : e.getMessage());
      }
    }
  }
}
