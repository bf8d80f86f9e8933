package dev.lifeboat.postgres;

import dev.lifeboat.source.BackupSource;
import dev.lifeboat.source.RestoreTarget;
import dev.lifeboat.testkit.RestoreTargetContract;
import java.sql.SQLException;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;

/** The contract of targets, over every way that a target goes. */
class PostgresTargetContractTest {
  /** A shop that is backed up and another place that it is restored to, if that is another. */
  private abstract static class Live implements RestoreTargetContract {
    final Server server = Server.of(Clients.OLDEST);
    String shop = "";

    @BeforeEach
    void openShop() throws Exception {
      shop = Shop.small(server);
    }

    @AfterEach
    void tidyUp() throws Exception {
      Databases.dropAllOf(server, shop);
      Databases.dropAllOf(server, place());
    }

    String place() {
      return shop;
    }

    PostgresTarget database() {
      return Databases.target(server, place());
    }

    @Override
    public BackupSource source() {
      return Clients.source(server, shop);
    }

    @Override
    public Object liveState() throws Exception {
      return Databases.exists(server, place()) ? stateOf(place()) : "absent";
    }

    @Override
    public Object stateToRestore() throws Exception {
      return stateOf(shop);
    }

    @Override
    public void change() throws Exception {
      change(shop);
      if (!place().equals(shop) && Databases.exists(server, place())) {
        change(place());
      }
    }

    private Object stateOf(String database) throws SQLException {
      return server.query(database, "SELECT id || ' ' || item FROM orders ORDER BY id");
    }

    private void change(String database) throws SQLException {
      server.run(database, "INSERT INTO orders(item) VALUES ('" + UUID.randomUUID() + "')");
    }
  }

  @Nested
  class Swapped extends Live {
    @Override
    public RestoreTarget target() {
      return database();
    }
  }

  @Nested
  class InPlace extends Live {
    @Override
    public RestoreTarget target() {
      return database().inPlace();
    }
  }

  @Nested
  class LiveMissing extends Live {
    @Override
    String place() {
      return shop + "_place";
    }

    @Override
    public RestoreTarget target() {
      return database();
    }

    @Override
    public boolean isLiveFromTheStart() {
      return false;
    }
  }

  @Nested
  class Elsewhere extends Live {
    @Override
    String place() {
      return shop + "_place";
    }

    @Override
    public RestoreTarget target() {
      return PostgresTarget.database(server.connection(shop), place())
          .replacing()
          .client(Clients.require(server.major()).directory());
    }

    @Override
    public boolean isLiveFromTheStart() {
      return false;
    }
  }
}
