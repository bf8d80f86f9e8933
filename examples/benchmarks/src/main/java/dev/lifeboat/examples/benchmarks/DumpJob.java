package dev.lifeboat.examples.benchmarks;

import dev.lifeboat.Backups;
import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.Reason;
import dev.lifeboat.crypto.BackupKey;
import dev.lifeboat.crypto.Encryption;
import dev.lifeboat.postgres.PostgresConnection;
import dev.lifeboat.postgres.PostgresSource;
import dev.lifeboat.storage.local.LocalSink;
import java.io.IOException;
import java.nio.file.Path;

/** One backup of a PostgreSQL database, encrypted, in a process of its own: {@code DumpJob <url> <directory> count|estimate}. */
public final class DumpJob {
  private DumpJob() {}

  /** See the class. */
  public static void main(String[] args) throws IOException {
    PostgresSource source = PostgresSource.of("sales", PostgresConnection.url(args[0]));
    Path directory = Path.of(args[1]);
    Backup backup = Backups.builder("sales")
        .source(args[2].equals("count") ? source : source.estimateRows())
        .sink(LocalSink.in(directory.resolve("backups")))
        .encryption(Encryption.key(BackupKey.generate()))
        .workDirectory(directory.resolve("work"))
        .build()
        .create(Reason.MANUAL);
    System.out.println(backup.storedSize() + " " + Job.peakKilobytes());
  }
}
