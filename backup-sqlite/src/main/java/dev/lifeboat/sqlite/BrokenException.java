package dev.lifeboat.sqlite;

import dev.lifeboat.catalog.Text;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;

/** What is live cannot be opened by SQLite, so it cannot be replaced through SQLite. */
final class BrokenException extends IOException {
  private static final long serialVersionUID = 1;

  BrokenException(Path database, SQLException cause) {
    super(
        "What is live at " + Text.printable(database.toString()) + " cannot be opened by SQLite: "
            + Text.printable(String.valueOf(cause.getMessage()))
            + ". It was not changed. If nobody is using it, liveIsBroken() keeps it aside byte for"
            + " byte and puts the backup in its place.",
        cause);
  }
}
