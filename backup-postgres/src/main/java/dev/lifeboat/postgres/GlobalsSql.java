package dev.lifeboat.postgres;

import dev.lifeboat.source.Facts;
import dev.lifeboat.source.UnprovenException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What pg_dumpall has written: whole if its last comment is there. */
final class GlobalsSql {
  private static final String LAST = "-- PostgreSQL database cluster dump complete";

  private GlobalsSql() {}

  /**
   * How many roles and tablespaces it makes.
   *
   * @param place where it came from or lies, for messages
   * @throws UnprovenException if its end is missing
   */
  static Facts facts(Path sql, String place) throws IOException {
    long roles = 0;
    long tablespaces = 0;
    boolean complete = false;
    // any bytes will do: names may be in whatever encoding
    try (BufferedReader lines = Files.newBufferedReader(sql, StandardCharsets.ISO_8859_1)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        roles += line.startsWith("CREATE ROLE ") ? 1 : 0;
        tablespaces += line.startsWith("CREATE TABLESPACE ") ? 1 : 0;
        complete |= line.equals(LAST);
      }
    }
    if (!complete) {
      throw new UnprovenException(
          "The roles of " + place + " are not all there: pg_dumpall's last line is missing", null);
    }
    return Facts.counting("roles", roles).count("tablespaces", tablespaces);
  }
}
