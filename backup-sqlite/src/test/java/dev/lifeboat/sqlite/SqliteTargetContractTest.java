package dev.lifeboat.sqlite;

import dev.lifeboat.source.BackupSource;
import dev.lifeboat.source.RestoreTarget;
import dev.lifeboat.testkit.RestoreTargetContract;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** The contract of targets, over every way that a target goes. */
class SqliteTargetContractTest {
  /** A shop that is backed up and another place that it is restored to, if that is another. */
  private abstract static class Shop implements RestoreTargetContract {
    @TempDir
    Path data;

    Path shop() {
      return data.resolve("shop.db");
    }

    Path place() {
      return shop();
    }

    @Override
    public BackupSource source() {
      return SqliteSource.of("orders", shop());
    }

    @Override
    public Object liveState() throws Exception {
      return stateOf(place());
    }

    @Override
    public Object stateToRestore() throws Exception {
      return stateOf(shop());
    }

    @Override
    public void change() throws Exception {
      change(shop());
      if (!place().equals(shop()) && Files.exists(place())) {
        change(place());
      }
    }

    private static Object stateOf(Path database) throws Exception {
      return Files.exists(database) ? Databases.content(database) : "absent";
    }

    private static void change(Path database) throws Exception {
      try (Connection host = Databases.connect(database)) {
        Databases.add(host, 1);
      }
    }
  }

  @Nested
  class LiveInWal extends Shop {
    @BeforeEach
    void openShop() throws Exception {
      Databases.shop(shop(), 300);
    }
  }

  @Nested
  class LiveInRollbackMode extends Shop {
    @BeforeEach
    void openShop() throws Exception {
      Databases.shop(shop(), "DELETE", 1024, 300);
    }
  }

  @Nested
  class LiveWithOtherPages extends Shop {
    @BeforeEach
    void openShops() throws Exception {
      Databases.shop(shop(), "WAL", 1024, 300);
      Databases.shop(place(), "WAL", 8192, 20);
    }

    @Override
    Path place() {
      return data.resolve("place.db");
    }

    @Override
    public RestoreTarget target() {
      return SqliteTarget.live(place());
    }
  }

  @Nested
  class LiveMissing extends Shop {
    @BeforeEach
    void openShop() throws Exception {
      Databases.shop(shop(), 300);
    }

    @Override
    Path place() {
      return data.resolve("place.db");
    }

    @Override
    public RestoreTarget target() {
      return SqliteTarget.live(place());
    }

    @Override
    public boolean isLiveFromTheStart() {
      return false;
    }
  }

  @Nested
  class OverWhatTheHostCallsBroken extends Shop {
    @BeforeEach
    void openShops() throws Exception {
      Databases.shop(shop(), 300);
      Databases.shop(place(), 20);
    }

    @Override
    Path place() {
      return data.resolve("place.db");
    }

    @Override
    public RestoreTarget target() {
      return SqliteTarget.live(place()).overBroken();
    }
  }

  @Nested
  class ToAFile extends Shop {
    @BeforeEach
    void openShop() throws Exception {
      Databases.shop(shop(), 300);
    }

    @Override
    Path place() {
      return data.resolve("place.db");
    }

    @Override
    public RestoreTarget target() {
      return SqliteTarget.file(place()).overwriting();
    }

    @Override
    public boolean isLiveFromTheStart() {
      return false;
    }
  }
}
