package dev.lifeboat.examples.quickstart;

import dev.lifeboat.Backups;
import dev.lifeboat.Restored;
import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.Component;
import dev.lifeboat.catalog.Depth;
import dev.lifeboat.catalog.Proof;
import dev.lifeboat.catalog.Reason;
import dev.lifeboat.retention.RetentionPolicy;
import dev.lifeboat.source.Facts;
import dev.lifeboat.sqlite.SqliteSource;
import dev.lifeboat.storage.local.LocalSink;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;

/**
 * Without arguments: a shop that is backed up, verified, damaged and restored while it takes orders. With the path of a
 * SQLite file: that one is backed up, and the backup drilled.
 */
public final class Quickstart {
  private static final int EARLIER_ORDERS = 50_000;

  private final PrintStream out;
  private final Path directory;

  Quickstart(PrintStream out, Path directory) {
    this.out = out;
    this.directory = directory;
  }

  /** See the class. */
  public static void main(String[] args) throws IOException, SQLException {
    Path target = Files.createDirectories(Path.of("target"));
    Quickstart quickstart =
        new Quickstart(System.out, Files.createTempDirectory(target, "quickstart-"));
    if (args.length == 0) {
      quickstart.shop();
    } else {
      quickstart.proveBackupOf(Path.of(args[0]));
    }
  }

  /** The whole voyage. */
  void shop() throws IOException, SQLException {
    Path database = directory.resolve("orders.db");
    try (Shop shop = Shop.open(database, EARLIER_ORDERS)) {
      Backups backups = Backups.builder("shop")
          .source(SqliteSource.of("orders", database).check("the orders add up", Shop::state))
          .sink(LocalSink.in(directory.resolve("backups")))
          .retention(RetentionPolicy.keepLast(3).daily(7).weekly(4).monthly(12))
          .workDirectory(directory.resolve("work"))
          .listener(new ProgressBar(out))
          .build();

      say("Backing up " + database + " while the shop takes orders");
      long before = shop.orders();
      Backup backup = backups.create(Reason.MANUAL);
      out.println(
          "  " + backup.id() + " is " + backup.state() + ", " + Sizes.of(backup.storedSize())
              + " stored in " + backup.manifest().took().toMillis()
              + " ms; meanwhile the shop took " + (shop.orders() - before) + " orders");

      say("Proving it");
      backups.verify(backup.id(), Depth.CONTENT);
      Proof drill = backups.verify(backup.id(), Depth.DRILL);
      out.println("  every byte is right; restored to scratch and checked in "
          + drill.took().toMillis() + " ms");

      say("Losing half of the orders");
      out.println("  " + shop.lose() + " orders deleted");

      say("Restoring in place while the shop is open");
      Restored restored = backups.restore(backup.id());
      out.println("  restored in " + restored.took().toMillis() + " ms; what was live is kept as "
          + restored.before().map(kept -> kept.id().toString()).orElse("nothing"));

      shop.stop();
      Shop.State state = Shop.state(database);
      out.println("  the shop has " + state + ", and every total fits");

      say("What is kept");
      for (Backup kept : backups.list()) {
        out.println("  " + kept.id() + "  " + kept.state() + "  " + Sizes.of(kept.storedSize())
            + "  proven " + kept.proof().depth() + " at " + kept.proof().at());
      }
      say("Done. It all lies in " + directory.toAbsolutePath());
    }
  }

  /** For any SQLite file: nothing is written to it. */
  void proveBackupOf(Path database) {
    Backups backups = Backups.builder("quickstart")
        .source(SqliteSource.of("database", database))
        .sink(LocalSink.in(directory.resolve("backups")))
        .workDirectory(directory.resolve("work"))
        .listener(new ProgressBar(out))
        .build();

    say("Backing up " + database);
    Backup backup = backups.create(Reason.MANUAL);
    Component component = backup.manifest().components().get(0);
    Component.Details details = component.details().orElseThrow();
    out.println("  " + backup.id() + " is " + backup.state() + ", "
        + Sizes.of(details.plain().orElseThrow().size()) + " of content, "
        + Sizes.of(backup.storedSize())
        + " stored in " + backup.manifest().took().toMillis() + " ms");

    say("Drilling it: restored to scratch, checked, and held against what was recorded");
    Proof drill = backups.verify(backup.id(), Depth.DRILL);
    Facts facts = details.facts();
    facts.counts().forEach((what, number) -> out.println("  " + what + ": " + number));
    facts.values().forEach((what, text) -> out.println("  " + what + ": " + text));
    say(
        "Proven: every byte is what was read, the integrity check is clean, and all of the above was found again. "
            + "It could be back within " + drill.took().toMillis() + " ms. The backup lies in "
            + directory.resolve("backups").toAbsolutePath());
  }

  private void say(String what) {
    out.println(what);
  }
}
