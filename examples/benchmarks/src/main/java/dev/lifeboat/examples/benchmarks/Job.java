package dev.lifeboat.examples.benchmarks;

import dev.lifeboat.Backups;
import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.Reason;
import dev.lifeboat.crypto.BackupKey;
import dev.lifeboat.crypto.Encryption;
import dev.lifeboat.sqlite.SqliteSource;
import dev.lifeboat.storage.local.LocalSink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** One backup in a process of its own: {@code Job <database> <directory> core|all clear|key}. */
public final class Job {
  private Job() {}

  /** See the class. */
  public static void main(String[] args) throws IOException {
    SqliteSource source = SqliteSource.of("sales", Path.of(args[0]));
    Path directory = Path.of(args[1]);
    Backups.Builder builder = Backups.builder("sales")
        .source(args[2].equals("core") ? source.noIntegrityCheck() : source)
        .sink(LocalSink.in(directory.resolve("backups")))
        .workDirectory(directory.resolve("work"));
    if (args[3].equals("key")) {
      builder.encryption(Encryption.key(BackupKey.generate()));
    }
    Backup backup = builder.build().create(Reason.MANUAL);
    System.out.println(backup.storedSize() + " " + peakKilobytes());
  }

  static long peakKilobytes() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .map(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElse(0L);
  }
}
