package dev.lifeboat.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The load of pgbench goes on all the while, and every dump is one committed state. */
@Timeout(180)
class BusyDatabaseTest {
  private static final int LOOPS = Integer.getInteger("loops", 1);
  private static final int CLIENTS = 3;

  @TempDir
  Path directory;

  private final Server server = Server.of(Clients.OLDEST);

  @Test
  void theSumsAgreeInEveryDump() throws Exception {
    Client client = Clients.require(server.major());
    String database = server.create("bank");
    List<Taken> all = new ArrayList<>();
    try (Pgbench load = Pgbench.in(server, database, CLIENTS, directory)) {
      await().atMost(Duration.ofMinutes(1)).until(() -> transactions(database) >= 100);
      for (int i = 0; i < 2 * LOOPS; i++) {
        all.add(Taken.of(Clients.source(server, database), directory));
        long then = transactions(database);
        await().atMost(Duration.ofMinutes(1)).until(() -> transactions(database) > then);
      }
      load.end();
    }
    long before = 100;
    for (Taken taken : all) {
      long history = requireSumsAgree(client, taken);
      assertThat(history)
          .isGreaterThanOrEqualTo(before)
          .isEqualTo(taken.facts().counts().get("rows of public.pgbench_history"));
      before = history;
    }
    assertThat(transactions(database)).isGreaterThan(before);
    Databases.dropAllOf(server, database);
  }

  /** Restores it, and returns how many transactions are in it. */
  private long requireSumsAgree(Client client, Taken taken) throws Exception {
    String copy = server.create("copy");
    Path archive = Files.write(directory.resolve("archive.dump"), taken.content());
    Clients.run(
        client,
        "pg_restore",
        "--exit-on-error",
        "--dbname=host=127.0.0.1 port=" + server.port() + " user=postgres dbname=" + copy,
        archive.toString());
    List<String> sums = new ArrayList<>();
    for (String sum : Pgbench.SUMS) {
      sums.addAll(server.query(copy, sum));
    }
    assertThat(sums).containsOnly(sums.get(0)).hasSize(4);
    long transactions = transactions(copy);
    Databases.dropAllOf(server, copy);
    return transactions;
  }

  private long transactions(String database) throws SQLException {
    return Long.parseLong(
        server.query(database, "SELECT count(*) FROM pgbench_history").get(0));
  }
}
