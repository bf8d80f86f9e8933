package dev.lifeboat.examples.postgreshost;

import dev.lifeboat.Backups;
import dev.lifeboat.Restored;
import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.Depth;
import dev.lifeboat.catalog.Proof;
import dev.lifeboat.catalog.Reason;
import dev.lifeboat.postgres.KeptDatabase;
import dev.lifeboat.postgres.PostgresConnection;
import dev.lifeboat.postgres.PostgresSource;
import dev.lifeboat.postgres.PostgresTarget;
import dev.lifeboat.retention.RetentionPolicy;
import dev.lifeboat.storage.local.LocalSink;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;

/**
 * A bank whose PostgreSQL database is backed up while tellers work, drilled into a scratch database, emptied by a
 * mistake, and restored by a swap while the tellers come back by themselves. The server is started by this program; {@code
 * pg_dump} and {@code pg_restore}, 15 or newer, are the machine's.
 */
public final class PostgresHost {
  private final PrintStream out;
  private final Path directory;

  PostgresHost(PrintStream out, Path directory) {
    this.out = out;
    this.directory = directory;
  }

  /** See the class. */
  public static void main(String[] args) throws Exception {
    Path target = Files.createDirectories(Path.of("target"));
    new PostgresHost(
            System.out, Files.createTempDirectory(target, "postgres-host-").toAbsolutePath())
        .run();
  }

  /** The whole voyage. */
  void run() throws IOException, SQLException, InterruptedException {
    out.println(
        "Starting a PostgreSQL server, and four tellers who move money as fast as they can");
    try (Bank bank = Bank.open(Files.createDirectories(directory.resolve("server")));
        Tellers tellers = Tellers.atWork(bank.url(Bank.TELLER))) {
      PostgresConnection connection =
          PostgresConnection.of("127.0.0.1", bank.port(), Bank.DATABASE, Bank.OWNER);
      PostgresTarget target = PostgresTarget.live(connection)
          .check("whatever was given was taken", Bank::requireSumsAgree);
      PostgresSource source = PostgresSource.of("bank", connection).restoringTo(target);
      Backups backups = Backups.builder("bank")
          .source(source)
          .sink(LocalSink.in(directory.resolve("backups")))
          .retention(RetentionPolicy.keepLast(3).daily(7))
          .workDirectory(directory.resolve("work"))
          .build();
      out.println("  " + source.probe());

      out.println("Backing up while they work");
      long before = tellers.transfers();
      Backup backup = backups.create(Reason.MANUAL);
      out.println("  " + backup.id() + " is " + backup.state() + ", " + backup.storedSize()
          + " bytes stored in " + backup.manifest().took().toMillis() + " ms; meanwhile "
          + (tellers.transfers() - before) + " transfers were made, and nobody waited longer than "
          + tellers.longestWait().toMillis() + " ms");

      out.println("Drilling it into a scratch database");
      Proof drill = backups.verify(backup.id(), Depth.DRILL);
      out.println("  restored, counted and checked in " + drill.took().toMillis() + " ms");

      out.println("Losing the journal by mistake");
      bank.asOwner("TRUNCATE counter.journal");

      out.println("Restoring by a swap while the tellers work on");
      tellers.longestWait();
      long lost = tellers.lost();
      Restored restored = backups.restore(backup.id());
      Duration wait = tellers.longestWait();
      out.println(
          "  restored in " + restored.took().toMillis() + " ms; a teller waited " + wait.toMillis()
              + " ms at most, and connections were lost or refused " + (tellers.lost() - lost)
              + " times");

      long after = tellers.transfers();
      while (tellers.transfers() < after + 100) {
        Thread.sleep(10);
      }
      out.println("  the tellers, who may do only what was granted, have made "
          + (tellers.transfers() - after) + " more transfers since");
      tellers.stop();
      out.println("  the journal has " + bank.transfers() + " transfers");

      for (KeptDatabase kept : target.kept()) {
        out.println("  what was live is kept: " + kept);
      }
      target.dropKept(Duration.ZERO);
      out.println("Done. It all lies in " + directory);
    }
  }
}
