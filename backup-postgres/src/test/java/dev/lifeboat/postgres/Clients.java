package dev.lifeboat.postgres;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** The client programs of this machine. */
final class Clients {
  /** The oldest client that CI has, and the servers that it can read. */
  static final int OLDEST = 15;

  private static final Duration DEADLINE = Duration.ofMinutes(2);
  /** Differs from run to run: a token against injected commands, and what depends on when it was made. */
  private static final Pattern CHANGING = Pattern.compile("\\\\(un)?restrict .*|--.*");

  private static final Map<Integer, Client> FOUND = new ConcurrentHashMap<>();

  private Clients() {}

  /** A source of a database, with the client for its server. */
  static PostgresSource source(Server server, String database) {
    return PostgresSource.of("shop", server.connection(database))
        .client(require(server.major()).directory());
  }

  /** The one that a server is dumped with. Where there is none the test fails in CI, and is skipped loudly elsewhere. */
  static Client require(int server) {
    try {
      Client known = FOUND.get(server);
      if (known == null) {
        known = ClientSearch.everywhere().find(new Version(server, 0));
        FOUND.put(server, known);
      }
      return known;
    } catch (IOException e) {
      if (Boolean.getBoolean("it.pg.client.required") || "true".equals(System.getenv("CI"))) {
        return fail("A client of PostgreSQL " + server + " is required here. " + e.getMessage());
      }
      System.err.println(
          "*** NOT TESTED, for want of a client: PostgreSQL " + server + ". " + e.getMessage());
      return abort(String.valueOf(e.getMessage()));
    }
  }

  /** An archive as SQL, without what changes from run to run. */
  static List<String> sql(Client client, byte[] archive, Path directory) throws IOException {
    Path file = Files.write(Files.createTempFile(directory, "archive", ".dump"), archive);
    Path sql = Files.createTempFile(directory, "archive", ".sql");
    run(client, "pg_restore", "--file=" + sql, file.toString());
    try (var lines = Files.lines(sql)) {
      return lines
          .filter(line -> !line.isEmpty() && !CHANGING.matcher(line).matches())
          .toList();
    }
  }

  static void run(Client client, String program, String... arguments) throws IOException {
    try (Child child = Child.start(
        new Command(client.program(program), new ArrayList<>(List.of(arguments)), DEADLINE),
        in -> in.transferTo(OutputStream.nullOutputStream()))) {
      Ended ended = child.await();
      if (!ended.isGood()) {
        throw new IOException(ended.failure());
      }
    }
  }
}
