package dev.lifeboat.postgres;

import java.util.Objects;
import java.util.regex.Pattern;

/** A table's name with its schema. Prints as SQL takes it, quoted only where it must be, the same in every version. */
record TableName(String schema, String table) implements Comparable<TableName> {
  private static final Pattern PLAIN = Pattern.compile("[a-z_][a-z0-9_]*");

  TableName {
    requireText(schema, "schema");
    requireText(table, "table");
  }

  /** As SQL takes it, and pg_dump's patterns do: every letter stands for itself. */
  String quoted() {
    return Session.quoted(schema) + "." + Session.quoted(table);
  }

  /** One name for people. */
  static String shown(String name) {
    return PLAIN.matcher(name).matches() ? name : Session.quoted(name);
  }

  static void requireText(String name, String what) {
    if (Objects.requireNonNull(name, what).isEmpty()) {
      throw new IllegalArgumentException(what + " must not be empty");
    }
  }

  @Override
  public int compareTo(TableName other) {
    return toString().compareTo(other.toString());
  }

  @Override
  public String toString() {
    return shown(schema) + "." + shown(table);
  }
}
