package dev.lifeboat.postgres;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What the role of a session may not do, as sentences; empty lists where it may. */
final class Rights {
  private static final int MOST_NAMES = 5;

  private static final String USER_RELATIONS = """
      SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND c.relpersistence <> 't'
        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass
                        AND d.objid = c.oid AND d.objsubid = 0 AND d.deptype = 'e')
        AND (%s) ORDER BY 1, 2""";

  private final Session session;
  private final Tables tables;

  Rights(Session session, Tables tables) {
    this.session = session;
    this.tables = tables;
  }

  /** What keeps it from dumping what is in scope. */
  List<String> againstDump() throws IOException {
    List<String> obstacles = new ArrayList<>();
    say(
        obstacles,
        "may not look into ",
        schemas(),
        "grant USAGE on them, or the role pg_read_all_data");
    say(
        obstacles,
        "may not read ",
        inTables("c.relkind IN ('r', 'p') AND NOT has_table_privilege(c.oid, 'SELECT')"),
        "grant SELECT on them, or the role pg_read_all_data");
    say(
        obstacles,
        "may not read the sequences ",
        sequences(),
        "grant SELECT on them, or the role pg_read_all_data");
    say(
        obstacles,
        "sees only some rows of ",
        inTables("c.relkind IN ('r', 'p') AND row_security_active(c.oid)"),
        "give it BYPASSRLS, for row security would leave rows out");
    if (tables.scope().isWhole()) {
      say(obstacles, "may not read ", largeObjects(), "grant SELECT on them, or be their owner");
    }
    return obstacles;
  }

  /** What keeps it from a restore by swapping in a new database. */
  List<String> againstSwap() throws IOException {
    List<String> obstacles = new ArrayList<>();
    if (!session.is("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user")) {
      obstacles.add(role() + " may not create databases (CREATEDB)");
    }
    if (!session.is("SELECT pg_has_role(datdba, 'USAGE') FROM pg_database"
        + " WHERE datname = current_database()")) {
      obstacles.add(role() + " does not own the database");
    }
    if (maintenanceDatabases(session).isEmpty()) {
      obstacles.add(role() + " may not connect to postgres or template1, from where databases are"
          + " renamed");
    }
    if (!session.is("SELECT rolsuper OR pg_has_role('pg_signal_backend', 'USAGE') FROM pg_roles"
        + " WHERE rolname = current_user")) {
      obstacles.add(role() + " may not end the sessions of other roles (pg_signal_backend)");
    }
    return obstacles;
  }

  /** What keeps it from a restore into the database itself. */
  List<String> againstInPlace() throws IOException {
    List<String> obstacles = new ArrayList<>();
    say(
        obstacles,
        "does not own ",
        inTables("c.relkind IN ('r', 'p') AND NOT pg_has_role(c.relowner, 'USAGE')"),
        "make it a member of their owners");
    return obstacles;
  }

  /** The databases from which another one can be renamed, the best first. */
  static List<String> maintenanceDatabases(Session session) throws IOException {
    return session.rows("""
        SELECT datname FROM pg_database WHERE datname IN ('postgres', 'template1')
          AND datname <> current_database() AND datallowconn AND has_database_privilege(oid, 'CONNECT')
        ORDER BY datname""", row -> row.getString(1));
  }

  private List<String> schemas() throws IOException {
    Set<String> used = new HashSet<>();
    tables.names().forEach(table -> used.add(table.schema()));
    return session
        .rows(
            "SELECT nspname FROM pg_namespace WHERE NOT has_schema_privilege(oid, 'USAGE') ORDER BY 1",
            row -> row.getString(1))
        .stream()
        .filter(used::contains)
        .map(schema -> "schema " + TableName.shown(schema))
        .toList();
  }

  private List<String> inTables(String condition) throws IOException {
    Set<TableName> inScope = new HashSet<>(tables.names());
    return relations(condition).stream()
        .filter(inScope::contains)
        .map(TableName::toString)
        .toList();
  }

  private List<String> sequences() throws IOException {
    if (!tables.scope().tables().isEmpty()) {
      return List.of();
    }
    return relations("c.relkind = 'S' AND NOT CASE WHEN c.relkind = 'S' THEN"
            + " has_sequence_privilege(c.oid, 'SELECT') ELSE true END")
        .stream()
        .filter(name -> tables.scope().holdsSchema(name.schema()))
        .map(TableName::toString)
        .toList();
  }

  private List<TableName> relations(String condition) throws IOException {
    return session.rows(
        USER_RELATIONS.formatted(condition),
        row -> new TableName(row.getString(1), row.getString(2)));
  }

  private List<String> largeObjects() throws IOException {
    long number = session.number("""
        SELECT count(*) FROM pg_largeobject_metadata WHERE NOT pg_has_role(lomowner, 'USAGE')
          AND NOT EXISTS (SELECT FROM aclexplode(lomacl) a WHERE a.privilege_type = 'SELECT'
                          AND (a.grantee = 0 OR pg_has_role(a.grantee, 'USAGE')))""");
    return number == 0 ? List.of() : List.of(number + " large objects");
  }

  private void say(List<String> obstacles, String what, List<String> names, String remedy)
      throws IOException {
    if (!names.isEmpty()) {
      int more = names.size() - MOST_NAMES;
      String shown = String.join(", ", names.subList(0, Math.min(MOST_NAMES, names.size())));
      obstacles.add(
          role() + " " + what + shown + (more > 0 ? " and " + more + " more" : "") + ": " + remedy);
    }
  }

  private String role() throws IOException {
    return "the role " + TableName.shown(session.text("SELECT current_user").orElse("?"));
  }
}
