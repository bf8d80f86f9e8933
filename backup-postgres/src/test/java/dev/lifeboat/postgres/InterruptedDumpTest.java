package dev.lifeboat.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.lifeboat.source.Snapshot;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the server, the network, other sessions and the host do to a dump under way. */
@Timeout(180)
class InterruptedDumpTest {
  private static final int MEBIBYTES = 20;
  private static final String SLEEP = "SELECT 1 FROM pg_sleep(1234)";

  @TempDir
  Path directory;

  private final Server server = Server.of(Clients.OLDEST);

  @AfterEach
  void nothingIsLeft() throws IOException {
    try (var processes = ProcessHandle.current().descendants()) {
      assertThat(processes.filter(
              process -> process.info().commandLine().orElse("").matches(".*pg_(dump|restore) .*")))
          .isEmpty();
    }
    try (var files = Files.list(directory)) {
      assertThat(files).isEmpty();
    }
    await() // who tells that it is over ends a moment later
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
            .noneMatch(thread -> thread.getName().startsWith("lifeboat pg_")));
  }

  @Test
  void theServerIsKilledInTheMiddle() throws Exception {
    try (Server mortal = Server.start(Clients.OLDEST)) {
      String database = Shop.large(mortal, MEBIBYTES);
      try (Snapshot snapshot = Clients.source(mortal, database).open(directory)) {
        snapshot.capture();
        assertThatThrownBy(() -> snapshot.writeTo(after(1 << 20, mortal::kill)))
            .isInstanceOf(IOException.class)
            .hasMessageStartingWith("The dump of \"" + database + "\" at 127.0.0.1:" + mortal.port()
                + " failed: pg_dump ended with status 1 after ")
            .hasMessageContaining("pg_dump: error: ")
            .hasMessageEndingWith(". Nothing of it was kept.");
      }
    }
  }

  @Test
  void theConnectionIsCutInTheMiddle() throws Exception {
    String database = Shop.large(server, MEBIBYTES);
    for (long after : new long[] {1_000, 30_000, 100_000, 1 << 20, 10 << 20}) {
      try (Proxy proxy = Proxy.to(server.port(), after)) {
        PostgresSource source = PostgresSource.of(
                "shop", PostgresConnection.of("127.0.0.1", proxy.port(), database, "postgres"))
            .client(Clients.require(server.major()).directory());
        assertThatThrownBy(() -> Taken.of(source, directory))
            .isInstanceOf(IOException.class)
            .hasMessageContaining("\"" + database + "\" at 127.0.0.1:" + proxy.port())
            .hasMessageMatching(".*Nothing (of it was kept|was read|was changed)\\.");
        assertThat(proxy.bytesFromServer()).isGreaterThan(after);
      }
      deleteScratch();
    }
  }

  @Test
  void aTableStaysLockedAtTheOpening() throws Exception {
    String database = Shop.small(server);
    try (Connection other = server.connect(database)) {
      Server.run(
          other,
          "SET application_name = 'migrator'",
          "BEGIN",
          "LOCK TABLE orders IN ACCESS EXCLUSIVE MODE");
      assertThatThrownBy(() ->
              Clients.source(server, database).lockWait(Duration.ofMillis(300)).open(directory))
          .isInstanceOf(IOException.class)
          .extracting(e -> String.valueOf(e.getMessage()).replaceAll("process \\d+", "process #"))
          .isEqualTo("\"" + database + "\" at 127.0.0.1:" + server.port()
              + ": the table public.orders was locked"
              + " by process # of postgres (migrator) for 300 ms. Nothing was read.");
    }
  }

  @Test
  void aTableIsWantedByAnotherBetweenOpeningAndCapture() throws Exception {
    String database = Shop.small(server);
    Snapshot snapshot =
        Clients.source(server, database).lockWait(Duration.ofMillis(300)).open(directory);
    try (Connection other = server.connect(database)) {
      FutureTask<Void> waiting = inThread(() -> Server.run(other, "TRUNCATE orders"));
      await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> !server
              .query(
                  database,
                  "SELECT pid FROM pg_locks WHERE NOT granted AND mode = 'AccessExclusiveLock'")
              .isEmpty());
      assertThatThrownBy(snapshot::capture)
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith("The dump of \"" + database + "\" at 127.0.0.1:" + server.port()
              + " failed: pg_dump ended with status 1 after ")
          .hasMessageContaining("Query was: LOCK TABLE ");
      snapshot.close();
      waiting.get(); // it is its turn
    }
  }

  @Test
  void anInterruptEndsTheWriting() throws Exception {
    String database = Shop.large(server, MEBIBYTES);
    try (Snapshot snapshot = Clients.source(server, database).open(directory)) {
      snapshot.capture();
      assertThatThrownBy(
              () -> snapshot.writeTo(after(1 << 20, () -> Thread.currentThread().interrupt())))
          .isInstanceOf(InterruptedIOException.class);
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void anInterruptEndsTheCounting() throws Exception {
    String database = Shop.small(server);
    Thread counting = Thread.currentThread();
    FutureTask<Void> interrupting = inThread(() -> {
      await().atMost(Duration.ofMinutes(1)).until(() -> sleeps(database));
      counting.interrupt();
    });
    try (Session session = server.connection(database).open()) {
      assertThatThrownBy(() -> session.interruptibly(() -> session.number(SLEEP)))
          .isInstanceOf(InterruptedIOException.class)
          .hasMessage(
              "interrupted while reading \"" + database + "\" at 127.0.0.1:" + server.port());
    }
    assertThat(Thread.interrupted()).isTrue();
    interrupting.get();
    await().atMost(Duration.ofMinutes(1)).until(() -> !sleeps(database));
  }

  /** A server forgets a cancel that comes while nothing runs. */
  @Test
  void anInterruptEndsEvenWhatBeginsAfterIt() throws Exception {
    String database = Shop.small(server);
    try (Proxy proxy = Proxy.to(server.port(), Long.MAX_VALUE);
        Session session = PostgresConnection.of("127.0.0.1", proxy.port(), database, "postgres")
            .open()) {
      int before = proxy.connections();
      FutureTask<Long> sleeping = new FutureTask<>(() -> {
        await()
            .atMost(Duration.ofMinutes(1))
            .until(() -> proxy.connections() >= before + 2); // the first cancel is through
        return session.number(SLEEP);
      });
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> session.interruptibly(() -> {
            sleeping.run();
            return "done";
          }))
          .isInstanceOf(InterruptedIOException.class);
      assertThat(Thread.interrupted()).isTrue();
      assertThat(sleeping).isDone();
      assertThatThrownBy(sleeping::get)
          .hasMessageContaining("canceling statement due to user request");
    }
    assertThat(sleeps(database)).isFalse();
  }

  @Test
  void theServerNoticesThatTheHostIsGone() throws Exception {
    Server newest = Server.of(Server.NEWEST);
    String database = Shop.small(newest);
    try (Proxy proxy = Proxy.to(newest.port(), Long.MAX_VALUE);
        Session session = PostgresConnection.of("127.0.0.1", proxy.port(), database, "postgres")
            .open()) {
      FutureTask<Void> counting = inThread(() -> session.number(SLEEP));
      await().atMost(Duration.ofMinutes(1)).until(() -> sleeps(newest, database));
      proxy.cut();
      assertThatThrownBy(counting::get).hasCauseInstanceOf(IOException.class);
      await().atMost(Duration.ofSeconds(60)).until(() -> !sleeps(newest, database));
    }
  }

  @Test
  void anEarlyCloseEndsItToo() throws Exception {
    String database = Shop.large(server, MEBIBYTES);
    Snapshot snapshot = Clients.source(server, database).open(directory);
    snapshot.capture();
    snapshot.close();
    assertThatThrownBy(() -> snapshot.writeTo(new ByteArrayOutputStream()))
        .isInstanceOf(IOException.class);
    await()
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(() -> assertThat(server.query(
                "postgres", "SELECT pid FROM pg_stat_activity WHERE datname = '" + database + "'"))
            .isEmpty());
  }

  private boolean sleeps(String database) throws SQLException {
    return sleeps(server, database);
  }

  private static boolean sleeps(Server server, String database) throws SQLException {
    return !server
        .query(
            database,
            "SELECT pid FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()")
        .isEmpty();
  }

  @FunctionalInterface
  private interface Deed {
    void run() throws Exception;
  }

  private static FutureTask<Void> inThread(Deed deed) {
    FutureTask<Void> task = new FutureTask<>(() -> {
      deed.run();
      return null;
    });
    new Thread(task).start();
    return task;
  }

  /** Does something once, when so many bytes have come. */
  private static OutputStream after(long bytes, Deed deed) {
    return new OutputStream() {
      private long left = bytes;

      @Override
      public void write(int b) throws IOException {
        write(new byte[1], 0, 1);
      }

      @Override
      public void write(byte[] more, int offset, int length) throws IOException {
        boolean before = left > 0;
        left -= length;
        if (before && left <= 0) {
          try {
            deed.run();
          } catch (Exception e) {
            throw new IOException(e);
          }
        }
      }
    };
  }

  private void deleteScratch() throws IOException {
    try (var files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.delete(file); // empty, but for the engine to remove
      }
    }
  }
}
