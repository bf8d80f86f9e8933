package dev.lifeboat.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lifeboat.source.Snapshot;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A sink that takes slowly must not hold the database. */
@Timeout(180)
class SpoolTest {
  private static final int MEBIBYTES = 30;

  @TempDir
  Path directory;

  private final Server server = Server.of(Clients.OLDEST);

  @Test
  void aSpooledDumpIsMadeBeforeAnybodyTakesIt() throws Exception {
    String database = Shop.large(server, MEBIBYTES);
    try (Snapshot snapshot = Clients.source(server, database).spool().open(directory)) {
      snapshot.capture();
      snapshot.examine();
      await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> sessions(database).isEmpty()); // all is there, and nothing is held
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      snapshot.writeTo(out);
      assertThat(Clients.sql(
              Clients.require(server.major()),
              out.toByteArray(),
              Files.createDirectory(directory.resolve("sql"))))
          .hasSizeGreaterThan(1000 * MEBIBYTES);
    }
  }

  @Test
  void aSlowSinkIsLeftBehindByItself() throws Exception {
    String database = Shop.large(server, MEBIBYTES);
    AtomicLong now = new AtomicLong();
    PostgresSource source = Clients.source(server, database).nanoTime(now::get);
    try (Snapshot snapshot = source.open(directory)) {
      snapshot.capture();
      snapshot.examine();
      Slow slow = new Slow(database, now);
      snapshot.writeTo(slow);
      assertThat(slow.letGoAt).isPositive().isLessThan(slow.written / 2);
    }
  }

  /** Takes nothing before the server waits for it, and then tells that five minutes have gone by. */
  private final class Slow extends OutputStream {
    private final String database;
    private final AtomicLong now;
    private long written;
    private long letGoAt = -1;

    Slow(String database, AtomicLong now) {
      this.database = database;
      this.now = now;
    }

    @Override
    public void write(int b) {
      throw new AssertionError("not byte by byte");
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      if (letGoAt < 0 && written < 2 << 20) {
        await()
            .atMost(Duration.ofMinutes(1))
            .until(() -> isStuck(database) || sessions(database).isEmpty());
        now.addAndGet(Duration.ofMinutes(5).toNanos());
      } else if (letGoAt < 0) {
        await().atMost(Duration.ofMinutes(1)).until(() -> sessions(database).isEmpty());
        letGoAt = written;
      }
      written += length;
    }
  }

  @Test
  void aQuickSinkNeedsNoSpool() throws Exception {
    String database = Shop.large(server, MEBIBYTES);
    try (Snapshot snapshot = Clients.source(server, database).nanoTime(() -> 0).open(directory)) {
      snapshot.capture();
      snapshot.writeTo(new OutputStream() {
        private long written;

        @Override
        public void write(int b) {
          throw new AssertionError("not byte by byte");
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
          if (written == 0) {
            await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> isStuck(database)); // and no time goes by
          }
          written += length;
          assertThat(sessions(database).isEmpty() && written < 2 << 20).isFalse();
        }
      });
    }
  }

  /** Whether pg_dump waits for somebody to take what it has written, and the server for pg_dump. */
  private boolean isStuck(String database) {
    return !asked(database, "wait_event = 'ClientWrite'").isEmpty();
  }

  private List<String> sessions(String database) {
    return asked(database, "backend_type = 'client backend'");
  }

  private List<String> asked(String database, String condition) {
    try {
      return server.query(
          "postgres",
          "SELECT application_name FROM pg_stat_activity WHERE datname = '" + database + "' AND "
              + condition);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }
}
