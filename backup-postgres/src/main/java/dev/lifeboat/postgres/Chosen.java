package dev.lifeboat.postgres;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What of an archive is restored.
 *
 * @param schemas only these; all if empty
 * @param tables only these, one schema's; all if empty
 */
record Chosen(Set<String> schemas, Set<TableName> tables) {
  static final Chosen ALL = new Chosen(Set.of(), Set.of());

  Chosen {
    schemas = Set.copyOf(schemas);
    tables = Set.copyOf(tables);
    if (!schemas.isEmpty() && !tables.isEmpty()) {
      throw new IllegalArgumentException("either schemas or tables can be chosen");
    }
    if (tables.stream().map(TableName::schema).distinct().count() > 1) {
      throw new IllegalArgumentException("the tables that are chosen must be of one schema");
    }
  }

  Chosen schemas(List<String> more) {
    Set<String> all = new HashSet<>(schemas);
    more.forEach(name -> {
      TableName.requireText(name, "schema");
      all.add(name);
    });
    return new Chosen(all, tables);
  }

  Chosen tables(List<TableName> more) {
    Set<TableName> all = new HashSet<>(tables);
    all.addAll(more);
    return new Chosen(schemas, all);
  }

  boolean isAll() {
    return schemas.isEmpty() && tables.isEmpty();
  }

  /** For pg_restore, which takes names letter by letter and no patterns. */
  List<String> arguments() {
    List<String> arguments = new ArrayList<>();
    if (!isAll()) {
      arguments.add("--strict-names"); // or what is not there is left out in silence
    }
    new TreeSet<>(schemas).forEach(schema -> arguments.add("--schema=" + schema));
    tables.stream()
        .map(TableName::schema)
        .distinct()
        .forEach(schema -> arguments.add("--schema=" + schema));
    new TreeSet<>(tables).forEach(table -> arguments.add("--table=" + table.table()));
    return arguments;
  }

  /** They must be there before: an archive's schema comes with none of what is in it. */
  Set<String> schemasNeeded() {
    Set<String> needed = new TreeSet<>(schemas);
    tables.forEach(table -> needed.add(table.schema()));
    return needed;
  }

  /** For people. */
  String shown() {
    return schemas.isEmpty()
        ? "tables " + new TreeSet<>(tables)
        : "schemas " + new TreeSet<>(schemas.stream().map(TableName::shown).toList());
  }
}
