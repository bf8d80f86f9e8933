package dev.lifeboat.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** A shell script in place of a program of PostgreSQL's. */
final class Script {
  private Script() {}

  static Path make(Path directory, String name, String... lines) throws IOException {
    Path script = Files.createDirectories(directory).resolve(name);
    Files.writeString(script, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    return script;
  }

  /** A pair of programs that know their version and nothing else. */
  static Path client(Path directory, String version) throws IOException {
    make(directory, "pg_dump", "echo \"pg_dump (PostgreSQL) " + version + "\"");
    make(directory, "pg_restore", "echo \"pg_restore (PostgreSQL) " + version + "\"");
    return directory;
  }
}
