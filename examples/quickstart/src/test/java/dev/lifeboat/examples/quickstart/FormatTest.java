package dev.lifeboat.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeboat.Backups;
import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.Reason;
import dev.lifeboat.codec.Codec;
import dev.lifeboat.codec.Compression;
import dev.lifeboat.source.BytesSource;
import dev.lifeboat.sqlite.SqliteSource;
import dev.lifeboat.storage.local.LocalSink;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that FORMAT.md promises, run as they stand there. */
class FormatTest {
  @TempDir
  Path directory;

  @Test
  void zstdIsRestoredWithStockTools() throws Exception {
    restores(Compression.zstd());
  }

  @Test
  void gzipIsRestoredWithStockTools() throws Exception {
    restores(Compression.gzip());
  }

  @Test
  void theContentItselfIsRestoredWithStockTools() throws Exception {
    restores(Compression.none());
  }

  @Test
  void damageIsFoundWithStockTools() throws Exception {
    Backup backup = backUp(Compression.zstd());
    Path part = sink()
        .resolve(backup
            .manifest()
            .component("orders")
            .orElseThrow()
            .parts()
            .get(1)
            .name()
            .value());
    byte[] bytes = Files.readAllBytes(part);
    bytes[bytes.length / 2] ^= 1;
    Files.write(part, bytes);

    assertThat(run(backup, "orders", directory.resolve("orders.out"))).isNotZero();
  }

  private void restores(Codec compression) throws Exception {
    Backup backup = backUp(compression);
    assertThat(backup.manifest().component("orders").orElseThrow().parts()).hasSizeGreaterThan(1);

    Path orders = directory.resolve("orders.out");
    assertThat(run(backup, "orders", orders)).isZero();
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + orders);
        var row = connection.createStatement().executeQuery("SELECT count(*) FROM orders")) {
      assertThat(row.getInt(1)).isEqualTo(2000);
    }
    Path settings = directory.resolve("settings.out");
    assertThat(run(backup, "settings", settings)).isZero();
    assertThat(settings).hasContent("dark mode");
  }

  private Backup backUp(Codec compression) throws SQLException {
    Path database = directory.resolve("orders.db");
    byte[] noise = new byte[100];
    Random random = new Random(1);
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        var statement = connection.createStatement()) {
      statement.execute("CREATE TABLE orders (id INTEGER PRIMARY KEY, noise BLOB)");
      connection.setAutoCommit(false);
      try (var insert = connection.prepareStatement("INSERT INTO orders (noise) VALUES (?)")) {
        for (int i = 0; i < 2000; i++) {
          random.nextBytes(noise);
          insert.setBytes(1, noise);
          insert.executeUpdate();
        }
      }
      connection.commit();
    }
    return Backups.builder("shop")
        .source(SqliteSource.of("orders", database))
        .source(BytesSource.of(
            "settings", () -> "dark mode".getBytes(StandardCharsets.UTF_8), restored -> {}))
        .sink(LocalSink.in(sink()))
        .compression(compression)
        .partSize(64 << 10)
        .workDirectory(directory.resolve("work"))
        .build()
        .create(Reason.MANUAL);
  }

  private int run(Backup backup, String component, Path out)
      throws IOException, InterruptedException {
    ProcessBuilder shell = new ProcessBuilder("bash", "-euo", "pipefail", "-c", commands());
    shell.directory(sink().toFile());
    shell.environment().put("series", "shop");
    shell.environment().put("id", backup.id().toString());
    shell.environment().put("component", component);
    shell.environment().put("out", out.toString());
    shell
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("shell.log").toFile());
    return shell.start().waitFor();
  }

  private static String commands() throws IOException {
    Path root = Path.of(System.getProperty("lifeboat.root"));
    String format = Files.readString(root.resolve("backup-core/FORMAT.md"));
    String section = format.substring(format.indexOf("## 6. "));
    int begin = section.indexOf("```sh") + "```sh".length();
    return section.substring(begin, section.indexOf("```", begin));
  }

  private Path sink() {
    return directory.resolve("sink");
  }
}
