package dev.lifeboat.postgres;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.PGConnection;

/**
 * Finds poolers. PostgreSQL tells every client the process that serves it, so that the client can cancel; a pooler has to
 * tell a number of its own. One that shares server sessions gives the session of an idle client to another.
 */
final class Pooler {
  private static final int OTHERS = 3;
  private static final int WAIT_MILLIS = 3_000;

  /** Connects once more. */
  @FunctionalInterface
  interface Another {
    Session open() throws IOException;
  }

  private Pooler() {}

  /** @throws IOException if there is one that is not allowed */
  static void refuse(Session session, boolean sessionPoolerAllowed, Another another)
      throws IOException {
    long served = process(session);
    if (served == announced(session)) {
      return;
    }
    if (!sessionPoolerAllowed) {
      throw new IOException(session.place()
          + " is reached through a connection pooler, which may share its sessions among clients;"
          + " a dump would be wrong then. Connect to PostgreSQL's own port, or, if the pooler is in"
          + " session mode, say sessionPooler(). Nothing was read.");
    }
    if (isShared(session, served, another)) {
      throw new IOException(session.place()
          + " is reached through a connection pooler in transaction mode, which shares its sessions"
          + " among clients; a dump would be wrong. Connect to PostgreSQL's own port. Nothing was"
          + " read.");
    }
  }

  private static boolean isShared(Session session, long served, Another another)
      throws IOException {
    List<Session> others = new ArrayList<>();
    try {
      for (int i = 0; i < OTHERS; i++) {
        Session other = another.open();
        others.add(other);
        other.jdbc().setNetworkTimeout(Runnable::run, WAIT_MILLIS);
        other.run("BEGIN"); // and so keeps what it has got
        if (process(other) == served) {
          return true;
        }
      }
      return process(session) != served;
    } catch (SQLException e) {
      throw PostgresErrors.of(session.place(), e, "Nothing was read.");
    } finally {
      for (Session other : others) {
        other.close();
      }
    }
  }

  private static long process(Session session) throws IOException {
    return session.number("SELECT pg_catalog.pg_backend_pid()");
  }

  private static long announced(Session session) throws IOException {
    try {
      return session.jdbc().unwrap(PGConnection.class).getBackendPID();
    } catch (SQLException e) {
      throw PostgresErrors.of(session.place(), e, "Nothing was read.");
    }
  }
}
