package dev.lifeboat.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lifeboat.source.UnprovenException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SwapTest {
  /** The longest that PostgreSQL takes: 63 bytes. */
  private static final String ODD = "Läden \"1\" 'x' \\ %n 日本 $a ünï " + "z".repeat(27);

  @TempDir
  Path directory;

  private final Server server = Server.of(Clients.OLDEST);

  static Stream<Integer> serversBetween() {
    return Server.majors().boxed().filter(major -> major > 13 && major < 18 && major != 16);
  }

  @ParameterizedTest
  @ValueSource(ints = {13, 18})
  void everyKindOfThingComesBack(int major) throws Exception {
    bringBackEveryKindOfThing(major);
  }

  @ParameterizedTest
  @MethodSource("serversBetween")
  @Tag("harness")
  void everyKindOfThingComesBackOnTheServersBetween(int major) throws Exception {
    bringBackEveryKindOfThing(major);
  }

  private void bringBackEveryKindOfThing(int major) throws Exception {
    Server each = Server.of(major);
    String database = Fleet.create(each);
    List<String> before = Fleet.everything(each, database);
    Taken backup = Taken.of(Clients.source(each, database), directory);
    each.run(database, "DROP SCHEMA fleet CASCADE", "CREATE TABLE later(x int)");
    assertThat(Fleet.everything(each, database)).isNotEqualTo(before);

    PostgresTarget target = Databases.target(each, database);
    Path staging = Databases.staged(target, backup, directory);
    target.apply(staging);
    target.discard(staging);
    List<String> after = Fleet.everything(each, database);
    assertThat(after).containsAll(before);
    assertThat(before).containsAll(after);
    Databases.dropAllOf(each, database);
  }

  @Test
  void theApplicationsRoleWorksAfterwardsAsItDidBefore() throws Exception {
    String role = Server.freshName("app");
    String owner = Server.freshName("Owner ü");
    server.run(
        "postgres",
        "CREATE ROLE " + role + " LOGIN",
        "CREATE ROLE " + Session.quoted(owner) + " LOGIN CREATEDB");
    String database = Shop.small(server);
    String quoted = Session.quoted(database);
    server.run(
        database,
        "CREATE SCHEMA \"my shop\"",
        "ALTER TABLE orders SET SCHEMA \"my shop\"",
        "GRANT USAGE ON SCHEMA \"my shop\" TO " + role,
        "GRANT SELECT, INSERT ON \"my shop\".orders TO " + role,
        "ALTER DATABASE " + quoted + " OWNER TO " + Session.quoted(owner),
        "REVOKE ALL ON DATABASE " + quoted + " FROM PUBLIC",
        "GRANT CONNECT, TEMPORARY ON DATABASE " + quoted + " TO " + role + " WITH GRANT OPTION",
        "ALTER DATABASE " + quoted + " SET search_path = \"my shop\", \"$user\", public",
        "ALTER DATABASE " + quoted + " SET shop.secret = 'it''s \\ a \"secret\"'",
        "ALTER DATABASE " + quoted + " SET default_transaction_read_only = on",
        "ALTER ROLE " + role + " IN DATABASE " + quoted
            + " SET default_transaction_read_only = off",
        "ALTER ROLE " + role + " IN DATABASE " + quoted + " SET statement_timeout = '7min'",
        "ALTER DATABASE " + quoted + " CONNECTION LIMIT 5",
        "COMMENT ON DATABASE " + quoted + " IS 'the shop''s own'");
    List<String> before = properties(database);
    Taken backup = Taken.of(Clients.source(server, database), directory);

    PostgresTarget target = Databases.target(server, database);
    Path staging = Databases.staged(target, backup, directory);
    target.apply(staging);
    assertThat(properties(database)).isEqualTo(before);
    try (Connection application = server.connect(database, role, "")) {
      Server.run(application, "INSERT INTO orders(item) VALUES ('sold')");
    }
    assertThat(server.query(database, "SELECT max(id) FROM orders")).containsExactly("301");
    target.undo(staging);
    assertThat(properties(database)).isEqualTo(before);
    target.discard(staging);
    assertThat(Databases.leftOf(server, database)).isEmpty();
    Databases.dropAllOf(server, database);
  }

  private List<String> properties(String database) throws SQLException {
    List<String> found = new ArrayList<>(server.query(
        "postgres",
        "SELECT pg_get_userbyid(datdba) || ' ' || datacl::text || ' ' || datconnlimit || ' '"
            + " || pg_encoding_to_char(encoding) || datcollate || datctype || datallowconn || ' '"
            + " || shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = "
            + Session.literal(database)));
    found.addAll(server.query(
        "postgres",
        "SELECT setrole::regrole::text || unnest(setconfig) FROM pg_db_role_setting WHERE setdatabase ="
            + " (SELECT oid FROM pg_database WHERE datname = " + Session.literal(database)
            + ") ORDER BY 1"));
    return found;
  }

  @Test
  void aNameMayBeOfAnyKindAndOfAllItsBytes() throws Exception {
    assertThat(ODD.getBytes(java.nio.charset.StandardCharsets.UTF_8)).hasSize(Marker.LONGEST_NAME);
    server.run("postgres", "CREATE DATABASE " + Session.quoted(ODD));
    server.run(ODD, "CREATE TABLE t AS SELECT 1 AS x");
    Taken backup = Taken.of(Clients.source(server, ODD), directory);
    PostgresTarget target = Databases.target(server, ODD);
    server.run(ODD, "UPDATE t SET x = 2");
    Path staging = Databases.staged(target, backup, directory);
    target.apply(staging);
    target.discard(staging);
    assertThat(server.query(ODD, "SELECT x FROM t")).containsExactly("1");
    assertThat(target.kept()).hasSize(1);
    target.undo(staging);
    assertThat(server.query(ODD, "SELECT x FROM t")).containsExactly("2");
    target.discard(staging);
    assertThat(Databases.leftOf(server, ODD)).isEmpty();
    Databases.dropAllOf(server, ODD);
  }

  @Test
  void whatWasLiveIsKeptForADayAndNothingElseIsEverDropped() throws Exception {
    String database = Shop.small(server);
    Taken backup = Taken.of(Clients.source(server, database), directory);
    Instant now = Instant.parse("2026-11-27T12:00:00Z");
    PostgresTarget target =
        Databases.target(server, database).clock(Clock.fixed(now, ZoneOffset.UTC));
    Path staging = Databases.staged(target, backup, directory);
    target.apply(staging);
    target.discard(staging);
    List<KeptDatabase> kept = target.kept();
    assertThat(kept).hasSize(1);
    assertThat(kept.get(0).since()).isEqualTo(now);
    assertThat(kept.get(0).bytes().orElseThrow()).isPositive();
    String notice = "Of earlier restores of the database \"" + database
        + "\" the server still keeps what was live before: \"" + kept.get(0).name()
        + "\" since 2026-11-27T12:00:00Z, " + kept.get(0).bytes().getAsLong()
        + " bytes. dropKept() drops those older than 24 hours";
    assertThat(Clients.source(server, database).probe().warnings()).containsExactly(notice);
    assertThat(Clients.source(server, "postgres").probe().warnings()).isEmpty();
    server.run(
        "postgres",
        "REVOKE CONNECT ON DATABASE " + kept.get(0).name() + " FROM public",
        "DROP ROLE IF EXISTS stranger",
        "CREATE ROLE stranger LOGIN");
    try (Session session =
        PostgresConnection.of("127.0.0.1", server.port(), database, "stranger").open()) {
      assertThat(new KeptDatabases(session, database).notice())
          .hasValue(notice.replaceFirst(", [0-9]+ bytes", ""));
    }
    // the comment of ours on another name, and the name of ours without it
    String foreign = database + "_before_0123456789ab";
    server.run("postgres", "CREATE DATABASE " + foreign, "CREATE DATABASE " + database + "_copy");
    String comment = server
        .query(
            "postgres",
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = '"
                + kept.get(0).name() + "'")
        .get(0);
    server.run(
        "postgres",
        "COMMENT ON DATABASE " + database + "_copy IS " + Session.literal(comment),
        "COMMENT ON DATABASE " + foreign + " IS 'mine'");

    PostgresTarget nearly =
        target.clock(Clock.fixed(now.plus(Duration.ofHours(24)).minusSeconds(1), ZoneOffset.UTC));
    assertThat(nearly.dropKept()).isEmpty();
    PostgresTarget later =
        target.clock(Clock.fixed(now.plus(Duration.ofHours(24)), ZoneOffset.UTC));
    assertThat(later.dropKept()).isEqualTo(kept);
    assertThat(later.kept()).isEmpty();
    assertThat(Databases.all(server)).contains(database, foreign, database + "_copy");
    assertThat(Databases.leftOf(server, database)).containsExactly(foreign);
    server.run("postgres", "DROP DATABASE " + foreign, "DROP DATABASE " + database + "_copy");
    Databases.dropAllOf(server, database);
  }

  @Test
  void aCheckOfTheHostThatDoesNotHoldIsToldAndNothingIsLive() throws Exception {
    String database = Shop.small(server);
    Taken backup = Taken.of(Clients.source(server, database), directory);
    PostgresTarget target = Databases.target(server, database)
        .check("orders can be read", restored -> restored.createStatement().execute("TABLE orders"))
        .check(
            "nothing can be changed",
            restored -> restored.createStatement().execute("DELETE FROM orders"))
        .check("there are a thousand", restored -> {
          throw new SQLException("there are 300");
        });
    Path staging = Files.createTempDirectory(directory, "staging");
    target.stage(new java.io.ByteArrayInputStream(backup.content()), backup.facts(), staging);
    assertThatThrownBy(() -> target.check(staging))
        .isInstanceOf(UnprovenException.class)
        .hasMessage("the check \"nothing can be changed\" failed: ERROR: cannot execute DELETE in a"
            + " read-only transaction; the check \"there are a thousand\" failed: there are 300");
    target.discard(staging);
    assertThat(Databases.leftOf(server, database)).isEmpty();
    Databases.dropAllOf(server, database);
  }

  @Test
  void clientsThatReconnectAllTheTimeDoNotKeepItFromBeingSwapped() throws Exception {
    String database = Shop.small(server);
    Taken backup = Taken.of(Clients.source(server, database), directory);
    server.run(database, "DELETE FROM orders");
    PostgresTarget target = Databases.target(server, database);
    Path staging = Databases.staged(target, backup, directory);
    int clients = 4;
    AtomicBoolean end = new AtomicBoolean();
    CountDownLatch connected = new CountDownLatch(clients);
    ExecutorService executor = Executors.newFixedThreadPool(clients);
    List<Future<Long>> downtimes = new ArrayList<>();
    for (int i = 0; i < clients; i++) {
      downtimes.add(executor.submit(() -> longestGap(database, connected, end)));
    }
    connected.await();
    target.apply(staging);
    assertThat(server.query(database, "SELECT count(*) FROM orders")).containsExactly("300");
    target.undo(staging);
    assertThat(server.query(database, "SELECT count(*) FROM orders")).containsExactly("0");
    end.set(true);
    for (Future<Long> downtime : downtimes) {
      System.out.println("swap of a small database under reconnecting clients: longest gap "
          + downtime.get() + " ms");
    }
    executor.shutdown();
    target.discard(staging);
    Databases.dropAllOf(server, database);
  }

  private long longestGap(String database, CountDownLatch connected, AtomicBoolean end) {
    long longest = 0;
    long good = System.nanoTime();
    boolean told = false;
    while (!end.get()) {
      try (Connection connection = server.connect(database)) {
        while (!end.get()) {
          Server.run(connection, "SELECT count(*) FROM orders");
          longest = Math.max(longest, System.nanoTime() - good);
          good = System.nanoTime();
          if (!told) {
            connected.countDown();
            told = true;
            longest = 0;
          }
        }
      } catch (SQLException e) {
        Thread.onSpinWait(); // and again at once
      }
    }
    return longest / 1_000_000;
  }

  @Test
  void twoRestoresOfOneDatabaseAreNotMadeAtOnce() throws Exception {
    String database = Shop.small(server);
    Taken backup = Taken.of(Clients.source(server, database), directory);
    CountDownLatch reached = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    PostgresTarget slow = Databases.target(server, database).steps(step -> {
      if (step.equals("analyze")) {
        reached.countDown();
        await(goOn);
      }
    });
    ExecutorService executor = Executors.newSingleThreadExecutor();
    Future<Path> first = executor.submit(() -> Databases.staged(slow, backup, directory));
    reached.await();
    PostgresTarget second = Databases.target(server, database);
    assertThatThrownBy(() -> Databases.staged(second, backup, directory))
        .hasMessage("Another restore of the database \"" + database
            + "\" is at work. Nothing was changed.");
    goOn.countDown();
    slow.discard(first.get());
    executor.shutdown();
    assertThat(Databases.leftOf(server, database)).isEmpty();
    Databases.dropAllOf(server, database);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aServerThatDiesInTheMiddleIsEntirelyOldOrEntirelyNewWhenItIsBack() throws Exception {
    for (String step : List.of("between the renames", "prove")) {
      Path data = Files.createTempDirectory(directory, "data");
      Server own = Server.start(Clients.OLDEST, data);
      String database = Shop.small(own);
      Taken backup = Taken.of(Clients.source(own, database), directory);
      own.run(database, "DELETE FROM orders");
      Path staging = Databases.staged(Databases.target(own, database), backup, directory);
      PostgresTarget doomed = Databases.target(own, database)
          .patience(Duration.ofSeconds(2))
          .steps(each -> {
            if (each.equals(step)) {
              kill(own);
            }
          });
      assertThatThrownBy(() -> doomed.apply(staging)).isInstanceOf(java.io.IOException.class);
      own.close();
      Server again = Server.start(Clients.OLDEST, data);
      PostgresTarget target = Databases.target(again, database);
      target.undo(staging);
      assertThat(again.query(database, "SELECT count(*) FROM orders")).containsExactly("0");
      target.apply(staging);
      assertThat(again.query(database, "SELECT count(*) FROM orders")).containsExactly("300");
      target.discard(staging);
      again.close();
    }
  }

  private static void kill(Server server) {
    try {
      server.kill();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void aBackupTakenWithTheNewestServerGoesElsewhereWithoutItsRoles() throws Exception {
    String role = Server.freshName("boss");
    server.run("postgres", "CREATE ROLE " + role);
    String database = Shop.small(server);
    server.run(database, "ALTER TABLE orders OWNER TO " + role);
    Taken backup = Taken.of(Clients.source(server, database), directory);
    Databases.dropAllOf(server, database);
    server.run("postgres", "DROP ROLE " + role);

    String place = Server.freshName("place");
    PostgresTarget elsewhere = PostgresTarget.database(server.connection("postgres"), place)
        .client(Clients.require(server.major()).directory());
    assertThatThrownBy(() -> Databases.staged(elsewhere.withOwners(), backup, directory))
        .hasMessage("The backup names roles that this server does not have: " + role
            + ". Create them, or leave owners and privileges out with withoutOwners(). Nothing was"
            + " changed.");
    Path staging = Databases.staged(elsewhere, backup, directory);
    elsewhere.apply(staging);
    elsewhere.discard(staging);
    assertThat(server.query(place, "SELECT tableowner FROM pg_tables WHERE tablename = 'orders'"))
        .containsExactly("postgres");
    Databases.dropAllOf(server, place);
  }

  @Test
  void chosenTablesAndSchemasGoElsewhereAlone() throws Exception {
    String database = Shop.small(server);
    server.run(
        database, "CREATE SCHEMA \"Other 1\"", "CREATE TABLE \"Other 1\".t AS SELECT 1 AS x");
    Taken backup = Taken.of(Clients.source(server, database), directory);
    String place = Server.freshName("place");
    PostgresTarget elsewhere = PostgresTarget.database(server.connection(database), place)
        .client(Clients.require(server.major()).directory());
    String tables =
        "SELECT schemaname || '.' || tablename FROM pg_tables WHERE schemaname !~ '^(pg_|info)'";

    PostgresTarget one = elsewhere.schemas("Other 1");
    Path staging = Databases.staged(one, backup, directory);
    one.apply(staging);
    one.discard(staging);
    assertThat(server.query(place, tables)).containsExactly("Other 1.t");
    PostgresTarget two = elsewhere.tables("public", "orders").replacing();
    staging = Databases.staged(two, backup, directory);
    two.apply(staging);
    two.discard(staging);
    assertThat(server.query(place, tables)).containsExactly("public.orders");
    PostgresTarget missing = elsewhere.tables("public", "ordres").replacing();
    assertThatThrownBy(() -> Databases.staged(missing, backup, directory))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("ordres");
    assertThat(server.query(place, tables)).containsExactly("public.orders");
    Databases.dropAllOf(server, place);
    Databases.dropAllOf(server, database);
  }

  @Test
  void aPartitionedTableAloneIsRefusedForItHoldsNothing() throws Exception {
    String database = server.create(
        "parted",
        "CREATE TABLE log(id int) PARTITION BY RANGE (id)",
        "CREATE TABLE log_1 PARTITION OF log FOR VALUES FROM (0) TO (100)",
        "INSERT INTO log SELECT generate_series(1, 9)");
    Taken backup = Taken.of(Clients.source(server, database), directory);
    PostgresTarget target = PostgresTarget.database(
            server.connection(database), Server.freshName("place"))
        .client(Clients.require(server.major()).directory())
        .tables("public", "log");
    assertThatThrownBy(() -> Databases.staged(target, backup, directory))
        .isInstanceOf(IOException.class)
        .hasMessage("Of the table public.log no rows were restored: it holds none of its own. If it"
            + " has partitions, choose them too, by their names. Nothing was changed.");
    Databases.dropAllOf(server, database);
  }

  @Test
  void whoWasKeptOutOfADatabaseStaysOutThoughOwnersAreLeftOut() throws Exception {
    String database = Shop.small(server);
    server.run("postgres", "REVOKE ALL ON DATABASE " + database + " FROM public");
    Taken backup = Taken.of(Clients.source(server, database), directory);
    PostgresTarget target = Databases.target(server, database).withoutOwners();
    Path staging = Databases.staged(target, backup, directory);
    target.apply(staging);
    target.discard(staging);
    assertThat(server.query(
            "postgres", "SELECT has_database_privilege('public', '" + database + "', 'CONNECT')"))
        .containsExactly("f");
    Databases.dropAllOf(server, database);
  }
}
