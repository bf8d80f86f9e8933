package dev.lifeboat.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lifeboat.source.Facts;
import dev.lifeboat.source.Snapshot;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PostgresSourceTest {
  @TempDir
  Path directory;

  private final Server server = Server.of(Clients.OLDEST);

  static Stream<Integer> servers() {
    return Server.majors().boxed();
  }

  @Test
  void itSaysWhatItIs() {
    PostgresSource source = PostgresSource.of("shop", server.connection("shop"));
    assertThat(source.name()).isEqualTo("shop");
    assertThat(source.type()).isEqualTo("pgdump");
    assertThat(source.suffix()).isEqualTo("dump");
    assertThat(source).hasToString("PostgresSource[shop]");
  }

  @ParameterizedTest
  @MethodSource("servers")
  void theFactsAreThoseThatARestoredDatabaseShows(int major) throws Exception {
    Client client = Clients.require(major);
    Server each = Server.of(major);
    String database = harbour(each);
    Taken taken = Taken.of(Clients.source(each, database), directory);
    assertThat(taken.facts().counts())
        .containsExactlyInAnyOrderEntriesOf(Map.ofEntries(
            Map.entry("tables", 7L),
            Map.entry("views", 1L),
            Map.entry("materialized views", 1L),
            Map.entry("foreign tables", 0L),
            Map.entry("sequences", 2L),
            Map.entry("functions", 1L),
            Map.entry("types", 3L),
            Map.entry("indexes", 5L),
            Map.entry("constraints", 4L),
            Map.entry("triggers", 1L),
            Map.entry("rules", 0L),
            Map.entry("row security policies", 1L),
            Map.entry("large objects", 1L),
            Map.entry("rows of fleet.\"Odd \"\"Näme\"", 2L),
            Map.entry("rows of public.child", 1L),
            Map.entry("rows of public.crew", 3L),
            Map.entry("rows of public.log_1", 10L),
            Map.entry("rows of public.log_2", 5L),
            Map.entry("rows of public.ships", 2L)));
    assertThat(taken.facts().values())
        .containsExactlyInAnyOrderEntriesOf(Map.of(
            "encoding", "UTF8",
            "extension hstore", "installed",
            "extension plpgsql", "installed"));
    assertThat(taken.facts().gaps()).isEmpty();
    assertThat(taken.facts().differencesFrom(restored(each, client, taken))).isEmpty();
  }

  private Facts restored(Server each, Client client, Taken taken) throws Exception {
    String copy = each.create("copy");
    Path archive =
        Files.write(Files.createTempFile(directory, "archive", ".dump"), taken.content());
    String target = "host=127.0.0.1 port=" + each.port() + " user=postgres dbname=" + copy;
    try {
      Clients.run(client, "pg_restore", "--dbname=" + target, archive.toString());
    } catch (IOException e) {
      if (client.restoresInto(new Version(each.major(), 0))) {
        throw e; // else it has stumbled over transaction_timeout, and went on
      }
    }
    return Taken.of(Clients.source(each, copy), directory).facts();
  }

  @ParameterizedTest
  @MethodSource("servers")
  void theNotesTellHowToMakeTheDatabaseAnew(int major) throws Exception {
    Client client = Clients.require(major);
    Server each = Server.of(major);
    String database = harbour(each);
    each.run(
        database,
        "DROP ROLE IF EXISTS mate",
        "CREATE ROLE mate",
        "COMMENT ON DATABASE " + database + " IS 'all ships'",
        "GRANT CONNECT ON DATABASE " + database + " TO mate",
        "ALTER DATABASE " + database + " SET work_mem = '7MB'",
        "ALTER DATABASE " + database + " SET shop.token = 'canary'",
        "ALTER ROLE mate IN DATABASE " + database + " SET search_path = fleet, public",
        "ALTER DATABASE " + database + " CONNECTION LIMIT 42");
    Facts facts = Taken.of(Clients.source(each, database), directory).facts();
    each.run(
        database,
        "ALTER ROLE mate IN DATABASE " + database + " RESET ALL",
        "REVOKE ALL ON DATABASE " + database + " FROM mate",
        "DROP ROLE mate");
    assertThat(facts.notes())
        .containsEntry("PostgreSQL version", each.version())
        .containsEntry("pg_dump version", client.dump().toString())
        .containsEntry("database", database)
        .containsEntry("owner", "postgres")
        .containsEntry("locale provider", "libc")
        .containsKey("collation")
        .containsKey("character type")
        .containsEntry("tablespace", "pg_default")
        .containsEntry("connection limit", "42")
        .containsEntry("comment", "all ships")
        .containsEntry("setting work_mem", "7MB")
        .containsEntry("setting shop.token", "not told, for it may be a secret")
        .containsEntry("setting search_path of role mate", "fleet, public")
        .containsEntry(
            "database privileges", "{=Tc/postgres,postgres=CTc/postgres,mate=c/postgres}")
        .containsEntry("version of extension plpgsql", "1.0")
        .containsEntry("sequence public.ships_id_seq", "2")
        .containsEntry("sequence fleet.\"Q\"", "not used")
        .doesNotContainKey("pg_dump said");
    assertThat(facts.toString()).doesNotContain("canary");
  }

  /** A little of everything that is counted. */
  private static String harbour(Server server) throws SQLException {
    return server.create(
        "harbour",
        "CREATE EXTENSION hstore",
        "CREATE SCHEMA fleet",
        "CREATE TYPE mood AS ENUM ('calm', 'rough')",
        "CREATE DOMAIN knots AS numeric CHECK (VALUE >= 0)",
        "CREATE TYPE span AS RANGE (subtype = numeric)",
        "CREATE TABLE ships(id serial PRIMARY KEY, name text UNIQUE, speed knots, sea mood)",
        "INSERT INTO ships(name, speed, sea) VALUES ('Elsa', 12.5, 'calm'), ('Änne', 9, 'rough')",
        "CREATE TABLE crew(ship int REFERENCES ships, name text, tags hstore, CHECK (name <> ''))",
        "INSERT INTO crew VALUES (1, 'a', 'k=>v'), (1, 'b', ''), (2, 'c', NULL)",
        "CREATE TABLE child(more int) INHERITS (crew)",
        "INSERT INTO child(ship, name, more) VALUES (1, 'd', 1)",
        "CREATE TABLE log(at int, line text) PARTITION BY RANGE (at)",
        "CREATE TABLE log_1 PARTITION OF log FOR VALUES FROM (0) TO (11)",
        "CREATE TABLE log_2 PARTITION OF log FOR VALUES FROM (11) TO (100)",
        "CREATE INDEX ON log(at)",
        "INSERT INTO log SELECT n, 'line' FROM generate_series(1, 15) n",
        "CREATE TABLE fleet.\"Odd \"\"Näme\"(\"a b\" int)",
        "INSERT INTO fleet.\"Odd \"\"Näme\" VALUES (1), (2)",
        "CREATE SEQUENCE fleet.\"Q\"",
        "CREATE VIEW calm AS SELECT * FROM ships WHERE sea = 'calm'",
        "CREATE MATERIALIZED VIEW heads AS SELECT ship, count(*) AS n FROM crew GROUP BY 1",
        "CREATE UNIQUE INDEX ON heads(ship)",
        "CREATE INDEX ON ships(speed)",
        "CREATE FUNCTION bell() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        "CREATE TRIGGER bell BEFORE INSERT ON ships FOR EACH ROW EXECUTE FUNCTION bell()",
        "ALTER TABLE crew ENABLE ROW LEVEL SECURITY",
        "CREATE POLICY own ON crew USING (name = current_user)",
        "SELECT lo_from_bytea(0, '\\x0102')");
  }

  @Test
  void schemasAndTablesAreChosenLetterByLetter() throws Exception {
    String database = harbour(server);
    PostgresSource all = Clients.source(server, database);
    assertThat(rows(all.schemas("fleet"))).containsExactly("rows of fleet.\"Odd \"\"Näme\"");
    assertThat(rows(all.tables("fleet", "Odd \"Näme").tables("public", "log")))
        .containsExactly(
            "rows of fleet.\"Odd \"\"Näme\"", "rows of public.log_1", "rows of public.log_2");
    assertThat(rows(all.withoutSchemas("public", "nowhere")))
        .containsExactly("rows of fleet.\"Odd \"\"Näme\"");
    assertThat(rows(all.withoutTables("public", "log", "ships", "crew", "child", "no.such")))
        .containsExactly("rows of fleet.\"Odd \"\"Näme\"");
    assertThat(
            rows(all.withoutDataOf("public", "log", "crew").withoutTables("fleet", "Odd \"Näme")))
        .containsExactly("rows of public.child", "rows of public.ships");
  }

  /** The tables whose rows were counted, which are those whose rows are in the archive. */
  private List<String> rows(PostgresSource source) throws IOException {
    Taken taken = Taken.of(source, directory);
    List<String> counted = taken.facts().counts().keySet().stream()
        .filter(count -> count.startsWith("rows of "))
        .toList();
    List<String> dumped =
        Clients.sql(Clients.require(server.major()), taken.content(), directory).stream()
            .filter(line -> line.startsWith("COPY "))
            .map(line -> "rows of " + line.substring("COPY ".length(), line.indexOf(" (")))
            .sorted()
            .toList();
    assertThat(counted).isEqualTo(dumped);
    assertThat(taken.facts().counts().get("tables"))
        .isEqualTo(Clients.sql(Clients.require(server.major()), taken.content(), directory).stream()
            .filter(line -> line.startsWith("CREATE TABLE "))
            .count());
    return counted;
  }

  @Test
  void whatWasChosenIsNoted() throws Exception {
    PostgresSource source = Clients.source(server, harbour(server))
        .schemas("public", "fleet")
        .withoutDataOf("public", "log")
        .withoutTables("public", "crew", "child");
    assertThat(Taken.of(source, directory).facts().notes())
        .containsEntry("only schemas", "fleet, public")
        .containsEntry("without rows of", "public.log, public.log_1, public.log_2")
        .containsEntry("without tables", "public.child, public.crew");
  }

  @Test
  void whatWasChosenMustBeThere() throws Exception {
    String database = Shop.small(server);
    PostgresSource source = Clients.source(server, database);
    assertThatThrownBy(() -> source.schemas("fleet", "public", "x\"y").open(directory))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessage(at(database) + ": has no schema [fleet, x\"y]. Nothing was read.");
    assertThatThrownBy(() -> source.tables("public", "orders", "Orders").open(directory))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessage(at(database) + ": has no table [public.\"Orders\"]. Nothing was read.");
    assertThatThrownBy(() -> source.schemas("public").tables("public", "orders"))
        .hasMessage(
            "either schemas or tables can be chosen, for pg_dump does not look at schemas where"
                + " tables are named");
  }

  @Test
  void onlyHarmlessArgumentsAreAllowed() throws Exception {
    PostgresSource source = Clients.source(server, Shop.small(server));
    assertThat(
            Taken.of(source.argument("--no-comments").argument("--extra-float-digits=3"), directory)
                .content())
        .isNotEmpty();
    for (String refused : List.of(
        "--no-owner",
        "--format=plain",
        "-Fp",
        "--file=/etc/passwd",
        "--snapshot=1",
        "--dbname=x",
        "--encoding=",
        "x",
        "")) {
      assertThatThrownBy(() -> source.argument(refused))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("pg_dump's argument must be one of --no-comments,"
              + " --no-publications, --no-security-labels, --no-subscriptions, --no-table-access-method,"
              + " --no-tablespaces, --no-toast-compression, --quote-all-identifiers, --statistics,"
              + " --verbose or, with =value, one of --encoding, --extra-float-digits,"
              + " --include-foreign-data, was " + refused);
    }
  }

  @Test
  void estimatedRowsAreOnlyTold() throws Exception {
    String database = Shop.small(server);
    server.run(database, "ANALYZE");
    Facts facts =
        Taken.of(Clients.source(server, database).estimateRows(), directory).facts();
    assertThat(facts.counts()).doesNotContainKey("rows of public.orders");
    assertThat(facts.notes()).containsEntry("about rows of public.orders", "300");
  }

  @Test
  void truncatingAndDroppingWaitUntilTheStateIsLetGo() throws Exception {
    String database = Shop.small(server);
    PostgresSource source = Clients.source(server, database);
    try (Snapshot snapshot = source.open(directory)) {
      for (String change : List.of(
          "TRUNCATE orders",
          "DROP TABLE orders CASCADE",
          "ALTER TABLE orders ALTER id TYPE numeric")) {
        assertThatThrownBy(() -> server.run(database, "SET lock_timeout = '100ms'", change))
            .isInstanceOf(SQLException.class)
            .hasMessageContaining("lock timeout");
      }
      snapshot.capture();
      snapshot.examine();
      snapshot.writeTo(new ByteArrayOutputStream());
      server.run(database, "SET lock_timeout = '20s'", "TRUNCATE orders"); // before it is closed
    }
  }

  @Test
  void whatTheRoleMayNotReadIsToldBeforeAnyWork() throws Exception {
    String database = harbour(server);
    String role = Server.freshName("clerk");
    server.run(
        database,
        "CREATE ROLE " + role + " LOGIN",
        "GRANT SELECT ON ships, child TO " + role,
        "GRANT SELECT ON crew TO " + role);
    PostgresSource source = PostgresSource.of(
            "harbour", server.connection(database).user(role))
        .client(Clients.require(server.major()).directory());
    assertThatThrownBy(() -> source.open(directory))
        .isInstanceOf(AccessDeniedException.class)
        .hasMessage(
            at(database) + ": the role " + role + " may not look into schema fleet: grant USAGE on"
                + " them, or the role pg_read_all_data; the role " + role + " may not read"
                + " fleet.\"Odd \"\"Näme\", public.log, public.log_1, public.log_2: grant SELECT on them, or"
                + " the role pg_read_all_data; the role " + role
                + " may not read the sequences fleet.\"Q\","
                + " public.ships_id_seq: grant SELECT on them, or the role pg_read_all_data; the role "
                + role
                + " sees only some rows of public.crew: give it BYPASSRLS, for row security would leave rows"
                + " out; the role " + role
                + " may not read 1 large objects: grant SELECT on them, or be their"
                + " owner. Nothing was read.");
    server.run(database, "GRANT pg_read_all_data TO " + role, "ALTER ROLE " + role + " BYPASSRLS");
    assertThat(Taken.of(source.tables("public", "ships", "crew"), directory)
            .facts()
            .counts())
        .containsEntry("rows of public.crew", 3L);
  }

  @Test
  void aClientOlderThanTheServerIsRefusedBeforeAnyWork() throws Exception {
    Script.client(directory, "14.24");
    PostgresSource source = Clients.source(server, Shop.small(server)).client(directory);
    String version = server.version();
    assertThatThrownBy(() -> source.open(directory))
        .hasMessage(
            "The server is PostgreSQL " + version + ", and no pg_dump that can read it was found:"
                + " there is pg_dump 14.24 in " + directory + "; looked in " + directory
                + ". Install the client"
                + " of PostgreSQL 15 (postgresql-client-15), pg_dump and pg_restore, or name its directory with"
                + " client(…) or PGBIN. Nothing was read.");
  }

  @ParameterizedTest
  @MethodSource("servers")
  void theRealClientOfThisMachineIsRefusedByNewerServers(int major) throws Exception {
    Client oldest = Clients.require(Clients.OLDEST);
    Server each = Server.of(major);
    PostgresSource source =
        PostgresSource.of("shop", each.connection("postgres")).client(oldest.directory());
    if (major <= oldest.dump().major()) {
      assertThat(source.probe().canBackUp()).isTrue();
    } else {
      assertThat(source.probe().backupObstacles())
          .singleElement()
          .asString()
          .startsWith("The server is PostgreSQL " + major + ".")
          .contains("there is pg_dump " + oldest.dump() + " in ");
    }
  }

  private String at(String database) {
    return "\"" + database + "\" at 127.0.0.1:" + server.port();
  }
}
