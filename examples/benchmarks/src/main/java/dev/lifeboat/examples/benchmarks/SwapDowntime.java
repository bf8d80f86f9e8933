package dev.lifeboat.examples.benchmarks;

import dev.lifeboat.Backups;
import dev.lifeboat.Restored;
import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.Reason;
import dev.lifeboat.postgres.PostgresConnection;
import dev.lifeboat.postgres.PostgresSource;
import dev.lifeboat.postgres.PostgresTarget;
import dev.lifeboat.storage.local.LocalSink;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;

/**
 * How long a client that connects anew by itself is without a live PostgreSQL 15 database while that is restored by a swap:
 * {@code SwapDowntime <megabytes> <rounds>}.
 */
public final class SwapDowntime {
  private static final PrintStream OUT = System.out;

  private SwapDowntime() {}

  /** See the class. */
  public static void main(String[] args) throws IOException, SQLException {
    int megabytes = Integer.parseInt(args[0]);
    int rounds = Integer.parseInt(args[1]);
    Path directory = Work.directory();
    try (EmbeddedPostgres server = Sales.server(directory)) {
      try (var connection = server.getPostgresDatabase().getConnection();
          var statement = connection.createStatement()) {
        statement.execute("CREATE DATABASE shop");
      }
      Sales.fill(server.getDatabase("postgres", "shop"), megabytes);
      OUT.printf(
          "%s, %d rounds, %s%n",
          Sales.size(server.getDatabase("postgres", "shop")), rounds, Work.conditions());
      PostgresConnection live = PostgresConnection.url(server.getJdbcUrl("postgres", "shop"));
      PostgresTarget target = PostgresTarget.live(live);
      Backups backups = Backups.builder("shop")
          .source(PostgresSource.of("shop", live).restoringTo(target))
          .sink(LocalSink.in(directory.resolve("backups")))
          .workDirectory(directory.resolve("work"))
          .build();
      Backup backup = backups.create(Reason.MANUAL);
      try (Visitor visitor = Visitor.of(server.getJdbcUrl("postgres", "shop"))) {
        for (int i = 0; i < rounds; i++) {
          visitor.longestGap();
          Restored restored = backups.restore(backup.id());
          Duration gap = visitor.longestGap();
          OUT.printf(
              "restored in %.1f s, the client was without an answer for %d ms at most%n",
              restored.took().toMillis() / 1000.0, gap.toMillis());
          target.dropKept(Duration.ZERO);
        }
      }
      OUT.println("at the end: " + Work.conditions());
    } finally {
      Work.delete(directory);
    }
  }
}
