package dev.lifeboat.postgres;

import dev.lifeboat.source.RestoreTarget;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;

/** Databases that are restored, and what that leaves. */
final class Databases {
  private Databases() {}

  /** The live one, with the client for its server. */
  static PostgresTarget target(Server server, String database) {
    return PostgresTarget.live(server.connection(database))
        .client(Clients.require(server.major()).directory());
  }

  static boolean exists(Server server, String database) throws SQLException {
    return all(server).contains(database);
  }

  static List<String> all(Server server) throws SQLException {
    return server.query("postgres", "SELECT datname FROM pg_database ORDER BY 1");
  }

  /** Those that a restore has made of a database and left. */
  static List<String> leftOf(Server server, String database) throws SQLException {
    String begin = Marker.name(database, Marker.Kind.RESTORE, "").replaceFirst("_restore_$", "");
    return all(server).stream()
        .filter(name -> name.startsWith(begin.substring(0, Math.min(begin.length(), 20))))
        .filter(name -> name.matches("(?s).*_(restore|before)_[0-9a-f]{12}"))
        .toList();
  }

  static void dropAllOf(Server server, String database) throws SQLException {
    for (String name : leftOf(server, database)) {
      server.run("postgres", "DROP DATABASE IF EXISTS " + Session.quoted(name) + " WITH (FORCE)");
    }
    server.run("postgres", "DROP DATABASE IF EXISTS " + Session.quoted(database) + " WITH (FORCE)");
  }

  /** Staged and checked, in a directory of its own. */
  static Path staged(RestoreTarget target, Taken backup, Path directory) throws IOException {
    Path staging = Files.createTempDirectory(directory, "staging");
    target.stage(new ByteArrayInputStream(backup.content()), backup.facts(), staging);
    List<String> differences = backup.facts().differencesFrom(target.check(staging));
    if (!differences.isEmpty()) {
      throw new IOException("not as recorded: " + differences);
    }
    return staging;
  }
}
