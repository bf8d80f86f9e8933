package dev.lifeboat.examples.offmachine;

import dev.lifeboat.Backups;
import dev.lifeboat.RestoreRequest;
import dev.lifeboat.Restored;
import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.Reason;
import dev.lifeboat.crypto.BackupKey;
import dev.lifeboat.crypto.Encryption;
import dev.lifeboat.retention.RetentionPolicy;
import dev.lifeboat.sqlite.SqliteSource;
import dev.lifeboat.sqlite.SqliteTarget;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A live SQLite database kept on a WebDAV server or in a bucket, encrypted; and brought back on a machine that has
 * nothing but the address, the credentials and the key:
 *
 * <pre>
 * keep       ADDRESS KEYFILE DATABASE   the key is made, if the file is not there
 * list       ADDRESS KEYFILE
 * bring-back ADDRESS KEYFILE FILE       the newest one, into a file that is not there yet
 * </pre>
 */
public final class OffMachine {
  private static final String SERIES = "off-machine";
  private static final String COMPONENT = "database";

  private final PrintStream out;
  private final Store store;
  private final Encryption encryption;

  OffMachine(PrintStream out, Store store, Encryption encryption) {
    this.out = out;
    this.store = store;
    this.encryption = encryption;
  }

  /** See the class. */
  public static void main(String[] args) throws IOException {
    String verb = args.length == 0 ? "" : args[0];
    if (args.length != (verb.equals("list") ? 3 : 4)) {
      throw new IllegalArgumentException(
          "keep ADDRESS KEYFILE DATABASE | list ADDRESS KEYFILE | bring-back ADDRESS KEYFILE FILE");
    }
    Path key = Path.of(args[2]);
    if (verb.equals("keep") && !Files.exists(key)) {
      BackupKey.generate().writeTo(key);
      System.out.println("A new key lies in " + key.toAbsolutePath()
          + ". Keep a copy of it elsewhere: without it nobody reads the backups.");
    }
    Encryption encryption = Encryption.key(BackupKey.file(key));
    try (Store store = Store.at(URI.create(args[1]), System.getenv())) {
      OffMachine machine = new OffMachine(System.out, store, encryption);
      switch (verb) {
        case "keep" -> machine.keep(Path.of(args[3]));
        case "list" -> machine.list();
        case "bring-back" -> machine.bringBack(Path.of(args[3]));
        default -> throw new IllegalArgumentException("not keep, list or bring-back: " + verb);
      }
    } finally {
      encryption.destroy();
    }
  }

  /** Makes a backup while the database is in use, and thins out what is there. */
  void keep(Path database) {
    Backups backups = series().source(SqliteSource.of(COMPONENT, database)).build();
    Backup backup = backups.create(Reason.MANUAL);
    out.println(backup.id() + " is " + backup.state() + ", " + backup.storedSize() + " bytes in "
        + store.sink().description() + ", each read back or attested");
    backups.prune();
  }

  /** What is there. */
  void list() {
    series().build().list().forEach(backup -> out.println(backup.id() + "  " + backup.state()));
  }

  /** Brings the newest good one back. */
  void bringBack(Path file) throws IOException {
    Backups backups = series().build();
    Backup newest = backups
        .latest()
        .orElseThrow(() -> new IOException(
            "no good backup of " + SERIES + " is in " + store.sink().description()));
    Restored restored =
        backups.restore(RestoreRequest.elsewhere(newest.id(), COMPONENT, SqliteTarget.file(file)));
    out.println(newest.id() + " is restored into " + file.toAbsolutePath() + " in "
        + restored.took().toMillis() + " ms");
  }

  private Backups.Builder series() {
    return Backups.builder(SERIES)
        .sink(store.sink())
        .encryption(encryption)
        .retention(RetentionPolicy.keepLast(3).daily(7).weekly(4).monthly(12));
  }
}
