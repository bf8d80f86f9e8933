package dev.lifeboat.sqlite;

import dev.lifeboat.source.BackupSource;
import dev.lifeboat.testkit.BackupSourceContract;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class SqliteSourceContractTest implements BackupSourceContract {
  @TempDir
  Path data;

  private Connection host;

  @BeforeEach
  void openShop() throws Exception {
    host = Databases.connect(Databases.shop(data.resolve("shop.db"), 300));
  }

  @AfterEach
  void closeShop() throws Exception {
    host.close();
  }

  @Override
  public BackupSource source() {
    return SqliteSource.of("orders", data.resolve("shop.db"));
  }

  @Override
  public void change() throws Exception {
    Databases.add(host, 1);
  }

  @Override
  public Object meaningOf(byte[] content, Path directory) throws Exception {
    return Databases.content(Files.write(directory.resolve("copy.db"), content));
  }
}
