package dev.lifeboat.postgres;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * A database as the server lists it.
 *
 * @param open whether anybody can connect
 * @param limit -1 for none
 */
record Database(long oid, String name, boolean open, int limit, Optional<String> comment) {
  private static final String QUERY =
      "SELECT oid, datname, datallowconn, datconnlimit, shobj_description(oid, 'pg_database')"
          + " FROM pg_database";

  static Optional<Database> find(Session session, String name) throws IOException {
    return list(session, QUERY + " WHERE datname = ?", name).stream().findFirst();
  }

  /** Those of ours that come from restores of {@code database}. */
  static List<Database> ours(Session session, String database) throws IOException {
    String marked = QUERY + " WHERE shobj_description(oid, 'pg_database') LIKE 'lifeboat %'";
    return list(session, marked).stream()
        .filter(each ->
            each.marker().filter(marker -> marker.database().equals(database)).isPresent())
        .toList();
  }

  private static List<Database> list(Session session, String sql, Object... values)
      throws IOException {
    return session.rows(
        sql,
        row -> new Database(
            row.getLong(1),
            row.getString(2),
            row.getBoolean(3),
            row.getInt(4),
            Optional.ofNullable(row.getString(5))),
        values);
  }

  Optional<Marker> marker() {
    return Marker.of(name, comment.orElse(null));
  }

  /** A name as SQL takes it. */
  String quoted() {
    return Session.quoted(name);
  }
}
