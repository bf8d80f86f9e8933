package dev.lifeboat.sqlite;

import dev.lifeboat.catalog.Text;
import dev.lifeboat.sink.NoSpaceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConnection;
import org.sqlite.core.DB;

/**
 * SQLite's online backup. The driver's method returns the result code and throws nothing, so it is checked here and
 * nowhere else.
 */
final class OnlineBackup {
  /** All pages in one step: one transaction of the live database it goes to. */
  private static final int ALL_PAGES = -1;

  private static final int STEP_BYTES = 16 << 20;

  /** For the journal of a copy. */
  static final int SPARE = 64 << 10;

  private OnlineBackup() {}

  /**
   * Copies the main database of {@code from} over the file at {@code uri}, whole or not at all.
   *
   * @return the result code: 0, or {@link SqliteErrors#BUSY} when patience has run out, or what went wrong
   */
  static int copy(Connection from, String uri, Patience patience) throws IOException, SQLException {
    return copy(from, uri, patience, ALL_PAGES, null);
  }

  private static int copy(
      Connection from,
      String uri,
      Patience patience,
      int pages,
      DB.@Nullable ProgressObserver observer)
      throws IOException, SQLException {
    SQLiteConnection sqlite = from.unwrap(SQLiteConnection.class);
    long start = System.nanoTime();
    while (true) {
      int code = sqlite.getDatabase().backup("main", uri, observer, 10, 1, pages);
      if (!SqliteErrors.isBusy(code) || patience.isOver(start)) {
        return code;
      }
      Patience.pause();
    }
  }

  /**
   * Copies the state that a read transaction on {@code from} has fixed into a private file. In steps, which that
   * transaction keeps from starting again, so that progress can be told.
   *
   * @param source what {@code from} is connected to, for messages
   * @param progress hears how many bytes are copied
   */
  static void intoPrivateFile(
      Connection from, Path source, Path file, Patience patience, LongConsumer progress)
      throws IOException {
    int code;
    long size;
    AtomicLong reached = new AtomicLong();
    try {
      long pageSize = Sqlite.number(from, "PRAGMA page_size");
      size = Sqlite.number(from, "PRAGMA page_count") * pageSize;
      int pages = (int) (STEP_BYTES / pageSize);
      code = copy(from, Sqlite.uri(file), patience, pages, (remaining, total) -> {
        reached.set((total - remaining) * pageSize);
        progress.accept(reached.get());
      });
    } catch (SQLException e) {
      throw SqliteErrors.of(source, e, patience, "Nothing was copied.");
    }
    if (code != 0) {
      if (SqliteErrors.isWriteFailure(code)) {
        requireRoom(source, file, size, reached.get(), code);
      }
      String detail = SqliteErrors.nameOf(code) + " in the online backup to a private copy";
      throw SqliteErrors.of(source, code, detail, patience, "Nothing was copied.", null);
    }
  }

  /**
   * It is the private copy's disk that is full, not that of the database. SQLite calls some of it an I/O error, and so it
   * calls a database that cannot be read; where the room seems enough, only writing shows which it was.
   *
   * @param reached bytes that had been copied: no more than one step beyond them can have been written
   */
  static void requireRoom(Path source, Path file, long size, long reached, int code)
      throws IOException {
    Files.deleteIfExists(file);
    OptionalLong free = Disk.free(file);
    boolean full =
        SqliteErrors.isFull(code) || (free.isPresent() && free.getAsLong() < size + SPARE);
    Optional<String> why = full
        ? Optional.empty()
        : Disk.whyNoRoom(file, Math.min(size, reached + STEP_BYTES) + SPARE);
    if (full || why.isPresent()) {
      throw new NoSpaceException(
          "no space for the private copy " + Text.printable(file.toString()) + " of "
              + Text.printable(source.toString())
              + why.map(words -> ": " + words).orElse("")
              + " (needs a little more than " + size + " bytes"
              + (free.isPresent() ? ", " + free.getAsLong() + " are free" : "")
              + "). Nothing was copied.",
          null);
    }
  }
}
