package dev.lifeboat.postgres;

import dev.lifeboat.source.Facts;
import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * How much there is of every kind of object in a database: the same in one that was restored from its dump, by whatever
 * version. What belongs to an extension is not counted, for the extension brings it.
 */
final class Catalogue {
  private static final String USERS = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'";

  /** In schemas: catalogue, its namespace column, condition on {@code o}. */
  private static final String IN_SCHEMAS = """
      SELECT n.nspname, count(*) FROM %1$s o JOIN pg_namespace n ON n.oid = o.%2$s
      WHERE %4$s AND (%3$s) AND NOT EXISTS (SELECT FROM pg_depend d
        WHERE d.classid = '%1$s'::regclass AND d.objid = o.oid AND d.deptype = 'e') GROUP BY 1""";

  /** On tables {@code c}: what to join. */
  private static final String ON_TABLES = """
      SELECT n.nspname, c.relname, count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN %1$s WHERE %2$s AND NOT EXISTS (SELECT FROM pg_depend d
        WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e') GROUP BY 1, 2""";

  /** Not those that come with a type, as a range's do, more of them in newer versions. */
  private static final String OF_THEMSELVES =
      "NOT EXISTS (SELECT FROM pg_depend i WHERE i.classid = 'pg_proc'::regclass AND i.objid = o.oid"
          + " AND i.deptype = 'i')";

  private static final Map<String, String> RELATIONS = Map.of(
      "views", "o.relkind = 'v'",
      "materialized views", "o.relkind = 'm'",
      "foreign tables", "o.relkind = 'f'",
      "sequences", "o.relkind = 'S' AND o.relpersistence <> 't'");

  /** Only what stands by itself: how much of it hangs on partitions differs between versions. */
  private static final Map<String, String> PARTS = Map.of(
      "indexes",
          "pg_index i ON i.indrelid = c.oid AND c.relkind IN ('r', 'p', 'm')"
              + " AND (i.indisvalid OR c.relkind = 'p')"
              + " AND NOT EXISTS (SELECT FROM pg_inherits h WHERE h.inhrelid = i.indexrelid)",
      "constraints",
          "pg_constraint k ON k.conrelid = c.oid AND k.contype IN ('c', 'f', 'p', 'u', 'x')"
              + " AND k.conparentid = 0 AND k.conislocal",
      "triggers", "pg_trigger t ON t.tgrelid = c.oid AND NOT t.tgisinternal AND t.tgparentid = 0",
      "rules", "pg_rewrite r ON r.ev_class = c.oid AND c.relkind IN ('r', 'p')",
      "row security policies", "pg_policy p ON p.polrelid = c.oid");

  private final Session session;
  private final Tables tables;

  Catalogue(Session session, Tables tables) {
    this.session = session;
    this.tables = tables;
  }

  /** Counts of all that is in scope; rows are {@link RowCounts}' to count. */
  Facts facts() throws IOException {
    Scope scope = tables.scope();
    Facts facts = Facts.counting("tables", tables.all().size());
    for (Map.Entry<String, String> each : PARTS.entrySet()) {
      facts = facts.count(each.getKey(), onTables(each.getValue()));
    }
    if (scope.tables().isEmpty()) {
      for (Map.Entry<String, String> each : RELATIONS.entrySet()) {
        facts = facts.count(each.getKey(), inSchemas("pg_class", "relnamespace", each.getValue()));
      }
      facts = facts
          .count("functions", inSchemas("pg_proc", "pronamespace", OF_THEMSELVES))
          .count("types", inSchemas("pg_type", "typnamespace", "o.typtype IN ('e', 'd', 'r')"));
    }
    if (scope.isWhole()) {
      facts = facts.count(
          "large objects", session.number("SELECT count(*) FROM pg_largeobject_metadata"));
      for (String extension :
          session.rows("SELECT extname FROM pg_extension", r -> r.getString(1))) {
        facts = facts.value("extension " + TableName.shown(extension), "installed");
      }
    }
    return facts;
  }

  private record Counted(String schema, String name, long number) {}

  private long onTables(String join) throws IOException {
    Set<TableName> names = new HashSet<>(tables.names());
    long sum = 0;
    for (Counted each : session.rows(
        ON_TABLES.formatted(join, USERS),
        row -> new Counted(row.getString(1), row.getString(2), row.getLong(3)))) {
      if (names.contains(new TableName(each.schema(), each.name())) || isOtherInScope(each)) {
        sum += each.number();
      }
    }
    return sum;
  }

  /** Views and the like, which are no tables and may have triggers and indexes all the same. */
  private boolean isOtherInScope(Counted each) {
    Scope scope = tables.scope();
    return scope.tables().isEmpty()
        && scope.holdsSchema(each.schema())
        && !scope.withoutTables().contains(new TableName(each.schema(), each.name()));
  }

  private long inSchemas(String catalogue, String namespace, String condition) throws IOException {
    long sum = 0;
    for (Counted each : session.rows(
        IN_SCHEMAS.formatted(catalogue, namespace, condition, USERS),
        row -> new Counted(row.getString(1), "", row.getLong(2)))) {
      sum += tables.scope().holdsSchema(each.schema()) ? each.number() : 0;
    }
    return sum;
  }
}
