package dev.lifeboat;

import dev.lifeboat.catalog.Text;
import dev.lifeboat.codec.DamagedDataException;
import dev.lifeboat.sink.NoSpaceException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What an exception from below means, in words for people, and for programs. */
final class Words {
  /** Enough for a path and what to do about it; less than a log that somebody wants to flood. */
  private static final int MOST = 2000;

  private static final int PIECE = 100;

  /** How the platforms say it, in the exceptions that are not ours. */
  private static final List<String> NO_SPACE = List.of(
      "no space left on device",
      "disk quota exceeded",
      "not enough space on the disk",
      "file too large");

  private Words() {}

  /** The cause as a clause, fit to stand after a colon and before a full stop. */
  static String of(Throwable cause) {
    Throwable wrapped = wrapped(cause);
    if (wrapped != null) {
      return of(wrapped);
    } else if (isInterrupt(cause)) {
      return "interrupted";
    } else if (cause instanceof FileSystemException file && file.getFile() != null) {
      return of(file);
    }
    String message = cause.getMessage();
    return message == null || message.isBlank()
        ? cause.getClass().getSimpleName()
        : withoutStop(printable(message.strip()));
  }

  private static String of(FileSystemException e) {
    String what = what(e);
    String reason = e.getReason() == null ? "" : withoutStop(printable(e.getReason()));
    if (!reason.isEmpty()) {
      reason = what.isEmpty() ? ": " + reason : " (" + reason + ")";
    }
    return printable(e.getFile()) + what + reason;
  }

  private static String what(FileSystemException e) {
    if (e instanceof NoSuchFileException) {
      return " does not exist";
    } else if (e instanceof FileAlreadyExistsException) {
      return " is there already";
    } else if (e instanceof AccessDeniedException) {
      return " is not accessible";
    } else if (e instanceof NotDirectoryException) {
      return " is not a directory";
    } else if (e instanceof DirectoryNotEmptyException) {
      return " is not empty";
    }
    return e.getReason() == null ? " cannot be used" : "";
  }

  /** Text from outside as {@link Text#printable} shows it, but long enough for steps to take by hand. */
  static String printable(String text) {
    return printable(text, MOST);
  }

  /** The same for what is made of several such texts. */
  static String printable(String text, int most) {
    int[] points = text.codePoints().limit(most).toArray();
    StringBuilder shown = new StringBuilder();
    for (int from = 0; from < points.length; from += PIECE) {
      shown.append(Text.printable(new String(points, from, Math.min(PIECE, points.length - from))));
    }
    return text.codePointCount(0, text.length()) > most
        ? shown.append('…').toString()
        : shown.toString();
  }

  private static String withoutStop(String sentence) {
    return sentence.endsWith(".") && !sentence.endsWith("..")
        ? sentence.substring(0, sentence.length() - 1)
        : sentence;
  }

  /** The kind of a failure whose side is known. */
  static BackupException.Kind kind(Throwable cause, BackupException.Kind side) {
    Throwable wrapped = wrapped(cause);
    if (wrapped != null) {
      return kind(wrapped, side);
    } else if (isInterrupt(cause)) {
      return BackupException.Kind.INTERRUPTED;
    } else if (isNoSpace(cause)) {
      return BackupException.Kind.NO_SPACE;
    } else if (cause instanceof DamagedDataException) {
      return BackupException.Kind.DAMAGED;
    }
    return side;
  }

  private static @Nullable Throwable wrapped(Throwable cause) {
    return cause instanceof UncheckedIOException ? cause.getCause() : null;
  }

  private static boolean isNoSpace(Throwable cause) {
    String message = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
    return cause instanceof NoSpaceException || NO_SPACE.stream().anyMatch(message::contains);
  }

  /** A timeout of a socket is of the same class by accident. */
  private static boolean isInterrupt(Throwable cause) {
    return cause instanceof ClosedByInterruptException
        || cause instanceof InterruptedException
        || (cause instanceof InterruptedIOException && !(cause instanceof SocketTimeoutException));
  }
}
