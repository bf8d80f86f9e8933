package dev.lifeboat.postgres;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.AccessDeniedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds out what could keep a backup or a restore from being made. */
final class Probing {
  private Probing() {}

  /**
   * The client that a backup goes by.
   *
   * @throws IOException if anything is in the way of a backup
   */
  static Client requireBackup(Session session, DumpOptions options) throws IOException {
    Client client = options.search().find(session.server());
    List<String> obstacles = new Rights(session, Tables.of(session, options.scope())).againstDump();
    if (!obstacles.isEmpty()) {
      throw new AccessDeniedException(
          session.place(), null, String.join("; ", obstacles) + ". Nothing was read.");
    }
    return client;
  }

  static PostgresProbe of(Session session, DumpOptions options) throws IOException {
    Rights rights = new Rights(session, Tables.of(session, options.scope()));
    List<String> backup = new ArrayList<>(rights.againstDump());
    List<String> swap = new ArrayList<>(rights.againstSwap());
    List<String> inPlace = new ArrayList<>(rights.againstInPlace());
    List<String> warnings = new ArrayList<>();
    String database = session.text("SELECT current_database()").orElseThrow();
    new KeptDatabases(session, database).notice().ifPresent(warnings::add);
    Optional<Client> client = Optional.empty();
    try {
      Client found = options.search().find(session.server());
      client = Optional.of(found);
      judge(found, session.server(), swap, inPlace, warnings);
    } catch (InterruptedIOException e) {
      throw e;
    } catch (IOException e) {
      String why = String.valueOf(e.getMessage()).replaceFirst("\\. Nothing was read\\.$", "");
      List.of(backup, swap, inPlace).forEach(obstacles -> obstacles.add(why));
    }
    return new PostgresProbe(
        session.server().toString(),
        client.map(Client::directory),
        client.map(found -> found.dump().toString()),
        backup,
        swap,
        inPlace,
        warnings);
  }

  private static void judge(
      Client client,
      Version server,
      List<String> swap,
      List<String> inPlace,
      List<String> warnings) {
    if (!client.restoresInto(server)) {
      String tooNew = "pg_restore " + client.restore() + " cannot restore into PostgreSQL " + server
          + " without an error: install the client of"
          + " PostgreSQL " + server.major() + " to 16 beside it";
      swap.add(tooNew);
      inPlace.add(tooNew);
    }
    FixedMinors.neededToRestore(client.dump())
        .ifPresent(fixed -> warnings.add("pg_dump " + client.dump() + " in " + client.directory()
            + " should be " + fixed + " or newer: dumps of older ones can carry commands of a"
            + " hostile database (CVE-2025-8714, CVE-2025-8715)"));
  }
}
