package dev.lifeboat.examples.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;

/**
 * What encryption with a key adds to a full backup of a WAL database, each in a new JVM, over and over in turn: {@code
 * EncryptionCost <megabytes> <rounds>}. A part of {@link FullBackup}, for more rounds in the same time.
 */
public final class EncryptionCost {
  private static final PrintStream OUT = System.out;

  private EncryptionCost() {}

  /** See the class. */
  public static void main(String[] args) throws IOException, InterruptedException, SQLException {
    int rounds = Integer.parseInt(args[1]);
    Path directory = Work.directory();
    try {
      Path database = directory.resolve("sales.db");
      PointOfSale.create(database, Long.parseLong(args[0]) << 20);
      OUT.printf(
          "%d MiB WAL database, %d rounds, %s%n",
          Files.size(database) >> 20, rounds, Work.conditions());
      List<Contender> contenders =
          List.of(Contenders.lifeboat("core", false), Contenders.lifeboat("core", true));
      new Race(OUT, rounds, contenders, () -> {}).run(database, directory.resolve("round"));
      OUT.println("at the end: " + Work.conditions());
    } finally {
      Work.delete(directory);
    }
  }
}
