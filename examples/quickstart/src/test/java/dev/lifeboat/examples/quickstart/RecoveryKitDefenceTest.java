package dev.lifeboat.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeboat.crypto.BackupKey;
import dev.lifeboat.crypto.Encryption;
import dev.lifeboat.crypto.Seal;
import dev.lifeboat.examples.quickstart.Kit.Outcome;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What the kit does with records, keys, names and sizes that somebody has changed who may write into the store. */
class RecoveryKitDefenceTest extends KitTests {
  /** Everybody can make keys for a recipient, and put them where they count before the genuine ones. */
  @TestFactory
  Stream<DynamicTest> keysThatSomebodyHasAddedKeepNobodyOut() {
    return forBoth(
        (program, golden) -> {
          Path sink = copyOf(golden);
          String id = idOf(sink);
          Path folder = sink.resolve("shop").resolve(id);
          Encryption forRecipient = Encryption.recipients(Golden.identity().recipient());
          try (Seal seal = forRecipient.seal("shop", id)) {
            Files.write(folder.resolve("keys.2.json"), seal.keys());
          }
          try (Seal seal = Encryption.key(BackupKey.generate()).seal("shop", id)) {
            Files.write(folder.resolve("keys.999999.json"), seal.keys());
          }
          Files.write(folder.resolve("keys.7.json"), new byte[70_000]);
          restores(program, sink, golden, golden.options());
        },
        Golden.SIGNED,
        Golden.UNSIGNED,
        Golden.KEY,
        Golden.PASSPHRASE);
  }

  @TestFactory
  Stream<DynamicTest> slotsOfAnUnknownTypeArePassedOver() {
    return forBoth(
        (program, golden) -> {
          Path sink = copyOf(golden);
          String name = "shop/" + idOf(sink) + "/keys.json";
          Forger.edit(sink.resolve(name), "\\\\\"key\\\\\"", "\\\\\"lattice\\\\\"");
          refuses(
              program,
              sink,
              golden.options(),
              name + " does not open with what was given; it has slots for 'lattice'");
        },
        Golden.KEY);
  }

  @TestFactory
  Stream<DynamicTest> aCostOfArgon2ThatNobodyCanPayIsRefused() {
    return forBoth(
        (program, golden) -> {
          String name = "shop/" + idOf(golden.sink()) + "/keys.json";
          String refused =
              name + " is refused: its Argon2id is beyond the bounds that FORMAT.md sets";
          for (String[] hostile : new String[][] {
            {"65536", "1048577"}, {"65536", "999999999999"}, {"65536", "31"},
            {"(passes[^0-9]*)3", "$117"}, {"(passes[^0-9]*)3", "$10"}, {"(lanes[^0-9]*)4", "$117"},
            {"(salt\\\\\": *\\\\\")[^\\\\]*", "$1AAAA"}
          }) {
            Path sink = copyOf(golden);
            Forger.edit(sink.resolve(name), hostile[0], hostile[1]);
            refuses(program, sink, golden.options(), refused);
          }
          Path sink = copyOf(golden);
          Files.writeString(sink.resolve(name), Forger.manySalts(idOf(sink), 5));
          refuses(program, sink, golden.options(), refused);
        },
        Golden.PASSPHRASE);
  }

  /** He plants backups that make the kit compute; named by its id, the genuine one opens. */
  @TestFactory
  Stream<DynamicTest> whatCostsMuchWorkIsNotDoneForStrangersForEver() {
    return forBoth(
        (program, golden) -> {
          Path sink = copyOf(golden);
          String genuine = idOf(sink);
          for (int i = 0; i < 5; i++) {
            String id = "2026030" + (i + 1) + genuine.substring(8);
            for (String ending : List.of(".json", ".auth")) {
              Files.copy(
                  catalog(sink).resolve(genuine + ending), catalog(sink).resolve(id + ending));
            }
            forge(sink, id, manifest -> manifest.replace(genuine, id));
            Files.createDirectory(sink.resolve("shop").resolve(id));
            Files.writeString(
                sink.resolve("shop").resolve(id).resolve("keys.json"), Forger.manySalts(id, 4));
          }
          Outcome outcome = latest(program, sink, golden.options());
          assertThat(outcome.exit()).isEqualTo(1);
          assertThat(outcome.err())
              .contains(passedOver(
                  genuine,
                  "shop/" + genuine + "/keys.json was not tried, for 16 others have cost much work:"
                      + " name it by its id"))
              .endsWith("recover: " + NOTHING + "; nothing was restored\n");
          restores(program, sink, genuine, genuine, golden, golden.options(), "");
        },
        Golden.PASSPHRASE);
  }

  // records

  /** Whoever may write to the sink can make the digests fit, and not the MAC or the signature. */
  @TestFactory
  Stream<DynamicTest> aForgedManifestIsRefused() {
    return forBoth(
        (program, golden) -> {
          Path sink = copyOf(golden);
          forge(sink, idOf(sink), manifest -> manifest.replace("\"complete\"", "\"suspect\""));
          Path out = fresh("out");
          Outcome outcome =
              kit.run(program, arguments(sink, idOf(sink), Golden.SETTINGS, out, golden.options()));
          assertThat(outcome.exit()).isEqualTo(1);
          assertThat(outcome.err()).contains(" is damaged or forged").hasLineCount(1);
          assertThat(out.getParent()).isEmptyDirectory();
        },
        Golden.KEY,
        Golden.PASSPHRASE,
        Golden.SIGNED,
        Golden.UNSIGNED,
        Golden.WRAPPED);
  }

  @TestFactory
  Stream<DynamicTest> aForgedSignatureIsRefused() {
    return forBoth(
        (program, golden) -> {
          Path sink = copyOf(golden);
          Forger.edit(
              catalog(sink).resolve(idOf(sink) + ".auth"),
              "(\"signature\": \")[^\"]*",
              "$1" + Base64.getEncoder().encodeToString(new byte[64]));
          Path out = fresh("out");
          Outcome outcome =
              kit.run(program, arguments(sink, "latest", Golden.SETTINGS, out, golden.options()));
          assertThat(outcome.exit()).isEqualTo(1);
          assertThat(outcome.err()).contains(" is damaged or forged").hasLineCount(2);
          assertThat(out.getParent()).isEmptyDirectory();

          Forger.takeSignature(sink);
          refuses(program, sink, golden.options(), unproven(idOf(sink)));
        },
        Golden.SIGNED,
        Golden.WRAPPED);
  }

  /** With the digest that it then has: with a secret and without, nothing in clear is taken for it. */
  @TestFactory
  Stream<DynamicTest> aManifestInClearInThePlaceOfASealedOneIsRefused() {
    return forBoth(
        (program, golden) -> {
          Path clear = directory.resolve("clear-" + program + golden);
          String other = made(host(clear, null, 1, "forged"));
          Path sink = copyOf(golden);
          String id = idOf(sink);
          String manifest = Files.readString(catalog(clear).resolve(other + ".json"));
          forge(sink, id, before -> manifest.replace(other, id));
          if (golden == Golden.SIGNED) {
            Forger.takeSignature(sink);
          }
          Files.copy(
              clear.resolve("shop/" + other + "/settings.bin.zst"),
              sink.resolve("shop/" + id + "/settings.bin.zst"));
          refuses(program, sink, golden.options(), unproven(id));
          refuses(program, sink, List.of(), unproven(id));
          Files.delete(sink.resolve("shop/" + id + "/keys.json"));
          refuses(program, sink, golden.options(), unproven(id));
          forge(sink, id, text -> text.replace("\"zstd\"", "\"floe\""));
          refuses(
              program,
              sink,
              List.of("--accept-unsigned"),
              "shop/" + id + "/settings has wrong names");
        },
        Golden.KEY,
        Golden.SIGNED);
  }

  @TestFactory
  Stream<DynamicTest> aReplayUnderAnotherIdIsRefused() {
    return forBoth(
        (program, golden) -> {
          Path sink = copyOf(golden);
          String id = idOf(sink);
          String later = "20270101" + id.substring(8);
          Files.move(sink.resolve("shop/" + id), sink.resolve("shop/" + later));
          for (String ending : List.of(".json", ".auth")) {
            Files.move(catalog(sink).resolve(id + ending), catalog(sink).resolve(later + ending));
          }
          refuses(
              program,
              sink,
              golden.options(),
              "shop/catalog/" + later + ".json is of another backup");
          forge(sink, later, manifest -> manifest.replace(id, later));
          Path out = fresh("out");
          Outcome outcome =
              kit.run(program, arguments(sink, later, Golden.SETTINGS, out, golden.options()));
          assertThat(outcome.exit()).isEqualTo(1);
          assertThat(outcome.err()).hasLineCount(1).containsAnyOf("another backup", "forged");
          assertThat(out.getParent()).isEmptyDirectory();
        },
        Golden.KEY,
        Golden.PASSPHRASE,
        Golden.SIGNED,
        Golden.UNSIGNED,
        Golden.WRAPPED);
  }

  // names and sizes

  @TestFactory
  Stream<DynamicTest> aNameThatLeadsOutOfTheSinkIsNotFollowed() {
    return forBoth(
        (program, golden) -> {
          String part = "shop/" + idOf(golden.sink()) + "/settings.bin.gz";
          for (String name : List.of(
              "../../../../../../etc/passwd",
              "/etc/passwd",
              "shop/" + idOf(golden.sink()) + "/../../x.bin.gz",
              part + "/../../../x",
              part.replace("settings", "orders"))) {
            Path sink = copyOf(golden);
            forge(sink, idOf(sink), manifest -> manifest.replace(part, name));
            refuses(
                program,
                sink,
                golden.options(),
                "shop/" + idOf(sink) + "/settings has wrong names");
          }
          for (String name : List.of("../settings", "Settings", "..", "con")) {
            Path sink = copyOf(golden);
            forge(
                sink, idOf(sink), manifest -> manifest.replace("\"settings\"", "\"" + name + "\""));
            refuses(
                program,
                sink,
                golden.options(),
                "shop/catalog/" + idOf(sink) + ".json is damaged: its members do not fit");
          }
        },
        Golden.PLAIN_GZIP);
  }

  @TestFactory
  Stream<DynamicTest> moreOrLessContentThanWasRecordedIsRefused() {
    return forBoth(
        (program, golden) -> {
          for (int size : new int[] {2999, 3001, 0}) {
            Path sink = copyOf(golden);
            forge(
                sink,
                idOf(sink),
                manifest ->
                    manifest.replaceFirst("(\"plain\": \\{\\s*\"size\": )3000", "$1" + size));
            Path out = fresh("out");
            Outcome outcome = kit.run(
                program, arguments(sink, idOf(sink), Golden.SETTINGS, out, golden.options()));
            assertThat(outcome.exit()).isEqualTo(1);
            assertThat(outcome.err()).contains(" is damaged").hasLineCount(1);
            assertThat(out.getParent()).isEmptyDirectory();
          }
        },
        Golden.PLAIN_GZIP,
        Golden.PLAIN_ZSTD,
        Golden.PLAIN_NONE);
  }

  @TestFactory
  Stream<DynamicTest> hugeSizesAreRefusedBeforeAnyWork() {
    return forBoth(
        (program, golden) -> {
          Path content = copyOf(golden);
          String id = idOf(content);
          forge(
              content,
              id,
              manifest ->
                  manifest.replaceFirst("(\"plain\": \\{\\s*\"size\": )3000", "$1" + (1L << 62)));
          Path out = fresh("out");
          assertThat(
                  kit.run(program, arguments(content, id, Golden.SETTINGS, out, golden.options())))
              .isEqualTo(new Outcome(
                  1,
                  "",
                  "recover: " + out + " has no room for shop/" + id
                      + "/settings; nothing was restored\n"));
          assertThat(out.getParent()).isEmptyDirectory();

          Path part = copyOf(golden);
          forge(
              part,
              id,
              manifest -> manifest.replaceFirst(
                  "(settings.bin.zst\",\\s*\"size\": )\\d+", "$1" + (1L << 62)));
          refuses(
              program,
              part,
              golden.options(),
              "shop/" + id
                  + "/settings.bin.zst is damaged: its size or SHA-256 is not what was recorded");

          Path manifest = copyOf(golden);
          try (RandomAccessFile file =
              new RandomAccessFile(catalog(manifest).resolve(id + ".json").toFile(), "rw")) {
            file.setLength(2L << 30); // sparse
          }
          refuses(
              program,
              manifest,
              golden.options(),
              "shop/catalog/" + id + ".json is damaged: it has more than 16777216 bytes");
        },
        Golden.PLAIN_ZSTD);
  }
}
