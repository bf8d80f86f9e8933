package dev.lifeboat.postgres;

import java.nio.file.Path;

/**
 * PostgreSQL's client programs of one place. {@code pg_restore} is never older than {@code pg_dump}.
 *
 * @param directory where all of them lie; a wrapper script is a program too
 */
record Client(Path directory, Version dump, Version restore) {
  /** Since 17, pg_restore begins with a setting that no older server knows. */
  private static final int NEW_TIMEOUT = 17;

  Path program(String name) {
    return directory.resolve(name);
  }

  /** Whether {@code pg_dump} reads a server of this version; it refuses newer ones. */
  boolean dumps(Version server) {
    return dump.major() >= server.major();
  }

  /** Whether its {@code pg_restore} writes into a server of this version without an error. */
  boolean restoresInto(Version server) {
    return restore.major() < NEW_TIMEOUT || server.major() >= NEW_TIMEOUT;
  }
}
