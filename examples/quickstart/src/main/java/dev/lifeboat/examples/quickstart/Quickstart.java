package dev.lifeboat.examples.quickstart;

import dev.lifeboat.BackupException;
import dev.lifeboat.Backups;
import dev.lifeboat.Restored;
import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.Component;
import dev.lifeboat.catalog.Depth;
import dev.lifeboat.catalog.Proof;
import dev.lifeboat.catalog.Reason;
import dev.lifeboat.crypto.Encryption;
import dev.lifeboat.retention.RetentionPolicy;
import dev.lifeboat.source.Facts;
import dev.lifeboat.sqlite.SqliteSource;
import dev.lifeboat.storage.local.LocalSink;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Without a path: a shop that is backed up, verified, damaged and restored while it takes orders. With the path of a
 * SQLite file: that one is backed up, and the backup drilled. Encrypted with {@code --passphrase} (taken from the
 * environment's {@code LIFEBOAT_PASSPHRASE}, or made and printed), {@code --key-file FILE} (made, if it is not there), or
 * {@code --recipient [TEXT]} (without a text both machines are played).
 */
public final class Quickstart {
  private static final int EARLIER_ORDERS = 50_000;

  private final PrintStream out;
  private final Path directory;
  private final Protection protection;

  Quickstart(PrintStream out, Path directory, Protection protection) {
    this.out = out;
    this.directory = directory;
    this.protection = protection;
  }

  /** See the class. */
  public static void main(String[] args) throws IOException, SQLException {
    Path target = Files.createDirectories(Path.of("target"));
    Path directory = Files.createTempDirectory(target, "quickstart-");
    Deque<String> words = new ArrayDeque<>(List.of(args));
    Protection protection = protection(words, directory);
    if (words.size() > 1) {
      throw new IllegalArgumentException("one database at most: " + String.join(" ", words));
    }
    Quickstart quickstart = new Quickstart(System.out, directory, protection);
    if (words.isEmpty()) {
      quickstart.shop();
    } else {
      quickstart.proveBackupOf(Path.of(words.remove()));
    }
  }

  private static Protection protection(Deque<String> words, Path directory) throws IOException {
    String first = words.isEmpty() ? "" : words.element();
    if (!first.startsWith("--")) {
      return Protection.NONE;
    }
    words.remove();
    return switch (first) {
      case "--passphrase" ->
        Protection.passphrase(
            Optional.ofNullable(System.getenv("LIFEBOAT_PASSPHRASE")), System.out);
      case "--key-file" -> Protection.keyFile(Path.of(keyFile(words)), System.out);
      case "--recipient" ->
        words.isEmpty()
            ? Protection.office(directory.resolve("office.identity"), System.out)
            : Protection.recipient(words.remove());
      default ->
        throw new IllegalArgumentException(
            "not --passphrase, --key-file FILE or --recipient [TEXT]: " + first);
    };
  }

  private static String keyFile(Deque<String> words) {
    if (words.isEmpty()) {
      throw new IllegalArgumentException("--key-file needs the name of a file");
    }
    return words.remove();
  }

  /** The whole voyage. */
  void shop() throws IOException, SQLException {
    Path database = directory.resolve("orders.db");
    try (Shop shop = Shop.open(database, EARLIER_ORDERS)) {
      SqliteSource orders =
          SqliteSource.of("orders", database).check("the orders add up", Shop::state);
      Backups backups = series("shop", orders, "work", protection.host());

      say("Backing up " + database + " while the shop takes orders");
      long before = shop.orders();
      Backup backup = backups.create(Reason.MANUAL);
      out.println(
          "  " + backup.id() + " is " + backup.state() + ", " + Sizes.of(backup.storedSize())
              + " stored in " + backup.manifest().took().toMillis()
              + " ms; meanwhile the shop took " + (shop.orders() - before) + " orders");
      if (!protection.isReadHere()) {
        say("Reading it in the shop, which has only the public key");
        out.println("  " + refusalOf(backups, backup));
        backups.verify(backup.id(), Depth.STORED);
        out.println("  every object is there with the right size and digest");
        if (protection.reader().isEmpty()) {
          say("Only the recipient can read it. It all lies in " + directory.toAbsolutePath());
          return;
        }
        say(
            "From here on it is the office, which has the private half and trusts the shop's signature");
      }
      Backups reader =
          protection.isReadHere() ? backups : series("shop", orders, "office", protection.reader());

      say("Proving it");
      reader.verify(backup.id(), Depth.CONTENT);
      Proof drill = reader.verify(backup.id(), Depth.DRILL);
      out.println("  every byte is right; restored to scratch and checked in "
          + drill.took().toMillis() + " ms");

      say("Losing half of the orders");
      out.println("  " + shop.lose() + " orders deleted");

      say("Restoring in place while the shop is open");
      Restored restored = reader.restore(backup.id());
      out.println("  restored in " + restored.took().toMillis() + " ms; what was live is kept as "
          + restored.before().map(kept -> kept.id().toString()).orElse("nothing"));

      shop.stop();
      Shop.State state = Shop.state(database);
      out.println("  the shop has " + state + ", and every total fits");

      say("What is kept");
      for (Backup kept : reader.list()) {
        out.println("  " + kept.id() + "  " + kept.state() + "  " + Sizes.of(kept.storedSize())
            + kept.proof()
                .map(proof -> "  proven " + proof.depth() + " at " + proof.at())
                .orElse(""));
      }
      if (protection.host().isPresent()) {
        say("Looking for an article of the shop in all that is stored");
        out.println("  " + Shop.ARTICLE + " is found in " + filesThatHold(Shop.ARTICLE)
            + " files of backups and work directories");
      }
      say("Done. It all lies in " + directory.toAbsolutePath());
    }
  }

  private Backups series(
      String name, SqliteSource source, String work, Optional<Encryption> encryption) {
    Backups.Builder builder = Backups.builder(name)
        .source(source)
        .sink(LocalSink.in(directory.resolve("backups")))
        .retention(RetentionPolicy.keepLast(3).daily(7).weekly(4).monthly(12))
        .workDirectory(directory.resolve(work))
        .listener(new ProgressBar(out));
    encryption.ifPresent(builder::encryption);
    return builder.build();
  }

  private static String refusalOf(Backups backups, Backup backup) {
    try {
      backups.verify(backup.id(), Depth.CONTENT);
    } catch (BackupException e) {
      return String.valueOf(e.getMessage());
    }
    throw new IllegalStateException("a host with a public key alone has read " + backup.id());
  }

  private int filesThatHold(String text) throws IOException {
    int found = 0;
    for (String part : List.of("backups", "work", "office")) {
      if (Files.exists(directory.resolve(part))) {
        try (Stream<Path> files = Files.walk(directory.resolve(part))) {
          for (Path file : files.filter(Files::isRegularFile).toList()) {
            String content = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
            found += content.contains(text) ? 1 : 0;
          }
        }
      }
    }
    return found;
  }

  /** For any SQLite file: nothing is written to it. */
  void proveBackupOf(Path database) {
    Backups backups =
        series("quickstart", SqliteSource.of("database", database), "work", protection.host());

    say("Backing up " + database);
    Backup backup = backups.create(Reason.MANUAL);
    if (!protection.isReadHere()) {
      out.println("  " + refusalOf(backups, backup));
      backups.verify(backup.id(), Depth.STORED);
      say(
          "Every object is there with the right size and digest; only the recipient can read it. The backup lies in "
              + directory.resolve("backups").toAbsolutePath());
      return;
    }
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
