package dev.lifeboat.sqlite;

import dev.lifeboat.catalog.Text;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/** Somebody else held a database for longer than patience lasted; it is as it was. */
final class LockedException extends FileSystemException {
  private static final long serialVersionUID = 1;

  LockedException(Path database, String what) {
    super(Text.printable(database.toString()), null, what);
  }

  LockedException(Path database, String what, Throwable cause) {
    this(database, what);
    initCause(cause);
  }
}
