package dev.lifeboat.postgres;

import dev.lifeboat.catalog.Text;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The databases of a server, made, renamed and dropped from one that is none of them, while nobody else of us works on the
 * same one.
 */
final class Cluster implements Closeable {
  private static final int MOST_NAMES = 5;
  private static final long TURN_MILLIS = 50;
  private static final int LOCK_TURNS = 60;

  /** Statements that happen together or not at all. */
  @FunctionalInterface
  interface Together {
    void run() throws IOException;
  }

  private final Session session;

  private Cluster(Session session) {
    this.session = session;
  }

  /**
   * Connects to a maintenance database, and takes the lock of all restores of {@code database}.
   *
   * @throws IOException if there is none, or another restore of it is at work
   */
  static Cluster of(PostgresConnection connection, String database, RestoreOptions options)
      throws IOException {
    Session session = maintenance(connection, database, options.maintenance());
    try {
      for (int i = 0; i < LOCK_TURNS; i++) { // a session of ours that just ended may hold it still
        if (session.is(
            "SELECT pg_try_advisory_lock(hashtextextended(?, 0))",
            "lifeboat restore " + database)) {
          return new Cluster(session);
        }
        pause();
      }
      throw new IOException("Another restore of the database " + Text.quoted(database)
          + " is at work. Nothing was changed.");
    } catch (IOException | RuntimeException e) {
      session.abandon();
      throw e;
    }
  }

  private static Session maintenance(
      PostgresConnection connection, String database, Optional<String> named) throws IOException {
    Set<String> names = new LinkedHashSet<>();
    named.ifPresentOrElse(names::add, () -> names.addAll(List.of("postgres", "template1")));
    if (named.isEmpty()) {
      names.add(connection.database());
    }
    names.remove(database);
    IOException failure = null;
    for (String name : names) {
      try {
        return connection.open(name);
      } catch (IOException e) {
        if (failure != null) {
          e.addSuppressed(failure);
        }
        failure = e;
      }
    }
    throw failure != null
        ? failure
        : new IOException("A maintenance database other than " + Text.quoted(database)
            + " is needed: name one with maintenanceDatabase(…). Nothing was changed.");
  }

  Session session() {
    return session;
  }

  Optional<Database> find(String name) throws IOException {
    return Database.find(session, name);
  }

  /** @throws NoSuchFileException if there is none of that name */
  Database require(String name) throws IOException {
    return find(name)
        .orElseThrow(() -> new NoSuchFileException(
            session.place(), null, "there is no database " + Text.quoted(name) + " any more"));
  }

  void run(String sql) throws IOException {
    session.run(sql);
  }

  void rename(Database database, String name) throws IOException {
    run("ALTER DATABASE " + database.quoted() + " RENAME TO " + Session.quoted(name));
  }

  void comment(String name, Optional<String> comment) throws IOException {
    run("COMMENT ON DATABASE " + Session.quoted(name) + " IS "
        + comment.map(Session::literal).orElse("NULL"));
  }

  void open(String name, boolean open) throws IOException {
    run("ALTER DATABASE " + Session.quoted(name) + " ALLOW_CONNECTIONS " + open);
  }

  /** A database of ours, whoever is in it still. */
  void drop(Database database) throws IOException {
    long subscriptions = session.number(
        "SELECT count(*) FROM pg_subscription WHERE subdbid = ?::oid", database.oid());
    if (subscriptions > 0) {
      throw new IOException(Text.quoted(database.name()) + " has " + subscriptions
          + " subscriptions and cannot be dropped before they are. It stays.");
    }
    run("DROP DATABASE IF EXISTS " + database.quoted() + " WITH (FORCE)");
  }

  /** All or nothing: also if the connection is cut, or the server. */
  void together(Together statements) throws IOException {
    run("BEGIN");
    try {
      statements.run();
      run("COMMIT");
    } catch (IOException | RuntimeException | Error e) {
      try {
        run("ROLLBACK");
      } catch (IOException more) {
        e.addSuppressed(more); // the connection is gone, and the transaction with it
      }
      throw e;
    }
  }

  private record Visitor(int pid, String user, String application) {
    @Override
    public String toString() {
      return "process " + pid + " of " + TableName.shown(user)
          + (application.isEmpty() ? "" : " (" + Text.printable(application) + ")");
    }
  }

  /**
   * Ends all sessions of a database that nobody can connect to.
   *
   * @throws IOException if some do not end within {@code patience}
   */
  void empty(Database database, Duration patience) throws IOException {
    long begin = System.nanoTime();
    while (true) {
      List<Visitor> left = visitors(database);
      if (left.isEmpty()) {
        return;
      }
      IOException refused = null;
      for (Visitor visitor : left) {
        try {
          session.text("SELECT pg_terminate_backend(?)", visitor.pid());
        } catch (IOException e) {
          refused = e;
        }
      }
      if (System.nanoTime() - begin > patience.toNanos()) {
        throw new IOException(
            left.size() + " sessions on " + Text.quoted(database.name()) + " did not end within "
                + Ended.seconds(patience) + ": " + shown(left)
                + (refused == null
                    ? ""
                    : " (the server says: " + Text.printable(String.valueOf(refused.getMessage()))
                        + ")"),
            refused);
      }
      pause();
    }
  }

  private List<Visitor> visitors(Database database) throws IOException {
    return session.rows(
        "SELECT pid, coalesce(usename, '?'), coalesce(application_name, '') FROM pg_stat_activity"
            + " WHERE datid = ?::oid AND pid <> pg_backend_pid()"
            + " AND usesysid IS NOT NULL", // autovacuum makes way by itself
        row -> new Visitor(row.getInt(1), row.getString(2), row.getString(3)),
        database.oid());
  }

  private static String shown(List<Visitor> all) {
    List<String> some = new ArrayList<>();
    all.stream().limit(MOST_NAMES).forEach(visitor -> some.add(visitor.toString()));
    int more = all.size() - some.size();
    return String.join(", ", some) + (more > 0 ? " and " + more + " more" : "");
  }

  static void pause() throws InterruptedIOException {
    try {
      Thread.sleep(TURN_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted =
          new InterruptedIOException("interrupted while sessions were being ended");
      interrupted.initCause(Objects.requireNonNull(e));
      throw interrupted;
    }
  }

  @Override
  public void close() {
    session.abandon();
  }
}
