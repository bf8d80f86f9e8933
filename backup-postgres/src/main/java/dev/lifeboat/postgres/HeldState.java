package dev.lifeboat.postgres;

import dev.lifeboat.catalog.Text;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * One state of a database, held still by a transaction of our own: its snapshot is exported for pg_dump, and every table
 * is locked against changes that no snapshot keeps out (TRUNCATE, DROP, rewriting by ALTER TABLE).
 */
final class HeldState implements Closeable {
  private static final int TRIES = 5;
  private static final int BATCH = 500;
  private static final String NO_SUCH_SCHEMA = "3F000";

  private final Session session;
  private final Tables tables;
  private final String snapshot;
  private final long bytes;

  private HeldState(Session session, Tables tables, String snapshot, long bytes) {
    this.session = session;
    this.tables = tables;
    this.snapshot = snapshot;
    this.bytes = bytes;
  }

  /**
   * Fixes the state that the session sees now, waiting at most {@code lockWait} for each table; then the session is ours
   * to close. Locks come first: a snapshot taken before could miss what is done while one is waited for.
   */
  static HeldState of(Session session, Scope scope, Duration lockWait) throws IOException {
    session.run("SET lock_timeout = " + lockWait.toMillis());
    for (int i = 0; i < TRIES; i++) {
      Tables listed = Tables.of(session, scope);
      session.run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
      if (lock(session, listed.names(), lockWait)) {
        String snapshot = session.text("SELECT pg_export_snapshot()").orElseThrow();
        Tables seen = Tables.of(session, scope);
        if (new HashSet<>(listed.names()).containsAll(seen.names())) {
          return new HeldState(session, seen, snapshot, sizeOf(session, seen));
        }
      }
      session.run("ROLLBACK"); // a table came or went meanwhile
    }
    throw new IOException(session.place() + ": tables come and go so fast that " + TRIES
        + " attempts to hold them still have failed. Nothing was read.");
  }

  private static boolean lock(Session session, List<TableName> names, Duration lockWait)
      throws IOException {
    for (int from = 0; from < names.size(); from += BATCH) {
      List<String> quoted = names.subList(from, Math.min(names.size(), from + BATCH)).stream()
          .map(name -> "ONLY " + name.quoted())
          .toList();
      try {
        session.run("LOCK TABLE " + String.join(", ", quoted) + " IN ACCESS SHARE MODE");
      } catch (IOException e) {
        String state = PostgresErrors.stateOf(e);
        if (state.equals(PostgresErrors.NO_SUCH_TABLE) || state.equals(NO_SUCH_SCHEMA)) {
          return false;
        }
        if (state.equals(PostgresErrors.LOCK_NOT_AVAILABLE)) {
          session.run("ROLLBACK");
          throw new IOException(
              session.place() + ": " + whoLocks(session, new HashSet<>(names)) + " for "
                  + Ended.seconds(lockWait) + ". Nothing was read.",
              e);
        }
        throw e;
      }
    }
    return true;
  }

  private record Lock(TableName table, String holder) {}

  private static String whoLocks(Session session, Set<TableName> names) throws IOException {
    return session
        .rows(
            """
            SELECT n.nspname, c.relname, l.pid, coalesce(a.usename, '?'), coalesce(a.application_name, '')
            FROM pg_locks l JOIN pg_class c ON c.oid = l.relation JOIN pg_namespace n ON n.oid = c.relnamespace
            LEFT JOIN pg_stat_activity a ON a.pid = l.pid
            WHERE l.mode = 'AccessExclusiveLock' AND l.granted
              AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())""",
            row -> new Lock(
                new TableName(row.getString(1), row.getString(2)),
                "process " + row.getLong(3) + " of " + TableName.shown(row.getString(4))
                    + (row.getString(5).isEmpty()
                        ? ""
                        : " (" + Text.printable(row.getString(5)) + ")")))
        .stream()
        .filter(lock -> names.contains(lock.table()))
        .findFirst()
        .map(lock -> "the table " + lock.table() + " was locked by " + lock.holder())
        .orElse("a table was locked by another session");
  }

  private record Size(TableName table, long bytes) {}

  private static long sizeOf(Session session, Tables tables) throws IOException {
    Set<TableName> withRows = new HashSet<>();
    tables.all().stream()
        .filter(Tables.Table::hasRows)
        .forEach(table -> withRows.add(table.name()));
    long sum =
        tables.scope().isWhole() ? session.number("SELECT pg_table_size('pg_largeobject')") : 0;
    for (Size each : session.rows(
        """
        SELECT n.nspname, c.relname, coalesce(pg_table_size(c.oid), 0)
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'r'""", row -> new Size(new TableName(row.getString(1), row.getString(2)), row.getLong(3)))) {
      sum += withRows.contains(each.table()) ? each.bytes() : 0;
    }
    return sum;
  }

  /** By whose transaction it is held; for queries within that, one thread at a time. */
  Session session() {
    return session;
  }

  /** What there is, partitions included. */
  Tables tables() {
    return tables;
  }

  /** The exported snapshot's name, good until this is closed. */
  String snapshot() {
    return snapshot;
  }

  /** How much the tables take on the server's disk, without indexes. */
  long bytes() {
    return bytes;
  }

  /** Lets go. Twice does nothing; a connection that is lost is let go. */
  @Override
  public void close() {
    session.abandon();
  }
}
