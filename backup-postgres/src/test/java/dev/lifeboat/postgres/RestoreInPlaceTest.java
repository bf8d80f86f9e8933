package dev.lifeboat.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RestoreInPlaceTest {
  @TempDir
  Path directory;

  private final Server server = Server.of(Clients.OLDEST);

  @Test
  void everyKindOfThingComesBack() throws Exception {
    String database = Fleet.create(server);
    List<String> before = Fleet.everything(server, database);
    Taken backup = Taken.of(Clients.source(server, database), directory);
    server.run(
        database,
        "DELETE FROM fleet.ships",
        "DROP VIEW fleet.names",
        "SELECT lo_unlink(424242), setval('fleet.numbers', 1000)",
        "ALTER TABLE fleet.ships2 ADD COLUMN more int");
    List<String> changed = Fleet.everything(server, database);

    PostgresTarget target = Databases.target(server, database).inPlace();
    Path staging = Databases.staged(target, backup, directory);
    target.apply(staging);
    List<String> after = Fleet.everything(server, database);
    assertThat(after).containsAll(before);
    assertThat(before).containsAll(after);
    target.undo(staging);
    List<String> undone = Fleet.everything(server, database);
    assertThat(undone).containsAll(changed);
    assertThat(changed).containsAll(undone); // the view that the restore brought is gone again
    target.discard(staging);
    Databases.dropAllOf(server, database);
  }

  @Test
  void aRoleThatMayNotCreateDatabasesRestoresInPlace() throws Exception {
    String role = Server.freshName("tenant");
    String database = Shop.small(server);
    server.run(
        database,
        "CREATE ROLE " + role + " LOGIN",
        "ALTER DATABASE " + database + " OWNER TO " + role,
        "ALTER SCHEMA public OWNER TO " + role,
        "ALTER TABLE orders OWNER TO " + role,
        "ALTER VIEW items OWNER TO " + role);
    PostgresConnection own = server.connection(database).user(role);
    Path client = Clients.require(server.major()).directory();
    Taken backup = Taken.of(PostgresSource.of("shop", own).client(client), directory);
    server.run(database, "DELETE FROM orders");

    PostgresTarget target = PostgresTarget.live(own).client(client);
    assertThatThrownBy(() -> Databases.staged(target.swapping(), backup, directory))
        .hasMessage("\"" + database + "\" at 127.0.0.1:" + server.port()
            + ": it cannot be swapped: the role " + role + " may not create databases (CREATEDB);"
            + " the role " + role + " may not end the sessions of other roles (pg_signal_backend)."
            + " Nothing was changed.");
    Path staging = Databases.staged(target, backup, directory);
    target.apply(staging);
    assertThat(server.query(database, "SELECT count(*) FROM orders")).containsExactly("300");
    target.undo(staging);
    assertThat(server.query(database, "SELECT count(*) FROM orders")).containsExactly("0");
    target.discard(staging);
    Databases.dropAllOf(server, database);
  }

  @Test
  void whatTheBackupDoesNotHaveIsNamedAndRefusedUnlessAllowed() throws Exception {
    String database = Shop.small(server);
    Taken backup = Taken.of(Clients.source(server, database), directory);
    server.run(
        database,
        "DELETE FROM orders",
        "CREATE TABLE later AS SELECT 1 AS x",
        "CREATE SCHEMA more");
    PostgresTarget target = Databases.target(server, database).inPlace();
    assertThatThrownBy(() -> Databases.staged(target, backup, directory))
        .hasMessage("\"" + database + "\" at 127.0.0.1:" + server.port()
            + " has objects that the backup does not have, and a restore in place would leave them:"
            + " SCHEMA more, TABLE public.later. Remove them, or allow them with allowExtras()."
            + " Nothing was changed.");
    PostgresTarget allowed = target.allowExtras();
    Path staging = Databases.staged(allowed, backup, directory);
    allowed.apply(staging);
    assertThat(server.query(database, "SELECT count(*) FROM orders")).containsExactly("300");
    assertThat(server.query(database, "SELECT x FROM later")).containsExactly("1");
    allowed.undo(staging);
    assertThat(server.query(database, "SELECT count(*) FROM orders")).containsExactly("0");
    assertThat(server.query(database, "SELECT x FROM later")).containsExactly("1");
    Databases.dropAllOf(server, database);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aSchemaThatWasDroppedComesBack(boolean whole) throws Exception {
    String database = Shop.small(server);
    PostgresSource source = Clients.source(server, database);
    Taken backup = Taken.of(whole ? source : source.schemas("public"), directory);
    server.run(database, "DROP SCHEMA public CASCADE");
    PostgresTarget target = Databases.target(server, database).inPlace();
    Path staging = Databases.staged(target, backup, directory);
    target.apply(staging);
    assertThat(server.query(database, "SELECT count(*) FROM orders")).containsExactly("300");
    target.undo(staging);
    target.discard(staging);
    assertThat(objects(database)).isEmpty();
    Databases.dropAllOf(server, database);
  }

  @Test
  void whatIsAllowedSurvivesAlsoInTheSchemasOfTheBackup() throws Exception {
    String database = Shop.small(server);
    server.run(database, "CREATE SCHEMA \"a b\"", "CREATE TABLE \"a b\".t AS SELECT 1 AS x");
    for (PostgresSource source : List.of(
        Clients.source(server, database),
        Clients.source(server, database).schemas("public", "a b"))) {
      Taken backup = Taken.of(source, directory);
      server.run(
          database,
          "DELETE FROM orders",
          "UPDATE \"a b\".t SET x = 2",
          "CREATE TABLE later AS SELECT 3 AS x",
          "CREATE TABLE \"a b\".later AS SELECT 4 AS x");
      PostgresTarget target = Databases.target(server, database).inPlace().allowExtras();
      Path staging = Databases.staged(target, backup, directory);
      target.apply(staging);
      assertThat(server.query(
              database,
              "SELECT concat_ws('|', (SELECT count(*) FROM orders), t.x, l.x, m.x)"
                  + " FROM \"a b\".t t, later l, \"a b\".later m"))
          .containsExactly("300|1|3|4");
      target.undo(staging);
      target.discard(staging);
      assertThat(server.query(database, "SELECT x FROM \"a b\".t")).containsExactly("2");
      assertThat(server.query(database, "SELECT count(*) FROM orders")).containsExactly("0");
      server.run(
          database,
          "DROP TABLE later, \"a b\".later",
          "INSERT INTO orders(item) SELECT 'item ' || n FROM generate_series(1, 300) n",
          "UPDATE \"a b\".t SET x = 1");
    }
    Databases.dropAllOf(server, database);
  }

  @Test
  void whatComesBetweenCheckAndApplyIsFoundBeforeAnythingIsTouched() throws Exception {
    String database = Shop.small(server);
    Taken backup = Taken.of(Clients.source(server, database), directory);
    PostgresTarget target = Databases.target(server, database).inPlace();
    Path staging = Databases.staged(target, backup, directory);
    server.run(database, "CREATE TABLE later(x int)", "DELETE FROM orders");
    assertThatThrownBy(() -> target.apply(staging))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("TABLE public.later");
    assertThat(server.query(database, "SELECT count(*) FROM orders")).containsExactly("0");
    Databases.dropAllOf(server, database);
  }

  @Test
  void whatHoldsOnToAnOldTableMakesTheWholeRestoreFail() throws Exception {
    String database = Shop.small(server);
    Taken backup = Taken.of(Clients.source(server, database), directory);
    server.run(database, "DELETE FROM orders", "CREATE VIEW later AS SELECT * FROM orders");
    PostgresTarget target = Databases.target(server, database).inPlace().allowExtras();
    Path staging = Databases.staged(target, backup, directory);
    assertThatThrownBy(() -> target.apply(staging))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("pg_restore ended with status 1")
        .hasMessageContaining("other objects depend on it");
    assertThat(server.query(database, "SELECT count(*) FROM later")).containsExactly("0");
    Databases.dropAllOf(server, database);
  }

  @Test
  void anUndoTakesAwayWhatTheRestoreHasBrought() throws Exception {
    String database = Shop.small(server);
    server.run(
        database,
        "CREATE TABLE notes(id int REFERENCES orders(id))",
        "CREATE FUNCTION sold() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM orders'");
    Taken backup = Taken.of(Clients.source(server, database), directory);
    server.run(database, "DROP TABLE notes", "DROP FUNCTION sold()", "DELETE FROM orders");
    List<String> before = objects(database);
    PostgresTarget target = Databases.target(server, database).inPlace();
    Path staging = Databases.staged(target, backup, directory);
    target.apply(staging);
    assertThat(objects(database)).contains("notes", "sold");
    target.undo(staging);
    assertThat(objects(database)).isEqualTo(before);
    assertThat(server.query(database, "SELECT count(*) FROM orders")).containsExactly("0");
    Databases.dropAllOf(server, database);
  }

  @Test
  void whatTheApplicationDropsMeanwhileIsNotTakenForARestore() throws Exception {
    String database = Shop.small(server);
    server.run(database, "CREATE TABLE work AS SELECT 1 AS x");
    Taken backup = Taken.of(Clients.source(server, database), directory);
    PostgresTarget target = Databases.target(server, database).inPlace();
    Path staging = Databases.staged(target, backup, directory);
    PostgresTarget dying = target.steps(step -> {
      if (step.equals("restore")) {
        run(database, "DROP TABLE work", "DELETE FROM orders WHERE id > 7");
        throw new IllegalStateException("the host is gone");
      }
    });
    assertThatThrownBy(() -> dying.apply(staging)).hasMessage("the host is gone");
    target.undo(staging);
    target.discard(staging);
    assertThat(server.query(database, "SELECT count(*) FROM orders")).containsExactly("7");
    Databases.dropAllOf(server, database);
  }

  @Test
  void anUndoThatFailsSaysWhereTheOldStateLiesAndCanBeTriedAgain() throws Exception {
    String database = Shop.small(server);
    String clerk = Server.freshName("clerk");
    Taken backup = Taken.of(Clients.source(server, database), directory);
    server.run(
        database,
        "CREATE ROLE " + clerk,
        "ALTER TABLE orders OWNER TO " + clerk,
        "DELETE FROM orders WHERE id > 7");
    PostgresTarget target = Databases.target(server, database).inPlace();
    Path staging = Databases.staged(target, backup, directory);
    target.apply(staging);
    server.run(database, "DROP ROLE " + clerk); // of which the old state knows
    assertThatThrownBy(() -> target.undo(staging))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(
            "What was live before could not be brought back: pg_restore ended with status 1")
        .hasMessageContaining("role \"" + clerk + "\" does not exist")
        .hasMessageContaining(". It lies in " + staging);
    assertThat(server.query(database, "SELECT count(*) FROM orders")).containsExactly("300");

    server.run(database, "CREATE ROLE " + clerk);
    target.undo(staging);
    target.discard(staging);
    assertThat(server.query(database, "SELECT count(*) FROM orders")).containsExactly("7");
    Databases.dropAllOf(server, database);
    server.run("postgres", "DROP ROLE " + clerk);
  }

  private void run(String database, String... statements) {
    try {
      server.run(database, statements);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private List<String> objects(String database) throws SQLException {
    return server.query(
        database,
        "SELECT relname FROM pg_class WHERE relnamespace = to_regnamespace('public') UNION ALL"
            + " SELECT proname FROM pg_proc WHERE pronamespace = to_regnamespace('public') ORDER BY 1");
  }
}
