package dev.lifeboat.sqlite;

import dev.lifeboat.catalog.Text;
import dev.lifeboat.sink.NoSpaceException;
import dev.lifeboat.source.UnprovenException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** SQLite's result codes in the JDK's words. */
final class SqliteErrors {
  static final int ERROR = 1;
  static final int BUSY = 5;
  static final int LOCKED = 6;
  private static final int READONLY = 8;
  private static final int INTERRUPT = 9;
  private static final int IOERR = 10;
  private static final int CORRUPT = 11;
  private static final int FULL = 13;
  private static final int NOTADB = 26;

  /** An I/O error: the index of a log cannot grow. */
  private static final int SHMSIZE = IOERR | 19 << 8;

  /** With less than this any I/O error may be for want of room. */
  private static final long LEAST_ROOM = 64 << 10;

  private SqliteErrors() {}

  /** The primary result code; 0 where the exception is not SQLite's. */
  static int codeOf(SQLException e) {
    return primary(extendedCodeOf(e));
  }

  private static int extendedCodeOf(SQLException e) {
    return e instanceof SQLiteException sqlite ? sqlite.getResultCode().code : 0;
  }

  /** Of a result code, primary or extended. */
  static boolean isBusy(int code) {
    return primary(code) == BUSY || primary(code) == LOCKED;
  }

  /** Whether a write failed: for want of room, or for another reason that SQLite does not tell. */
  static boolean isWriteFailure(int code) {
    return primary(code) == FULL || primary(code) == IOERR;
  }

  static boolean isFull(int code) {
    return primary(code) == FULL;
  }

  private static int primary(int code) {
    return code & 0xff;
  }

  static boolean isBusy(SQLException e) {
    return isBusy(codeOf(e));
  }

  /** Whether the file is no sound database: another format, encrypted, cut or overwritten. */
  static boolean isBroken(SQLException e) {
    int code = codeOf(e);
    return code == CORRUPT || code == NOTADB;
  }

  static String nameOf(int code) {
    return SQLiteErrorCode.getErrorCode(code).name();
  }

  /** What a failed statement means for {@code file}; {@code state} tells how things stand now. */
  static IOException of(Path file, SQLException e, Patience patience, String state) {
    return of(
        file,
        extendedCodeOf(e),
        Text.printable(String.valueOf(e.getMessage())),
        patience,
        state,
        e);
  }

  /** What a result code means for {@code file}. */
  static IOException of(
      Path file,
      int code,
      String detail,
      Patience patience,
      String state,
      @Nullable Throwable cause) {
    String place = Text.printable(file.toString());
    IOException failure =
        switch (primary(code)) {
          case BUSY, LOCKED ->
            new LockedException(
                file,
                "stayed locked by another connection for " + patience + " (SQLITE_BUSY). " + state);
          case READONLY ->
            new AccessDeniedException(
                place, null, "SQLite may not write to it (" + detail + "). " + state);
          case INTERRUPT -> new InterruptedIOException("interrupted while reading " + place);
          case CORRUPT ->
            new UnprovenException(
                place + " is a corrupt SQLite database (" + detail + "). " + state, cause);
          case FULL ->
            new NoSpaceException(
                place + ": the disk became full (" + detail + "). " + state, cause);
          case NOTADB ->
            new FileSystemException(
                place,
                null,
                "is not a SQLite database, or it is encrypted (" + detail + "). " + state);
          case IOERR -> ioError(file, code, detail, state, cause);
          default -> failure(place, detail, state);
        };
    return caused(failure, cause);
  }

  private static IOException ioError(
      Path file, int code, String detail, String state, @Nullable Throwable cause) {
    String place = Text.printable(file.toString());
    OptionalLong free = Disk.free(file);
    if (code == SHMSIZE || (free.isPresent() && free.getAsLong() < LEAST_ROOM)) {
      return new NoSpaceException(
          place + ": the disk is full, or nearly, or a quota used up (" + detail
              + (free.isPresent() ? "; " + free.getAsLong() + " bytes are free" : "") + "). "
              + state,
          cause);
    }
    return failure(place, detail, state);
  }

  private static IOException failure(String place, String detail, String state) {
    return new FileSystemException(place, null, "SQLite failed (" + detail + "). " + state);
  }

  /** Its words, ended by one full stop. */
  static String sentence(IOException e) {
    String message = String.valueOf(e.getMessage());
    return message.endsWith(".") ? message : message + ".";
  }

  private static IOException caused(IOException e, @Nullable Throwable cause) {
    if (cause != null && e.getCause() == null) {
      e.initCause(cause);
    }
    return e;
  }
}
