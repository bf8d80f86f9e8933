package dev.lifeboat.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
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
    String database = bank();
    AtomicBoolean closing = new AtomicBoolean();
    CountDownLatch busy = new CountDownLatch(100);
    List<FutureTask<Integer>> clerks = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      Random random = new Random(i);
      FutureTask<Integer> clerk = new FutureTask<>(() -> work(database, random, closing, busy));
      clerks.add(clerk);
      new Thread(clerk).start();
    }
    busy.await();
    List<Taken> all = new ArrayList<>();
    for (int i = 0; i < 2 * LOOPS; i++) {
      all.add(Taken.of(Clients.source(server, database), directory));
    }
    closing.set(true);
    int done = 0;
    for (FutureTask<Integer> clerk : clerks) {
      done += clerk.get();
    }
    assertThat(done).isGreaterThan(100);
    long before = 0;
    for (Taken taken : all) {
      long history = sums(client, taken);
      assertThat(history)
          .isBetween(before, (long) done)
          .isEqualTo(taken.facts().counts().get("rows of public.history"));
      before = history;
    }
  }

  /** Restores it, and returns how many transfers are in it. */
  private long sums(Client client, Taken taken) throws Exception {
    String copy = server.create("copy");
    Path archive = Files.write(directory.resolve("archive.dump"), taken.content());
    Clients.run(
        client,
        "pg_restore",
        "--exit-on-error",
        "--dbname=host=127.0.0.1 port=" + server.port() + " user=postgres dbname=" + copy,
        archive.toString());
    String balance =
        server.query(copy, "SELECT coalesce(sum(balance), 0) FROM accounts").get(0);
    assertThat(server.query(copy, "SELECT coalesce(sum(balance), 0) FROM tellers"))
        .containsExactly(balance);
    assertThat(server.query(copy, "SELECT coalesce(sum(balance), 0) FROM branches"))
        .containsExactly(balance);
    assertThat(server.query(copy, "SELECT coalesce(sum(delta), 0) FROM history"))
        .containsExactly(balance);
    return Long.parseLong(server.query(copy, "SELECT count(*) FROM history").get(0));
  }

  private String bank() throws SQLException {
    return server.create(
        "bank",
        "CREATE TABLE branches(id int PRIMARY KEY, balance bigint)",
        "CREATE TABLE tellers(id int PRIMARY KEY, balance bigint)",
        "CREATE TABLE accounts(id int PRIMARY KEY, balance bigint, filler char(84))",
        "CREATE TABLE history(account int, teller int, branch int, delta bigint)",
        "INSERT INTO branches VALUES (1, 0)",
        "INSERT INTO tellers SELECT n, 0 FROM generate_series(1, 10) n",
        "INSERT INTO accounts SELECT n, 0, '' FROM generate_series(1, 20000) n");
  }

  /** The transactions of pgbench. */
  private int work(String database, Random random, AtomicBoolean closing, CountDownLatch busy)
      throws SQLException {
    int done = 0;
    try (Connection connection = server.connect(database);
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      while (!closing.get()) {
        int delta = random.nextInt(10_001) - 5_000;
        int account = 1 + random.nextInt(20_000);
        int teller = 1 + random.nextInt(10);
        statement.execute(
            "UPDATE accounts SET balance = balance + " + delta + " WHERE id = " + account);
        try (ResultSet row =
            statement.executeQuery("SELECT balance FROM accounts WHERE id = " + account)) {
          row.next();
        }
        statement.execute(
            "UPDATE tellers SET balance = balance + " + delta + " WHERE id = " + teller);
        statement.execute("UPDATE branches SET balance = balance + " + delta + " WHERE id = 1");
        statement.execute(
            "INSERT INTO history VALUES (" + account + ", " + teller + ", 1, " + delta + ")");
        connection.commit();
        done++;
        busy.countDown();
      }
    }
    return done;
  }
}
