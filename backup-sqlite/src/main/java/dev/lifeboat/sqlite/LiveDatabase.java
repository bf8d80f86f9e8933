package dev.lifeboat.sqlite;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a live database that watches it, copies it and replaces what is in it. Opening it lets SQLite recover
 * what a crash left: a hot journal is rolled back, a log is read.
 */
final class LiveDatabase implements Closeable {
  private static final String UNCHANGED = "It was not changed.";

  private final Path database;
  private final Patience patience;
  private final Connection connection;

  private LiveDatabase(Path database, Patience patience, Connection connection) {
    this.database = database;
    this.patience = patience;
    this.connection = connection;
  }

  /**
   * Opens it, and reads its first page.
   *
   * @throws BrokenException if SQLite cannot open it: no database, or a corrupt one
   */
  static LiveDatabase open(Path database, Patience patience) throws IOException {
    Connection connection = null;
    try {
      connection = Sqlite.live(database);
      Connection opened = connection;
      patience.untilFree(() -> Sqlite.number(opened, "SELECT count(*) FROM sqlite_master"));
      return new LiveDatabase(database, patience, connection);
    } catch (SQLException e) {
      IOException failure = SqliteErrors.isBroken(e)
          ? new BrokenException(database, e)
          : SqliteErrors.of(database, e, patience, UNCHANGED);
      closeAfter(failure, connection);
      throw failure;
    } catch (IOException | RuntimeException e) {
      closeAfter(e, connection);
      throw e;
    }
  }

  /** Changes whenever another connection has committed. */
  long version() throws IOException {
    return ask("PRAGMA data_version");
  }

  boolean isWal() throws IOException {
    return asking(() -> Sqlite.text(connection, "PRAGMA journal_mode")).equals("wal");
  }

  long pageSize() throws IOException {
    return ask("PRAGMA page_size");
  }

  boolean holdsNothing() throws IOException {
    return ask("SELECT count(*) FROM sqlite_master") == 0;
  }

  /**
   * Copies one committed state into a private file.
   *
   * @return the {@link #version} of that state
   */
  long copyTo(Path file) throws IOException {
    Files.deleteIfExists(file);
    try {
      connection.setAutoCommit(false);
      try {
        patience.untilFree(() -> Sqlite.number(connection, "SELECT count(*) FROM sqlite_master"));
        long version = Sqlite.number(connection, "PRAGMA data_version");
        OnlineBackup.intoPrivateFile(connection, database, file, patience, bytes -> {});
        return version;
      } finally {
        connection.rollback();
        connection.setAutoCommit(true);
      }
    } catch (SQLException e) {
      throw SqliteErrors.of(database, e, patience, UNCHANGED);
    }
  }

  /** Something to be done; throws as it likes. */
  interface Step {
    void run() throws IOException;
  }

  /**
   * Does something while no other connection can write; readers go on.
   *
   * @throws LockedException if somebody writes for longer than patience lasts; nothing was done
   */
  void whileNobodyWrites(Step step) throws IOException {
    try (Connection lock = Sqlite.live(database)) {
      patience.untilFree(() -> {
        Sqlite.execute(lock, "BEGIN IMMEDIATE");
        return true;
      });
      try {
        step.run();
      } finally {
        Sqlite.execute(lock, "ROLLBACK");
      }
    } catch (SQLException e) {
      throw SqliteErrors.of(database, e, patience, UNCHANGED);
    }
  }

  /** Whether the state in {@code image} is the one that is live now, by every byte of content. */
  boolean equalTo(Path image, Path scratch) throws IOException {
    copyTo(scratch);
    try {
      return Fingerprint.same(scratch, image);
    } finally {
      Files.deleteIfExists(scratch);
    }
  }

  /**
   * Replaces all that is in it by what {@code image} holds, in one transaction.
   *
   * @throws IOException if that failed; what was in it is in it
   */
  void replaceBy(Path image) throws IOException {
    boolean left = false;
    try (Connection from = Sqlite.image(image)) {
      long pageSize = Sqlite.number(from, "PRAGMA page_size");
      if (isWal() && pageSize() != pageSize) {
        leaveWalFor(pageSize);
        left = true;
      }
      int code = OnlineBackup.copy(from, Sqlite.liveUri(database), patience);
      if (code != 0) {
        String detail = SqliteErrors.nameOf(code) + " in the online backup towards it";
        throw SqliteErrors.of(database, code, detail, patience, UNCHANGED, null);
      }
    } catch (SQLException e) {
      throw backInWal(left, SqliteErrors.of(database, e, patience, UNCHANGED));
    } catch (IOException e) {
      throw backInWal(left, e);
    }
  }

  /** Back to the mode it had, where it was left and nothing came of it. */
  void enterWal() throws IOException {
    asking(() -> Sqlite.text(connection, "PRAGMA journal_mode=WAL"));
  }

  /**
   * Leaves WAL, which writes the log into the main file and removes it.
   *
   * @throws LockedException if somebody else has the database open
   */
  void leaveWal() throws IOException {
    asking(() -> Sqlite.text(connection, "PRAGMA journal_mode=DELETE"));
  }

  /** SQLite does not change the page size of a database in WAL; the image brings WAL back with its first page. */
  private void leaveWalFor(long pageSize) throws IOException {
    long own = pageSize();
    try {
      leaveWal();
    } catch (LockedException e) {
      throw new LockedException(
          database,
          "has pages of " + own + " bytes, the backup's have " + pageSize
              + ". In WAL mode that can only be changed while nobody else has the database open, and"
              + " somebody had for " + patience + ". " + UNCHANGED
              + " Close all other connections to it and restore again.",
          e);
    }
  }

  /** Gives the room that its log takes back to the disk, if nobody is reading. */
  void checkpoint() {
    try {
      Sqlite.execute(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
    } catch (SQLException e) {
      // somebody is at work: the next one who closes it will do
    }
  }

  @Override
  public void close() throws IOException {
    try {
      connection.close();
    } catch (SQLException e) {
      throw SqliteErrors.of(database, e, patience, "It could not be closed.");
    }
  }

  private IOException backInWal(boolean left, IOException failure) {
    if (left) {
      try {
        enterWal();
      } catch (IOException e) {
        failure.addSuppressed(e);
      }
    }
    return failure;
  }

  private long ask(String sql) throws IOException {
    return asking(() -> Sqlite.number(connection, sql));
  }

  private <T> T asking(Patience.Attempt<T> question) throws IOException {
    try {
      return patience.untilFree(question);
    } catch (SQLException e) {
      throw SqliteErrors.of(database, e, patience, UNCHANGED);
    }
  }

  private static void closeAfter(Exception failure, @Nullable Connection connection) {
    if (connection != null) {
      try {
        connection.close();
      } catch (SQLException e) {
        failure.addSuppressed(e);
      }
    }
  }
}
