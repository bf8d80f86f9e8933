package dev.lifeboat.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeboat.Backups;
import dev.lifeboat.catalog.Reason;
import dev.lifeboat.crypto.BackupKey;
import dev.lifeboat.crypto.Encryption;
import dev.lifeboat.examples.quickstart.Kit.Outcome;
import dev.lifeboat.examples.quickstart.Kit.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Somebody may write into the store, knows the format and every public key, and has none of the secrets. The kit restores
 * nothing of his unnoticed, and he cannot keep it from what is genuine.
 */
class RecoveryKitForgeryTest extends KitTests {
  private static final String TAIL = "k7f3q2ab";

  @TestFactory
  Stream<DynamicTest> aBackupInClearBesideEncryptedOnesIsNeverTheLatest() {
    return forBoth(
        (program, golden) -> {
          Path sink = copyOf(golden);
          String genuine = idOf(sink);
          String planted = plant(sink, null);

          String locked = "shop/" + genuine
              + " is encrypted: give --passphrase-file, --key-file, --identity-file or --unwrap";
          assertThat(latest(program, sink, List.of()))
              .isEqualTo(
                  refused(passedOver(planted, unproven(planted)) + passedOver(genuine, locked)));
          restores(
              program,
              sink,
              "latest",
              genuine,
              golden,
              golden.options(),
              passedOver(planted, unproven(planted)));

          refuses(program, sink, planted, List.of(), unproven(planted));
          refuses(program, sink, planted, golden.options(), unproven(planted));
          assertThat(accepted(program, sink, planted, List.of())).isEqualTo("forged");
        },
        Golden.KEY,
        Golden.PASSPHRASE,
        Golden.SIGNED,
        Golden.WRAPPED);
  }

  /** His own keys, and for the recipient, whom everybody can write to. */
  @TestFactory
  Stream<DynamicTest> anEncryptedBackupOfAStrangerIsNeverTheLatest() {
    return forBoth(
        (program, golden) -> {
          Path sink = copyOf(golden);
          String genuine = idOf(sink);
          Encryption forRecipient = Encryption.recipients(Golden.identity().recipient());
          KeyPair stranger = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
          String unsigned = plant(sink, forRecipient);
          String signed = plant(sink, forRecipient.signedBy(stranger));
          String other = plant(sink, Encryption.key(BackupKey.generate()));
          String told = golden == Golden.SIGNED
              ? Stream.of(other, signed, unsigned)
                  .map(id -> passedOver(id, id.equals(other) ? closed(id, "'key'") : unproven(id)))
                  .reduce("", String::concat)
              : Stream.of(other, signed, unsigned)
                  .map(id -> passedOver(id, closed(id, id.equals(other) ? "'key'" : "'x25519'")))
                  .reduce("", String::concat);
          restores(program, sink, "latest", genuine, golden, golden.options(), told);
          if (golden == Golden.SIGNED) {
            refuses(program, sink, signed, golden.options(), unproven(signed));
            assertThat(accepted(program, sink, signed, golden.options())).isEqualTo("forged");
          }
        },
        Golden.KEY,
        Golden.SIGNED);
  }

  @TestFactory
  Stream<DynamicTest> whatNobodyProvesIsRefused() {
    Map<Golden, String> options = Map.of(
        Golden.SIGNED, "--identity-file identity",
        Golden.WRAPPED, "--unwrap unwrap",
        Golden.UNSIGNED, "--identity-file identity --trust signer.pem",
        Golden.KEY_AND_RECIPIENT, "--identity-file identity --trust stranger.pem",
        Golden.PLAIN_ZSTD, "--key-file key");
    return forBoth(
        (program, golden) -> {
          List<String> given = Golden.options(options.getOrDefault(golden, ""));
          String id = idOf(golden.sink());
          refuses(program, golden.sink(), given, unproven(id));
          assertThat(latest(program, golden.sink(), given))
              .isEqualTo(refused(passedOver(id, unproven(id))));
        },
        options.keySet().toArray(Golden[]::new));
  }

  /** Without any secret, in a series that has none: nothing can be proven, and that is said. */
  @TestFactory
  Stream<DynamicTest> aSeriesInClearHasALatest() {
    return forBoth(
        (program, golden) -> {
          Path sink = copyOf(golden);
          String newer = plant(sink, null);
          String damaged = plant(sink, null);
          Files.writeString(catalog(sink).resolve(damaged + ".auth"), "{}");
          Path out = fresh("out");
          Outcome outcome =
              kit.run(program, arguments(sink, "latest", Golden.SETTINGS, out, golden.options()));
          assertThat(outcome.out())
              .isEqualTo(out + " is shop/" + newer
                  + "/settings, complete: 6 bytes, every one as it was recorded; nothing proves by"
                  + " whom\n");
          assertThat(outcome.err())
              .startsWith("recover: passed over " + damaged)
              .hasLineCount(1);
          assertThat(out).hasContent("forged");
        },
        Golden.PLAIN_GZIP);
  }

  /** An encrypted one that somebody has put there does not lock the genuine ones up. */
  @TestFactory
  Stream<DynamicTest> anEncryptedBackupBesideThoseInClearIsTold() {
    return forBoth(
        (program, golden) -> {
          Path sink = copyOf(golden);
          String genuine = idOf(sink);
          plant(sink, Encryption.key(BackupKey.generate()));
          refuses(program, sink, genuine, List.of(), unproven(genuine));
          restores(program, sink, genuine, genuine, golden, List.of("--accept-unsigned"), "");
        },
        Golden.PLAIN_NONE);
  }

  // tombstones

  @TestFactory
  Stream<DynamicTest> aTombstoneThatDoesNotProveItselfIsToldAndDoesNotCount() {
    return forBoth(
        (program, golden) -> {
          Encryption stranger = Encryption.key(BackupKey.generate());
          Encryption forRecipient = Encryption.recipients(Golden.identity().recipient());
          String id = idOf(golden.sink());
          String unknown = "nothing proves who wrote it";
          String keyed = golden == Golden.KEY
              ? closed(id, "'key'").replace("shop/" + id + "/keys.json", tombstone(id))
              : unknown;
          String toRecipient = golden == Golden.KEY
              ? closed(id, "'x25519'").replace("shop/" + id + "/keys.json", tombstone(id))
              : unknown;
          assertIgnored(program, golden, Forger.mark(id, id, null), unknown);
          assertIgnored(program, golden, Forger.mark(id, id, stranger), keyed);
          assertIgnored(program, golden, Forger.mark(id, id, forRecipient), toRecipient);
          String another = id.replace("manual", "nightly");
          assertIgnored(program, golden, Forger.mark(id, another, null), "it is of another backup");

          Path sink = copyOf(golden);
          Files.writeString(sink.resolve(tombstone(id)), "{}");
          Path out = fresh("out");
          Outcome outcome =
              kit.run(program, arguments(sink, id, Golden.SETTINGS, out, golden.options()));
          assertThat(outcome.exit()).isZero();
          assertThat(outcome.err())
              .startsWith("recover: " + tombstone(id) + " does not count: ")
              .hasLineCount(1);
        },
        Golden.KEY,
        Golden.SIGNED);
  }

  private void assertIgnored(Program program, Golden golden, byte[] mark, String why)
      throws Exception {
    Path sink = copyOf(golden);
    String id = idOf(sink);
    Files.write(sink.resolve(tombstone(id)), mark);
    String told = "recover: " + tombstone(id) + " does not count: " + why + "\n";
    restores(program, sink, "latest", id, golden, golden.options(), told);
    restores(program, sink, id, id, golden, golden.options(), told);
  }

  /** A backup that was deleted is put back: by its key, and by the signature of a host that cannot read. */
  @TestFactory
  Stream<DynamicTest> aBackupThatWasDeletedStaysDeleted() {
    return forBoth(
        (program, golden) -> {
          KeyPair signer = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
          Encryption writer = golden == Golden.SIGNED
              ? Encryption.recipients(Golden.identity().recipient()).signedBy(signer)
              : golden.encryption().orElseThrow();
          List<String> options = new ArrayList<>(golden.options());
          if (golden == Golden.SIGNED) {
            options.set(
                3,
                Files.writeString(fresh("pem"), Golden.pem(signer.getPublic())).toString());
          }
          Path sink = directory.resolve("deleting-" + program + golden);
          String kept = made(host(sink, writer, 1, "kept"));
          Backups host = host(sink, writer, 2, "deleted");
          dev.lifeboat.catalog.Backup second = host.create(Reason.MANUAL);
          String deleted = second.id().toString();
          String newest = made(host(sink, writer, 3, "newest")); // names it as the one before
          Path before = copyOf(sink);
          host.forceDelete(second.id(), "a test's own");
          String tombstone = tombstoneOf(sink, deleted);

          for (String object : List.of(
              "catalog/" + deleted + ".json",
              "catalog/" + deleted + ".auth",
              deleted + "/keys.json",
              deleted + "/settings.bin.zst.floe")) {
            Path file = sink.resolve("shop").resolve(object);
            Files.createDirectories(file.getParent());
            Files.copy(before.resolve("shop").resolve(object), file);
          }
          Files.delete(catalog(sink).resolve(newest + ".json"));
          String why = "shop/" + deleted + " was deleted, as " + tombstone + " says";
          refuses(program, sink, deleted, options, why);
          assertThat(content(program, sink, "latest", options, passedOver(deleted, why)))
              .isEqualTo("kept");
          Outcome listed = kit.run(program, withOptions(sink, options));
          assertThat(listed.out())
              .isEqualTo(deleted + "  complete: settings; " + why + "\n" + kept
                  + "  complete: settings; authentic\n");

          Files.writeString(catalog(sink).resolve(deleted + ".pin-" + TAIL + ".json"), "{}");
          assertThat(content(program, sink, deleted, options, "")).isEqualTo("deleted");
          assertThat(content(program, sink, "latest", options, passedOver(deleted, why)))
              .isEqualTo("kept"); // anybody can plant a pin
        },
        Golden.KEY,
        Golden.SIGNED);
  }

  private static String tombstone(String id) {
    return "shop/catalog/" + id + ".deleted-" + TAIL + ".json";
  }

  private static String tombstoneOf(Path sink, String id) throws IOException {
    try (Stream<Path> files = Files.list(catalog(sink))) {
      return files
          .map(file -> "shop/catalog/" + file.getFileName())
          .filter(file -> file.contains(id + ".deleted-"))
          .findAny()
          .orElseThrow();
    }
  }

  private String content(Program program, Path sink, String id, List<String> options, String told)
      throws Exception {
    Path out = fresh("out");
    Outcome outcome = kit.run(program, arguments(sink, id, Golden.SETTINGS, out, options));
    assertThat(outcome.err()).isEqualTo(told);
    return Files.readString(out);
  }

  private String accepted(Program program, Path sink, String id, List<String> options)
      throws Exception {
    List<String> all = new ArrayList<>(options);
    all.add("--accept-unsigned");
    Path out = fresh("out");
    Outcome outcome = kit.run(program, arguments(sink, id, Golden.SETTINGS, out, all));
    assertThat(outcome)
        .isEqualTo(new Outcome(
            0,
            out + " is shop/" + id
                + "/settings, complete: 6 bytes, every one as it was recorded; nothing proves by"
                + " whom\n",
            ""));
    return Files.readString(out);
  }

  private static List<String> withOptions(Path sink, List<String> options) {
    List<String> all = new ArrayList<>(List.of(sink.toString(), Golden.SERIES));
    all.addAll(options);
    return all;
  }
}
