package dev.lifeboat.postgres;

import dev.lifeboat.catalog.Text;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.sql.SQLException;

/** What PostgreSQL's error codes (documentation, appendix A) mean, in the JDK's words. */
final class PostgresErrors {
  static final String LOCK_NOT_AVAILABLE = "55P03";
  static final String NO_SUCH_DATABASE = "3D000";
  static final String NO_SUCH_TABLE = "42P01";
  static final String OUT_OF_MEMORY = "53200";
  static final String NOT_PERMITTED = "42501";

  private static final String INVALID_AUTHORIZATION = "28";
  private static final String REJECTED = "08004";

  private PostgresErrors() {}

  /** The failure of a statement at {@code place}; {@code state} tells how things stand now, in a whole sentence. */
  static IOException of(String place, SQLException e, String state) {
    String said = said(e);
    String code = stateOf(e);
    IOException failure;
    if (code.startsWith(INVALID_AUTHORIZATION)) {
      failure = new AccessDeniedException(place, null, "the login failed (" + said + "). " + state);
    } else if (code.equals(NOT_PERMITTED)) {
      failure = new AccessDeniedException(place, null, said + ". " + state);
    } else if (code.equals(NO_SUCH_DATABASE)) {
      failure = new NoSuchFileException(place, null, said + ". " + state);
    } else if (code.equals("08001")) {
      failure = new ConnectException(place + " cannot be reached (" + said + "). " + state);
    } else if (code.equals(LOCK_NOT_AVAILABLE)) {
      failure = new IOException(
          place + ": a lock of another session was not let go in time (" + said + "). " + state);
    } else if (code.equals(OUT_OF_MEMORY)) {
      failure = new IOException(place + ": " + said
          + ". If there are very many tables, raise max_locks_per_transaction. " + state);
    } else {
      failure = new IOException(place + ": " + said + ". " + state);
    }
    failure.initCause(e);
    return failure;
  }

  /** Whether the server was reached and did not let us in, or the driver did not want to. */
  static boolean isLogin(SQLException e) {
    return stateOf(e).startsWith(INVALID_AUTHORIZATION) || stateOf(e).equals(REJECTED);
  }

  /** The code of what lies behind {@code e}; empty if PostgreSQL has no part in it. */
  static String stateOf(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql && sql.getSQLState() != null) {
        return sql.getSQLState();
      }
    }
    return "";
  }

  /** The server's own words, on one line, without a full stop. */
  private static String said(SQLException e) {
    String said =
        Text.printable(String.valueOf(e.getMessage()).strip().replaceAll("\\s*\\R\\s*", " | "));
    return said.endsWith(".") ? said.substring(0, said.length() - 1) : said;
  }
}
