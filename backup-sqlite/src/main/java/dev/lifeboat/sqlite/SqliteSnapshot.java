package dev.lifeboat.sqlite;

import dev.lifeboat.catalog.Text;
import dev.lifeboat.source.Facts;
import dev.lifeboat.source.Snapshot;
import dev.lifeboat.source.UnprovenException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.OptionalLong;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One state of a live database: held by a read transaction at first, by a private copy from {@link #capture} on. */
final class SqliteSnapshot implements Snapshot {
  private static final Logger LOG = LoggerFactory.getLogger(SqliteSnapshot.class);
  private static final int BUFFER = 1 << 18;

  private final Path database;
  private final Path copy;
  private final Proving proving;
  private final Patience patience;
  private @Nullable Connection live;
  private boolean captured;

  private SqliteSnapshot(
      Path database, Path copy, Proving proving, Patience patience, Connection live) {
    this.database = database;
    this.copy = copy;
    this.proving = proving;
    this.patience = patience;
    this.live = live;
  }

  /** Fixes the state: a read transaction that has read its first page. */
  static SqliteSnapshot open(Path database, Path scratch, Proving proving, Patience patience)
      throws IOException {
    Connection live = null;
    try {
      live = Sqlite.live(database);
      fix(live, patience);
      warnOfOldSqlite(database, live);
      return new SqliteSnapshot(database, scratch.resolve("snapshot.db"), proving, patience, live);
    } catch (SQLException e) {
      IOException failure = SqliteErrors.of(database, e, patience, "Nothing was read.");
      closeAfter(failure, live);
      throw failure;
    } catch (IOException | RuntimeException e) {
      closeAfter(e, live);
      throw e;
    }
  }

  @Override
  public void capture() throws IOException {
    capture(bytes -> {});
  }

  @Override
  public void capture(LongConsumer progress) throws IOException {
    if (live == null) {
      throw new IOException("The snapshot of " + place() + " is closed or was captured already.");
    }
    try {
      OnlineBackup.intoPrivateFile(live, database, copy, patience, progress);
      if (Thread.currentThread().isInterrupted()) { // the copying itself cannot be stopped
        throw new InterruptedIOException("interrupted while copying " + place());
      }
      captured = true;
    } finally {
      letGo();
    }
  }

  @Override
  public OptionalLong estimate() {
    try {
      if (captured) {
        return OptionalLong.of(Files.size(copy));
      } else if (live != null) {
        return OptionalLong.of(
            Sqlite.number(live, "PRAGMA page_count") * Sqlite.number(live, "PRAGMA page_size"));
      }
      return OptionalLong.empty();
    } catch (IOException | SQLException e) {
      return OptionalLong.empty();
    }
  }

  @Override
  public Facts examine() throws IOException {
    if (!captured) {
      throw new IOException(
          "The snapshot of " + place() + " was not captured, so there is nothing to examine.");
    }
    try {
      return Examination.of(copy, proving);
    } catch (UnprovenException e) {
      throw new UnprovenException(
          e.findings().stream().map(finding -> place() + ": " + finding).toList());
    }
  }

  @Override
  public Facts writeTo(OutputStream out) throws IOException {
    if (!captured) {
      capture();
    }
    Header header = Header.of(copy);
    long written = 0;
    try (InputStream in = Files.newInputStream(copy)) {
      byte[] buffer = new byte[BUFFER];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        out.write(buffer, 0, n);
        written += n;
      }
    }
    if (written != header.length()) {
      throw new IOException("The private copy of " + place() + " changed while it was read: "
          + written + " bytes, not " + header.length() + ".");
    }
    return header.facts();
  }

  @Override
  public void close() throws IOException {
    captured = false;
    letGo();
    Files.deleteIfExists(copy);
  }

  private void letGo() throws IOException {
    Connection held = live;
    live = null;
    if (held != null) {
      try {
        held.close();
      } catch (SQLException e) {
        throw SqliteErrors.of(database, e, patience, "Its read lock may still be held.");
      }
    }
  }

  private String place() {
    return Text.printable(database.toString());
  }

  private static void fix(Connection live, Patience patience) throws SQLException, IOException {
    live.setAutoCommit(false);
    patience.untilFree(() -> Sqlite.number(live, "SELECT count(*) FROM sqlite_master"));
  }

  private static void closeAfter(Exception failure, @Nullable Connection live) {
    if (live != null) {
      try {
        live.close();
      } catch (SQLException e) {
        failure.addSuppressed(e);
      }
    }
  }

  private static void warnOfOldSqlite(Path database, Connection live) throws SQLException {
    String version = Sqlite.text(live, "SELECT sqlite_version()");
    if (SqliteVersion.of(version).mayCorruptWal()) {
      LOG.warn(
          "SQLite {} can corrupt databases in WAL mode when several connections write and checkpoint"
              + " (fixed in 3.51.3); update sqlite-jdbc, which backs up {}",
          version,
          Text.printable(database.toString()));
    }
  }
}
