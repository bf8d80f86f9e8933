package dev.lifeboat.postgres;

import dev.lifeboat.source.BackupSource;
import dev.lifeboat.testkit.BackupSourceContract;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;

class PostgresSourceContractTest {
  private abstract static class Live implements BackupSourceContract {
    private final Server server = Server.of(Clients.OLDEST);
    private String database = "";

    @BeforeEach
    void openShop() throws Exception {
      database = Shop.small(server);
    }

    PostgresSource shop() {
      return Clients.source(server, database);
    }

    @Override
    public void change() throws Exception {
      server.run(database, "INSERT INTO orders(item) VALUES ('one more')");
    }

    /** Without the positions of sequences, which stand still in no snapshot of PostgreSQL. */
    @Override
    public Object meaningOf(byte[] content, Path directory) throws Exception {
      return Clients.sql(Clients.require(server.major()), content, directory).stream()
          .filter(line -> !line.startsWith("SELECT pg_catalog.setval("))
          .toList();
    }
  }

  @Nested
  class Streamed extends Live {
    @Override
    public BackupSource source() {
      return shop();
    }
  }

  @Nested
  class Spooled extends Live {
    @Override
    public BackupSource source() {
      return shop().spool();
    }
  }
}
