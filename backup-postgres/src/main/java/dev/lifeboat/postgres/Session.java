package dev.lifeboat.postgres;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.postgresql.PGConnection;

/**
 * One connection to one server, ours alone: nothing but {@code pg_catalog} on its search path, no timeouts of the
 * server's, row security off. Used by one thread at a time. What fails is told in the JDK's words.
 */
final class Session implements Closeable {
  /** Reads one row. */
  @FunctionalInterface
  interface Row<T> {
    T of(ResultSet row) throws SQLException;
  }

  /** How often a statement is cancelled before its connection is cut, and how long each may take to be heard. */
  private static final int CANCELS = 50;

  private static final Duration PATIENCE = Duration.ofMillis(100);

  private final Connection connection;
  private final Endpoint endpoint;
  private final String place;
  private final Version server;

  private Session(Connection connection, Endpoint endpoint, String place, Version server) {
    this.connection = connection;
    this.endpoint = endpoint;
    this.place = place;
    this.server = server;
  }

  /** Makes a fresh connection ours; it is closed if that fails. */
  static Session over(Connection connection, Endpoint endpoint, String place) throws IOException {
    Session bare = new Session(connection, endpoint, place, new Version(0, 0));
    try {
      Version server = Version.ofNumber(
          (int) bare.number("SELECT pg_catalog.current_setting('server_version_num')::int"));
      bare.run("SET search_path = pg_catalog");
      bare.run("SET statement_timeout = 0");
      bare.run("SET lock_timeout = 0");
      bare.run("SET idle_in_transaction_session_timeout = 0");
      bare.run("SET row_security = off");
      // or what a machine that is gone has locked stays locked for hours
      bare.run("SET tcp_keepalives_idle = 60");
      bare.run("SET tcp_keepalives_interval = 10");
      bare.run("SET tcp_keepalives_count = 6");
      if (server.major() >= 14) {
        bare.run("SET idle_session_timeout = 0");
        bare.noticeAClientThatIsGone();
      }
      if (server.major() >= 17) {
        bare.run("SET transaction_timeout = 0");
      }
      return new Session(connection, endpoint, place, server);
    } catch (IOException | RuntimeException e) {
      bare.abandon();
      throw e;
    }
  }

  /** Or a count goes on, and holds its snapshot, hours after the host was killed. */
  private void noticeAClientThatIsGone() {
    try {
      run("SET client_connection_check_interval = 2000");
    } catch (IOException e) {
      // not every server's platform can; was it the connection, the next statement tells
      return;
    }
  }

  Endpoint endpoint() {
    return endpoint;
  }

  /** The server's version. */
  Version server() {
    return server;
  }

  /** For messages: the database and where it is. */
  String place() {
    return place;
  }

  /** The connection itself, for what is not offered here. */
  Connection jdbc() {
    return connection;
  }

  void run(String sql) throws IOException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  /** The rows of a query, whose {@code ?} stand for {@code values}. */
  <T> List<T> rows(String sql, Row<T> row, Object... values) throws IOException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      List<T> rows = new ArrayList<>();
      try (ResultSet found = statement.executeQuery()) {
        while (found.next()) {
          rows.add(row.of(found));
        }
      }
      return rows;
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  /** The first column of the first row; empty if there is no row, or NULL in it. */
  Optional<String> text(String sql, Object... values) throws IOException {
    List<Optional<String>> rows = rows(sql, row -> Optional.ofNullable(row.getString(1)), values);
    return rows.isEmpty() ? Optional.empty() : rows.get(0);
  }

  /** The first column of the only row. */
  long number(String sql, Object... values) throws IOException {
    return rows(sql, row -> row.getLong(1), values).get(0);
  }

  /** The first column of the only row. */
  boolean is(String sql, Object... values) throws IOException {
    return rows(sql, row -> row.getBoolean(1), values).get(0);
  }

  /** A name as SQL takes it. */
  static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  /** A text as SQL takes it, whatever {@code standard_conforming_strings} says. */
  static String literal(String text) {
    return text.indexOf('\\') < 0
        ? "'" + text.replace("'", "''") + "'"
        : " E'" + text.replace("\\", "\\\\").replace("'", "''") + "'";
  }

  /** What takes long, and uses this session. */
  @FunctionalInterface
  interface Work<T> {
    T run() throws IOException;
  }

  /**
   * Does what takes long so that an interrupt is heard: the statement is cancelled then, and this session is good for
   * nothing but to be closed.
   *
   * @throws InterruptedIOException if the thread was interrupted
   */
  <T> T interruptibly(Work<T> work) throws IOException {
    FutureTask<T> task = new FutureTask<>(work::run);
    Thread thread = new Thread(task, "lifeboat " + place);
    thread.setDaemon(true);
    thread.start();
    try {
      T result = task.get();
      thread.join();
      return result;
    } catch (InterruptedException e) {
      cancel(thread);
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted =
          new InterruptedIOException("interrupted while reading " + place);
      interrupted.initCause(e);
      throw interrupted;
    } catch (ExecutionException e) {
      throw rethrown(e);
    }
  }

  /**
   * Ends a statement that a thread has under way, and the connection. A cancel that is there before its statement is lost,
   * and a server that is not told works on for one that is gone: it is told until the thread has ended.
   */
  private void cancel(Thread thread) {
    try {
      for (int i = 0; i < CANCELS && thread.isAlive(); i++) {
        connection.unwrap(PGConnection.class).cancelQuery();
        thread.join(PATIENCE.toMillis());
      }
    } catch (SQLException e) {
      return; // the server does not answer
    } catch (InterruptedException e) {
      return; // no more patience
    } finally {
      abandon();
    }
  }

  private static IOException rethrown(ExecutionException e) {
    Throwable cause = e.getCause();
    if (cause instanceof IOException io) {
      return io;
    } else if (cause instanceof RuntimeException unchecked) {
      throw unchecked;
    } else if (cause instanceof Error error) {
      throw error;
    }
    return new IOException(String.valueOf(cause), cause);
  }

  /** Ends it, whatever it is doing; there is nothing to lose. Twice does nothing. */
  void abandon() {
    try {
      connection.abort(Runnable::run);
    } catch (SQLException e) {
      return; // it is gone anyway
    }
  }

  private IOException failed(SQLException e) {
    return PostgresErrors.of(place, e, "Nothing was changed.");
  }

  /** Twice does nothing. */
  @Override
  public void close() throws IOException {
    try {
      connection.close();
    } catch (SQLException e) {
      throw failed(e);
    }
  }
}
