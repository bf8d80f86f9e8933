package dev.lifeboat.postgres;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The tables of a database that are in a scope, and that scope with the partitions of the tables it names.
 *
 * @param all ordinary and partitioned ones, without those of extensions
 */
record Tables(Scope scope, List<Table> all) {
  /**
   * One table.
   *
   * @param partitioned whether its rows lie in its partitions
   * @param dataIncluded whether its rows are backed up
   */
  record Table(TableName name, boolean partitioned, boolean dataIncluded) {
    /** Whether it has rows of its own that are backed up. */
    boolean hasRows() {
      return dataIncluded && !partitioned;
    }
  }

  private record Found(
      long oid, TableName name, boolean partitioned, boolean partition, long parent) {}

  /** Of user tables; {@code parent} is 0 but for partitions. */
  private static final String QUERY = """
      SELECT c.oid, n.nspname, c.relname, c.relkind = 'p', c.relispartition,
             coalesce((SELECT i.inhparent FROM pg_inherits i WHERE i.inhrelid = c.oid AND c.relispartition), 0)
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't'
        AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass
                        AND d.objid = c.oid AND d.objsubid = 0 AND d.deptype = 'e')
      ORDER BY n.nspname, c.relname""";

  Tables {
    all = List.copyOf(all);
  }

  /**
   * As the session sees them now.
   *
   * @throws NoSuchFileException if a schema or a table that was chosen is not there
   */
  static Tables of(Session session, Scope asked) throws IOException {
    List<Found> found = session.rows(
        QUERY,
        row -> new Found(
            row.getLong(1),
            new TableName(row.getString(2), row.getString(3)),
            row.getBoolean(4),
            row.getBoolean(5),
            row.getLong(6)));
    requireSchemas(session, asked.schemas());
    requireTables(session, asked.tables(), found);
    Scope scope = new Scope(
        asked.schemas(),
        asked.withoutSchemas(),
        withPartitions(asked.tables(), found),
        withPartitions(asked.withoutTables(), found),
        withPartitions(asked.withoutData(), found));
    List<Table> all = new ArrayList<>();
    for (Found each : found) {
      if (holds(scope, each.name())) {
        boolean data = !scope.withoutData().contains(each.name());
        all.add(new Table(each.name(), each.partitioned(), data));
      }
    }
    return new Tables(scope, all);
  }

  List<TableName> names() {
    return all.stream().map(Table::name).toList();
  }

  private static boolean holds(Scope scope, TableName name) {
    return scope.holdsSchema(name.schema())
        && (scope.tables().isEmpty() || scope.tables().contains(name))
        && !scope.withoutTables().contains(name);
  }

  private static Set<TableName> withPartitions(Set<TableName> named, List<Found> found) {
    if (named.isEmpty()) {
      return named;
    }
    Map<Long, List<Found>> partitions = new TreeMap<>();
    for (Found each : found) {
      partitions.computeIfAbsent(each.parent(), parent -> new ArrayList<>()).add(each);
    }
    Set<TableName> all = new LinkedHashSet<>(named);
    found.stream()
        .filter(each -> named.contains(each.name()))
        .forEach(each -> addPartitions(each, partitions, all));
    return all;
  }

  private static void addPartitions(
      Found table, Map<Long, List<Found>> partitions, Set<TableName> all) {
    for (Found partition : partitions.getOrDefault(table.oid(), List.of())) {
      all.add(partition.name());
      addPartitions(partition, partitions, all);
    }
  }

  private static void requireSchemas(Session session, Collection<String> schemas)
      throws IOException {
    if (schemas.isEmpty()) {
      return;
    }
    Set<String> missing = new TreeSet<>(schemas);
    missing.removeAll(session.rows("SELECT nspname FROM pg_namespace", row -> row.getString(1)));
    if (!missing.isEmpty()) {
      throw missing(session, "schema", missing);
    }
  }

  private static void requireTables(
      Session session, Collection<TableName> tables, List<Found> found) throws IOException {
    Set<TableName> missing = new TreeSet<>(tables);
    found.forEach(each -> missing.remove(each.name()));
    if (!missing.isEmpty()) {
      throw missing(session, "table", missing);
    }
  }

  private static IOException missing(Session session, String what, Collection<?> names) {
    return new NoSuchFileException(
        session.place(), null, "has no " + what + " " + names + ". Nothing was read.");
  }
}
