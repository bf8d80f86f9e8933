package dev.lifeboat.postgres;

import dev.lifeboat.source.Facts;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What of a database is backed up. A table that is named stands for its partitions too.
 *
 * @param schemas only these; all if empty
 * @param tables only these; all if empty. Not together with {@code schemas}: pg_dump would not listen to those
 * @param withoutData tables whose rows are left out
 */
record Scope(
    Set<String> schemas,
    Set<String> withoutSchemas,
    Set<TableName> tables,
    Set<TableName> withoutTables,
    Set<TableName> withoutData) {
  /** The whole database. */
  static final Scope WHOLE = new Scope(Set.of(), Set.of(), Set.of(), Set.of(), Set.of());

  Scope {
    schemas = Set.copyOf(schemas);
    withoutSchemas = Set.copyOf(withoutSchemas);
    tables = Set.copyOf(tables);
    withoutTables = Set.copyOf(withoutTables);
    withoutData = Set.copyOf(withoutData);
    schemas.forEach(schema -> TableName.requireText(schema, "schema"));
    withoutSchemas.forEach(schema -> TableName.requireText(schema, "schema"));
    if (!schemas.isEmpty() && !tables.isEmpty()) {
      throw new IllegalArgumentException(
          "either schemas or tables can be chosen, for pg_dump does not look at schemas where tables"
              + " are named");
    }
  }

  Scope schemas(Collection<String> more) {
    return new Scope(both(schemas, more), withoutSchemas, tables, withoutTables, withoutData);
  }

  Scope withoutSchemas(Collection<String> more) {
    return new Scope(schemas, both(withoutSchemas, more), tables, withoutTables, withoutData);
  }

  Scope tables(Collection<TableName> more) {
    return new Scope(schemas, withoutSchemas, both(tables, more), withoutTables, withoutData);
  }

  Scope withoutTables(Collection<TableName> more) {
    return new Scope(schemas, withoutSchemas, tables, both(withoutTables, more), withoutData);
  }

  Scope withoutData(Collection<TableName> more) {
    return new Scope(schemas, withoutSchemas, tables, withoutTables, both(withoutData, more));
  }

  /** Whether what belongs to no schema is in it too: extensions, large objects, the database's own settings. */
  boolean isWhole() {
    return schemas.isEmpty() && tables.isEmpty();
  }

  boolean holdsSchema(String schema) {
    return (schemas.isEmpty() || schemas.contains(schema)) && !withoutSchemas.contains(schema);
  }

  /** For pg_dump, of which every name is taken letter by letter. */
  List<String> arguments() {
    List<String> arguments = new ArrayList<>();
    sorted(schemas).forEach(schema -> arguments.add("--schema=" + Session.quoted(schema)));
    sorted(withoutSchemas)
        .forEach(schema -> arguments.add("--exclude-schema=" + Session.quoted(schema)));
    sorted(tables).forEach(table -> arguments.add("--table=" + table.quoted()));
    sorted(withoutTables).forEach(table -> arguments.add("--exclude-table=" + table.quoted()));
    sorted(withoutData).forEach(table -> arguments.add("--exclude-table-data=" + table.quoted()));
    return arguments;
  }

  /** Tells what was chosen and left out, for people. */
  Facts notes() {
    Map<String, Set<?>> all = new TreeMap<>(Map.of(
        "only schemas", schemas,
        "without schemas", withoutSchemas,
        "only tables", tables,
        "without tables", withoutTables,
        "without rows of", withoutData));
    Facts notes = Facts.NONE;
    for (Map.Entry<String, Set<?>> each : all.entrySet()) {
      if (!each.getValue().isEmpty()) {
        String names = each.getValue().stream()
            .map(name -> name instanceof String schema ? TableName.shown(schema) : name.toString())
            .sorted()
            .collect(Collectors.joining(", "));
        notes = notes.note(each.getKey(), names);
      }
    }
    return notes;
  }

  private static <T> Set<T> both(Set<T> some, Collection<T> more) {
    Set<T> both = new HashSet<>(some);
    both.addAll(more);
    return both;
  }

  private static <T extends Comparable<T>> Set<T> sorted(Set<T> names) {
    return new TreeSet<>(names);
  }
}
