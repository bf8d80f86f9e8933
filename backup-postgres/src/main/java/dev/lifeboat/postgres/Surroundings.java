package dev.lifeboat.postgres;

import dev.lifeboat.source.Facts;
import java.io.IOException;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** What else is good to know of a database, and is not found again: notes. Never a subscription's connection. */
final class Surroundings {
  private Surroundings() {}

  static Facts of(Session session, Scope scope) throws IOException {
    SortedMap<String, String> notes = new TreeMap<>();
    for (Named extension : named(session, "SELECT extname, extversion FROM pg_extension")) {
      notes.put("version of extension " + extension.name(), extension.text());
    }
    for (Named sequence : sequences(session, scope)) {
      notes.put("sequence " + sequence.name(), sequence.text());
    }
    Facts facts = new Facts(new TreeMap<>(), new TreeMap<>(), notes, List.of())
        .and(scope.notes())
        .note("PostgreSQL version", session.server().toString());
    facts = listed(facts, session, "publications", "SELECT pubname FROM pg_publication");
    facts = listed(
        facts,
        session,
        "subscriptions",
        "SELECT subname FROM pg_subscription"
            + " WHERE subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())");
    return listed(
        facts,
        session,
        "replication slots",
        "SELECT slot_name FROM pg_replication_slots WHERE database = current_database()");
  }

  private record Named(String name, String text) {}

  private static List<Named> named(Session session, String sql) throws IOException {
    return session.rows(sql, row -> new Named(TableName.shown(row.getString(1)), row.getString(2)));
  }

  /** Where they stood: a snapshot does not hold them still, so a dump may have them a little further on. */
  private static List<Named> sequences(Session session, Scope scope) throws IOException {
    record Sequence(TableName name, String last) {}
    List<Sequence> all = session.rows(
        """
        SELECT n.nspname, c.relname, coalesce(CASE WHEN has_sequence_privilege(c.oid, 'SELECT,USAGE')
               THEN pg_sequence_last_value(c.oid)::text END, 'not used')
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind = 'S' AND c.relpersistence = 'p' AND n.nspname !~ '^pg_'""",
        row -> new Sequence(new TableName(row.getString(1), row.getString(2)), row.getString(3)));
    return all.stream()
        .filter(
            each -> scope.tables().isEmpty() && scope.holdsSchema(each.name().schema()))
        .map(each -> new Named(each.name().toString(), each.last()))
        .toList();
  }

  private static Facts listed(Facts facts, Session session, String what, String sql)
      throws IOException {
    List<String> names = session.rows(sql, row -> TableName.shown(row.getString(1)));
    return names.isEmpty()
        ? facts
        : facts.note(what, String.join(", ", names.stream().sorted().toList()));
  }
}
