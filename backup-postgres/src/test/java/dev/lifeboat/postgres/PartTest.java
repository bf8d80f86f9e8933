package dev.lifeboat.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Backups of a part of a database are restored into a new one, and show there what was recorded. */
class PartTest {
  private static final Map<String, UnaryOperator<PostgresSource>> PARTS = new TreeMap<>(Map.of(
      "public.notes, public.orders", source -> source.schemas("public"),
      "Other 1.t", source -> source.schemas("Other 1"),
      "Other 1.t, public.notes, public.orders", source -> source.schemas("public", "Other 1"),
      "public.orders", source -> source.tables("public", "orders"),
      "Other 1.t, public.notes", source -> source.tables("Other 1", "t").tables("public", "notes"),
      "Other 1.t, third.u", source -> source.withoutSchemas("public"),
      "Other 1.t, public.orders, third.u", source -> source.withoutTables("public", "notes")));

  @TempDir
  Path directory;

  @ParameterizedTest
  @ValueSource(ints = {13, 15, 18})
  void everyPartComesBackInADatabaseOfItsOwn(int version) throws Exception {
    Server server = Server.of(version);
    String database = server.create(
        "parts",
        "CREATE TABLE orders(id int PRIMARY KEY)",
        "INSERT INTO orders SELECT generate_series(1, 300)",
        "CREATE TABLE notes(id int)",
        "COMMENT ON SCHEMA public IS 'the shop''s'",
        "CREATE SCHEMA \"Other 1\"",
        "CREATE TABLE \"Other 1\".t AS SELECT 1 AS x",
        "CREATE SCHEMA third",
        "CREATE TABLE third.u AS SELECT 1 AS x");
    for (Map.Entry<String, UnaryOperator<PostgresSource>> part : PARTS.entrySet()) {
      PostgresSource source = part.getValue().apply(Clients.source(server, database));
      Taken backup = Taken.of(source, directory);
      for (boolean owners : List.of(false, true)) {
        String place = Server.freshName("place");
        PostgresTarget target = PostgresTarget.database(server.connection(database), place)
            .client(Clients.require(version).directory());
        PostgresTarget chosen = owners ? target.withOwners() : target;
        Path staging = Databases.staged(chosen, backup, directory);
        chosen.apply(staging);
        chosen.discard(staging);
        assertThat(String.join(
                ", ",
                server.query(
                    place,
                    "SELECT schemaname || '.' || tablename AS t FROM pg_tables"
                        + " WHERE schemaname !~ '^(pg_|info)' ORDER BY t")))
            .isEqualTo(part.getKey());
        Databases.dropAllOf(server, place);
      }
    }
    Databases.dropAllOf(server, database);
  }
}
