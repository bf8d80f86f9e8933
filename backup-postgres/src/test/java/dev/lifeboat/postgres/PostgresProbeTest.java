package dev.lifeboat.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresProbeTest {
  @TempDir
  Path directory;

  private final Server server = Server.of(Clients.OLDEST);

  @Test
  void aSuperuserMayDoAll() throws Exception {
    Client client = Clients.require(server.major());
    PostgresProbe probe = Clients.source(server, Shop.small(server)).probe();
    assertThat(probe.serverVersion()).startsWith("15.");
    assertThat(probe.client()).hasValue(client.directory());
    assertThat(probe.clientVersion()).hasValue(client.dump().toString());
    assertThat(probe.canBackUp()).isTrue();
    assertThat(probe.canSwap()).isTrue();
    assertThat(probe.canRestoreInPlace()).isTrue();
    assertThat(probe.warnings()).isEmpty();
  }

  @Test
  void aReaderMayBackUpAndRestoreNothing() throws Exception {
    String database = Shop.small(server);
    String role = Server.freshName("reader");
    server.run(
        database,
        "CREATE ROLE " + role + " LOGIN",
        "GRANT pg_read_all_data TO " + role,
        "REVOKE CONNECT ON DATABASE postgres FROM PUBLIC",
        "REVOKE CONNECT ON DATABASE template1 FROM PUBLIC");
    PostgresProbe probe = PostgresSource.of("shop", server.connection(database).user(role))
        .client(Clients.require(server.major()).directory())
        .probe();
    server.run(
        database,
        "GRANT CONNECT ON DATABASE postgres TO PUBLIC",
        "GRANT CONNECT ON DATABASE template1 TO PUBLIC");
    assertThat(probe.backupObstacles()).isEmpty();
    assertThat(probe.swapObstacles())
        .containsExactly(
            "the role " + role + " may not create databases (CREATEDB)",
            "the role " + role + " does not own the database",
            "the role " + role
                + " may not connect to postgres or template1, from where databases are renamed",
            "the role " + role + " may not end the sessions of other roles (pg_signal_backend)");
    assertThat(probe.inPlaceObstacles())
        .containsExactly(
            "the role " + role + " does not own public.orders: make it a member of their owners");
  }

  @Test
  void aMissingClientIsInTheWayOfAll() throws Exception {
    PostgresProbe probe = PostgresSource.of("shop", server.connection(Shop.small(server)))
        .client(directory)
        .probe();
    assertThat(probe.client()).isEmpty();
    assertThat(probe.clientVersion()).isEmpty();
    assertThat(List.of(probe.canBackUp(), probe.canSwap(), probe.canRestoreInPlace()))
        .containsOnly(false);
    assertThat(probe.backupObstacles())
        .containsExactly(
            "The server is PostgreSQL " + probe.serverVersion() + ", and no pg_dump that can"
                + " read it was found: there is none in " + directory
                + ". Install the client of PostgreSQL 15"
                + " (postgresql-client-15), pg_dump and pg_restore, or name its directory with client(…) or"
                + " PGBIN");
  }

  @Test
  void aClientThatCannotWriteIntoTheServerIsInTheWayOfRestores() throws Exception {
    Script.client(directory, "17.5");
    PostgresProbe probe = PostgresSource.of("shop", server.connection(Shop.small(server)))
        .client(directory)
        .probe();
    assertThat(probe.canBackUp()).isTrue();
    assertThat(probe.swapObstacles())
        .containsExactly("pg_restore 17.5 cannot restore into PostgreSQL " + probe.serverVersion()
            + " without an error: install the client of PostgreSQL 15 to 16 beside it");
    assertThat(probe.inPlaceObstacles()).isEqualTo(probe.swapObstacles());
    assertThat(probe.warnings())
        .containsExactly(
            "pg_dump 17.5 in " + directory + " should be 17.6 or newer: dumps of older ones can"
                + " carry commands of a hostile database (CVE-2025-8714, CVE-2025-8715)");
  }
}
