package dev.lifeboat;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something was not done: the only exception of {@link Backups}. The message names the subject, the place, the cause,
 * the state things are in and, where there is one, the next step; {@link #kind} is for programs. It never holds a
 * secret, and is on one line whatever it quotes.
 */
public final class BackupException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Room for a few texts from outside, each of them bounded itself. */
  private static final int MOST = 10_000;

  /** What a caller may do about it. Kinds may be added. */
  public enum Kind {
    /** No such backup or component. */
    NOT_FOUND,
    /** Another operation is under way; try again. */
    BUSY,
    /** A guard said no: confirmation, other identity, retention, a newer format. Ask a person. */
    REFUSED,
    /** The source could not be read. */
    SOURCE,
    /** The sink could not be reached, read or written. */
    SINK,
    /** The work directory could not be used. */
    WORK,
    /** No room, in a sink or in the work directory. */
    NO_SPACE,
    /** It is encrypted for other readers than this host. */
    WRONG_KEY,
    /** Bytes are not what was written. Another copy or backup is needed. */
    DAMAGED,
    /** The bytes are right, but integrity, facts or a host's check are not. */
    UNPROVEN,
    /** A host's hook (quiesce, maintenance) failed. */
    HOOK,
    /** The thread was interrupted; its flag is set again. */
    INTERRUPTED,
    /** A restore failed and all was put back. */
    UNDONE,
    /**
     * A restore failed and could not be undone: maintenance stays on; {@link BackupException#details} are the steps by
     * hand.
     */
    STUCK
  }

  private final Kind kind;

  @SuppressWarnings("serial") // toList gives a serializable list
  private final List<String> details;

  BackupException(Kind kind, String message, List<String> details, @Nullable Throwable cause) {
    super(Words.printable(message, MOST), cause);
    this.kind = kind;
    this.details = details.stream().map(Words::printable).toList();
  }

  BackupException(Kind kind, String message, @Nullable Throwable cause) {
    this(kind, message, List.of(), cause);
  }

  BackupException(Kind kind, String message) {
    this(kind, message, List.of(), null);
  }

  /** What a program may do about it. */
  public Kind kind() {
    return kind;
  }

  /** All findings, or the steps to take by hand; one sentence each. */
  public List<String> details() {
    return details;
  }
}
