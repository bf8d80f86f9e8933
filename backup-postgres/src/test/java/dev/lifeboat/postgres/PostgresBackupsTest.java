package dev.lifeboat.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lifeboat.Backups;
import dev.lifeboat.Gate;
import dev.lifeboat.RestoreRequest;
import dev.lifeboat.Restored;
import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.Depth;
import dev.lifeboat.catalog.Reason;
import dev.lifeboat.sink.MemorySink;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A host with the whole library around its database. */
class PostgresBackupsTest {
  @TempDir
  Path directory;

  private final Server server = Server.of(Clients.OLDEST);

  @Test
  void aDatabaseIsBackedUpDrilledRestoredAndRestoredElsewhere() throws Exception {
    String database = Shop.small(server);
    List<String> gate = new ArrayList<>();
    Backups backups = Backups.builder("shop")
        .source(Clients.source(server, database))
        .sink(new MemorySink("memory"))
        .workDirectory(directory.resolve("work"))
        .maintenance(Gate.of(() -> gate.add("shut"), () -> gate.add("reopen")))
        .build();
    Backup backup = backups.create(Reason.MANUAL);
    server.run(database, "DELETE FROM orders WHERE id > 100");

    assertThat(backups.verify(backup.id(), Depth.DRILL).depth()).isEqualTo(Depth.DRILL);
    assertThat(Databases.leftOf(server, database)).isEmpty();
    assertThat(rows(database)).isEqualTo("100");

    Restored restored = backups.restore(backup.id());
    assertThat(rows(database)).isEqualTo("300");
    assertThat(gate).containsExactly("shut", "reopen");
    PostgresTarget target = Databases.target(server, database);
    assertThat(target.kept()).hasSize(1);
    assertThat(Databases.leftOf(server, database))
        .containsExactly(target.kept().get(0).name());

    backups.restore(restored.before().orElseThrow().id());
    assertThat(rows(database)).isEqualTo("100");

    String place = Server.freshName("place");
    PostgresTarget elsewhere = PostgresTarget.database(server.connection(database), place)
        .client(Clients.require(server.major()).directory());
    backups.restore(RestoreRequest.elsewhere(backup.id(), "shop", elsewhere));
    assertThat(rows(place)).isEqualTo("300");
    Databases.dropAllOf(server, place);
    Databases.dropAllOf(server, database);
  }

  @Test
  void aDrillRunsTheChecksOfTheTargetThatTheSourceRestoresTo() throws Exception {
    String database = Shop.small(server);
    AtomicInteger seen = new AtomicInteger();
    PostgresTarget target = Databases.target(server, database)
        .check("there are a thousand orders", restored -> {
          seen.incrementAndGet();
          throw new SQLException("there are 300");
        });
    Backups backups = over(Clients.source(server, database).restoringTo(target));
    Backup backup = backups.create(Reason.MANUAL);
    assertThatThrownBy(() -> backups.verify(backup.id(), Depth.DRILL))
        .hasMessage("Backup " + backup.id() + " of \"shop\" in memory memory is stored as it was"
            + " written, but did not stand the drill: shop: the check \"there are a thousand orders\""
            + " failed: there are 300. Nothing was changed.");
    assertThat(seen).hasValue(1);
    assertThat(rows(database)).isEqualTo("300");
    assertThat(Databases.leftOf(server, database)).isEmpty();
    Databases.dropAllOf(server, database);
  }

  /** What is live may have moved on, or be what a restore would be refused for: a drill looks at the backup. */
  @ParameterizedTest
  @EnumSource(
      value = RestoreOptions.Way.class,
      names = {"SWAP", "IN_PLACE"})
  void aDrillIsNotKeptFromItsProofByWhatIsLive(RestoreOptions.Way way) throws Exception {
    String database = Shop.small(server);
    PostgresTarget target = Databases.target(server, database);
    Backups backups = over(Clients.source(server, database)
        .schemas("public")
        .restoringTo(way == RestoreOptions.Way.SWAP ? target.swapping() : target.inPlace()));
    Backup backup = backups.create(Reason.MANUAL);
    server.run(
        database,
        "CREATE PUBLICATION feed FOR TABLE orders",
        "CREATE TABLE later(id int)",
        "DELETE FROM orders WHERE id > 100");

    assertThat(backups.verify(backup.id(), Depth.DRILL).depth()).isEqualTo(Depth.DRILL);
    assertThatThrownBy(() -> backups.restore(backup.id()))
        .hasStackTraceContaining(
            way == RestoreOptions.Way.SWAP
                ? "The backup holds a part of a database (only schemas public), and swapping it in"
                : " has objects that the backup does not have, and a restore in place would leave them:");
    assertThat(rows(database)).isEqualTo("100");
    assertThat(Databases.leftOf(server, database)).isEmpty();
    Databases.dropAllOf(server, database);
  }

  @Test
  void aDrillInPlaceFindsWhatOnlyARestoreShows() throws Exception {
    String database = Shop.small(server);
    AtomicInteger rows = new AtomicInteger();
    PostgresTarget target = Databases.target(server, database)
        .inPlace()
        .check("orders can be read", restored -> {
          try (ResultSet counted =
              restored.createStatement().executeQuery("SELECT count(*) FROM orders")) {
            counted.next();
            rows.set(counted.getInt(1));
          }
        });
    Backups backups = over(Clients.source(server, database).restoringTo(target));
    Backup backup = backups.create(Reason.MANUAL);
    server.run(database, "DELETE FROM orders WHERE id > 100");
    backups.verify(backup.id(), Depth.DRILL);
    assertThat(rows).hasValue(300);
    assertThatThrownBy(() -> target.thorough().apply(directory))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("this target is for drills, and is never applied. Nothing was changed.");
    Databases.dropAllOf(server, database);
  }

  @Test
  void aSourceRestoresOnlyToALiveDatabase() {
    PostgresSource source = Clients.source(server, "shop");
    PostgresTarget target = PostgresTarget.live(server.connection("shop")).inPlace();
    assertThat(source.restoringTo(target).target()).isSameAs(target);
    assertThatThrownBy(() ->
            source.restoringTo(PostgresTarget.database(server.connection("shop"), "shop_copy")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a restore in place goes to a live database, not to the database \"shop_copy\""
            + " beside the PostgreSQL database "
            + server.connection("shop").where());
  }

  private Backups over(PostgresSource source) {
    return Backups.builder("shop")
        .source(source)
        .sink(new MemorySink("memory"))
        .workDirectory(directory.resolve("work"))
        .build();
  }

  private String rows(String database) throws Exception {
    return server.query(database, "SELECT count(*) FROM orders").get(0);
  }
}
