package dev.lifeboat.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.sql.Connection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands in the way of a restore is told before anything is begun. */
class RestoreRequirementsTest {
  @TempDir
  Path directory;

  private final Server server = Server.of(Clients.OLDEST);

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void missingRolesAreNamed(boolean inPlace) throws Exception {
    String role = Server.freshName("Crew ü");
    String other = Server.freshName("guest");
    String quoted = Session.quoted(role);
    String database = Shop.small(server);
    server.run(
        database,
        "CREATE ROLE " + quoted,
        "CREATE ROLE " + other,
        "GRANT SELECT ON orders TO " + quoted,
        "ALTER TABLE orders ENABLE ROW LEVEL SECURITY",
        "CREATE POLICY p ON orders TO " + other + " USING (true)");
    Taken backup = Taken.of(Clients.source(server, database), directory);
    server.run(
        database, "DROP OWNED BY " + quoted + ", " + other, "DROP ROLE " + quoted + ", " + other);
    PostgresTarget live = Databases.target(server, database);
    PostgresTarget target = inPlace ? live.inPlace() : live;
    assertThatThrownBy(() -> Databases.staged(target, backup, directory))
        .hasMessage(
            "The backup names roles that this server does not have: " + quoted + ", " + other
                + ". Create them, or leave owners and privileges out with withoutOwners(). Nothing was"
                + " changed.");
    assertThat(Databases.leftOf(server, database)).isEmpty();
    Databases.dropAllOf(server, database);
  }

  @Test
  void aMissingExtensionIsNamed() throws Exception {
    Server newest = Server.of(13);
    String database = newest.create("shop", "CREATE EXTENSION adminpack");
    Taken backup = Taken.of(Clients.source(newest, database), directory);
    Server later = Server.of(17); // adminpack is gone there
    String place = Server.freshName("place");
    PostgresTarget target = PostgresTarget.database(later.connection("postgres"), place);
    assertThatThrownBy(() -> Databases.staged(target, backup, directory))
        .hasMessage("The backup needs extensions that this server does not have: adminpack. Install"
            + " them on it. Nothing was changed.");
    assertThat(Databases.leftOf(later, place)).isEmpty();
    Databases.dropAllOf(newest, database);
  }

  @Test
  void anOlderServerThanTheBackupsIsRefused() throws Exception {
    String database = Shop.small(server);
    Taken backup = Taken.of(Clients.source(server, database), directory);
    Server older = Server.of(14);
    String place = Server.freshName("place");
    PostgresTarget target = PostgresTarget.database(older.connection("postgres"), place);
    assertThatThrownBy(() -> Databases.staged(target, backup, directory))
        .hasMessage("The backup comes from PostgreSQL 15.19, and \"postgres\" at 127.0.0.1:"
            + older.port()
            + " is served by PostgreSQL 14.24: an older server cannot take it. Nothing"
            + " was changed.");
    Databases.dropAllOf(server, database);
  }

  @Test
  void aBackupGoesIntoANewerServer() throws Exception {
    String database = Shop.small(server);
    Taken backup = Taken.of(Clients.source(server, database), directory);
    Server newer = Server.of(17);
    Clients.require(17);
    String place = Server.freshName("place");
    PostgresTarget target = PostgresTarget.database(newer.connection("postgres"), place);
    Path staging = Databases.staged(target, backup, directory);
    target.apply(staging);
    target.discard(staging);
    assertThat(newer.query(place, "SELECT count(*) FROM orders")).containsExactly("300");
    Databases.dropAllOf(newer, place);
    Databases.dropAllOf(server, database);
  }

  @Test
  void whereNoClientFitsBothTheReasonIsTold() throws Exception {
    Server sixteen = Server.of(16);
    Path client = Clients.require(16).directory();
    String version = Clients.require(16).restore().toString();
    String database = Shop.small(sixteen);
    Taken backup = Taken.of(Clients.source(sixteen, database), directory);
    PostgresTarget target = Databases.target(sixteen, database);
    assertThatThrownBy(() -> Databases.staged(target, backup, directory))
        .hasMessage("No pg_restore fits: the backup was made by pg_dump " + version + ", which an"
            + " older pg_restore cannot read, and \"" + database + "\" at 127.0.0.1:"
            + sixteen.port()
            + " is served by PostgreSQL 16.15, and 17 and newer cannot restore into a server before 17"
            + " without an error. There is " + version + " in " + client
            + ". Install the client of PostgreSQL 16, and make the backup with it, or name its"
            + " directory with client(…) or PGBIN. Nothing was changed.");
    Databases.dropAllOf(sixteen, database);
  }

  @Test
  void publicationsAndSlotsAreNamedAndRefusedUnlessAllowed() throws Exception {
    String database = Shop.small(server);
    Taken backup = Taken.of(Clients.source(server, database), directory);
    server.run(
        database,
        "CREATE PUBLICATION news FOR ALL TABLES",
        "CREATE SUBSCRIPTION " + database
            + "_s CONNECTION 'host=127.0.0.1 port=1 dbname=x' PUBLICATION p"
            + " WITH (connect = false)");
    PostgresTarget target = Databases.target(server, database);
    assertThatThrownBy(() -> Databases.staged(target, backup, directory))
        .hasMessage("\"" + database + "\" at 127.0.0.1:" + server.port()
            + " has what a restore would cut off: the publication news, the subscription "
            + database
            + "_s. Remove it, or allow that with allowReplication(). Nothing was changed.");
    assertThat(Databases.leftOf(server, database)).isEmpty();
    PostgresTarget allowed = target.allowReplication();
    Path staging = Databases.staged(allowed, backup, directory);
    allowed.apply(staging);
    allowed.discard(staging);
    assertThat(server.query(database, "SELECT count(*) FROM orders")).containsExactly("300");
    String old = allowed.kept().get(0).name();
    server.run("postgres", "ALTER DATABASE " + old + " ALLOW_CONNECTIONS true");
    server.run(
        old,
        "ALTER SUBSCRIPTION " + database + "_s SET (slot_name = NONE)",
        "DROP SUBSCRIPTION " + database + "_s");
    Databases.dropAllOf(server, database);
  }

  @Test
  void jobsAreNamedByTheirNumbersForTheirCommandsMayHoldSecrets() throws Exception {
    String database = Shop.small(server);
    server.run(
        database,
        "CREATE SCHEMA cron",
        "CREATE TABLE cron.job(jobid bigint, command text, username text)",
        "INSERT INTO cron.job VALUES (10, 'call with token s3cret', current_user), (9, 'x', 'y')",
        "ALTER TABLE cron.job ENABLE ROW LEVEL SECURITY",
        "CREATE POLICY own ON cron.job USING (username = current_user)");
    Taken backup = Taken.of(Clients.source(server, database), directory);
    assertThatThrownBy(
            () -> Databases.staged(Databases.target(server, database), backup, directory))
        .hasMessage("\"" + database + "\" at 127.0.0.1:" + server.port()
            + " has what a restore would cut off: the pg_cron job \"9\", the pg_cron job \"10\"."
            + " Remove it, or allow that with allowReplication(). Nothing was changed.");
    Databases.dropAllOf(server, database);
  }

  @Test
  void aReplicationSlotIsNamed() throws Exception {
    Path data = directory.resolve("data");
    try (Server first = Server.start(Clients.OLDEST, data)) {
      first.run("postgres", "ALTER SYSTEM SET wal_level = logical");
    }
    try (Server logical = Server.start(Clients.OLDEST, data)) {
      String database = Shop.small(logical);
      Taken backup = Taken.of(Clients.source(logical, database), directory);
      logical.query(database, "SELECT pg_create_logical_replication_slot('feed', 'pgoutput')");
      assertThatThrownBy(
              () -> Databases.staged(Databases.target(logical, database), backup, directory))
          .hasMessageContaining(" has what a restore would cut off: the replication slot feed. ");
    }
  }

  @Test
  void subscriptionsAreNotBroughtBack() throws Exception {
    String database = Shop.small(server);
    server.run(
        database,
        "CREATE SUBSCRIPTION " + database
            + "_s CONNECTION 'host=127.0.0.1 port=1 dbname=x' PUBLICATION p"
            + " WITH (connect = false)");
    Taken backup = Taken.of(Clients.source(server, database), directory);
    server.run(
        database,
        "ALTER SUBSCRIPTION " + database + "_s SET (slot_name = NONE)",
        "DROP SUBSCRIPTION " + database + "_s");
    PostgresTarget target = Databases.target(server, database);
    Path staging = Databases.staged(target, backup, directory);
    target.apply(staging);
    target.discard(staging);
    assertThat(server.query(
            database, "SELECT count(*) FROM pg_subscription WHERE subname = '" + database + "_s'"))
        .containsExactly("0");
    Databases.dropAllOf(server, database);
  }

  @Test
  void aBackupOfAPartIsNotSwappedIn() throws Exception {
    String database = Shop.small(server);
    server.run(database, "CREATE SCHEMA one", "CREATE TABLE one.t AS SELECT 1 AS x");
    Taken backup = Taken.of(Clients.source(server, database).schemas("one"), directory);
    PostgresTarget target = Databases.target(server, database);
    assertThatThrownBy(() -> Databases.staged(target, backup, directory))
        .hasMessage(
            "The backup holds a part of a database (only schemas one), and swapping it in would"
                + " lose all else of \"" + database + "\" at 127.0.0.1:" + server.port()
                + ". Restore it into a new database, or with inPlace().allowExtras(). Nothing was"
                + " changed.");
    server.run(database, "UPDATE one.t SET x = 2");
    PostgresTarget part = target.inPlace().allowExtras();
    Path staging = Databases.staged(part, backup, directory);
    part.apply(staging);
    assertThat(server.query(database, "SELECT x FROM one.t")).containsExactly("1");
    assertThat(server.query(database, "SELECT count(*) FROM orders")).containsExactly("300");
    Databases.dropAllOf(server, database);
  }

  @Test
  void aDatabaseThatIsThereIsNotOverwritten() throws Exception {
    String database = Shop.small(server);
    Taken backup = Taken.of(Clients.source(server, database), directory);
    PostgresTarget target = PostgresTarget.database(server.connection("postgres"), database);
    assertThatThrownBy(() -> Databases.staged(target, backup, directory))
        .isInstanceOf(FileAlreadyExistsException.class)
        .hasMessage(database + ": a database of that name is there already. Nothing was changed.");
    String place = Server.freshName("place");
    PostgresTarget elsewhere = PostgresTarget.database(server.connection("postgres"), place);
    Path staging = Databases.staged(elsewhere, backup, directory);
    server.run("postgres", "CREATE DATABASE " + place);
    assertThatThrownBy(() -> elsewhere.apply(staging))
        .isInstanceOf(FileAlreadyExistsException.class);
    elsewhere.discard(staging);
    assertThat(Databases.exists(server, place)).isTrue();
    assertThat(Databases.leftOf(server, place)).isEmpty();
    Databases.dropAllOf(server, place);
    Databases.dropAllOf(server, database);
  }

  @Test
  void itSaysWhereItIsWithoutSecrets() throws Exception {
    PostgresConnection connection =
        server.connection("shop").password(() -> "hunter2".toCharArray());
    String place = "the PostgreSQL database \"shop\" at 127.0.0.1:" + server.port();
    assertThat(PostgresTarget.live(connection).description()).isEqualTo(place);
    assertThat(PostgresTarget.live(connection).swapping().description())
        .isEqualTo(place + ", by a swap");
    assertThat(PostgresTarget.live(connection).inPlace().description())
        .isEqualTo(place + ", in place");
    assertThat(PostgresTarget.database(connection, "new").description())
        .isEqualTo("the database \"new\" beside " + place);
    assertThat(PostgresTarget.live(connection)).hasToString("PostgresTarget[" + place + "]");
  }

  @Test
  void aSessionThatMayNotBeEndedKeepsTheOldDatabaseLiveAndOpen() throws Exception {
    String role = Server.freshName("owner");
    String database = Shop.small(server);
    server.run(
        database,
        "CREATE ROLE " + role + " LOGIN CREATEDB",
        "GRANT pg_signal_backend TO " + role,
        "ALTER DATABASE " + database + " OWNER TO " + role,
        "ALTER TABLE orders OWNER TO " + role,
        "ALTER VIEW items OWNER TO " + role,
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC");
    PostgresConnection own = server.connection(database).user(role);
    Path client = Clients.require(server.major()).directory();
    Taken backup = Taken.of(PostgresSource.of("shop", own).client(client), directory);
    PostgresTarget target = PostgresTarget.live(own)
        .client(client)
        .withoutOwners()
        .patience(java.time.Duration.ofMillis(300));
    Path staging = Databases.staged(target, backup, directory);
    try (Connection superuser = server.connect(database)) {
      Server.run(superuser, "SELECT 1");
      assertThatThrownBy(() -> target.apply(staging))
          .hasMessageStartingWith(
              "1 sessions on \"" + database + "\" did not end within 300 ms: process ")
          .hasMessageContaining(" of postgres (PostgreSQL JDBC Driver)");
    }
    assertThat(server.query(database, "SELECT count(*) FROM orders")).containsExactly("300");
    target.patience(java.time.Duration.ofMinutes(1)).apply(staging);
    target.discard(staging);
    Databases.dropAllOf(server, database);
  }
}
