package dev.lifeboat.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lifeboat.BackupException;
import dev.lifeboat.BackupException.Kind;
import dev.lifeboat.Backups;
import dev.lifeboat.RestoreRequest;
import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.Depth;
import dev.lifeboat.examples.quickstart.Golden.Lock;
import dev.lifeboat.examples.quickstart.Kit.Outcome;
import dev.lifeboat.examples.quickstart.Kit.Program;
import dev.lifeboat.source.BytesSource;
import dev.lifeboat.storage.local.LocalSink;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** What was backed up once is read for ever: by the library, and by the two programs of the recovery kit without it. */
class RecoveryKitTest extends KitTests {
  /** With {@code -Dgolden=write}: those that are new; what is there stays as it is. */
  @Test
  @EnabledIfSystemProperty(named = "golden", matches = "write")
  void writesTheGoldenBackups() throws Exception {
    Golden.writeMissing(directory);
  }

  @TestFactory
  Stream<DynamicTest> theLibraryReadsEveryGoldenBackup() {
    return Stream.of(Golden.values())
        .map(golden -> DynamicTest.dynamicTest(golden.toString(), () -> {
          Path sink = copyOf(golden);
          List<byte[]> restored = new ArrayList<>();
          BytesSource settings =
              BytesSource.of(Golden.SETTINGS, () -> new byte[0], restored::add).withoutComparison();
          Backups.Builder builder = Backups.builder(Golden.SERIES)
              .source(settings)
              .sink(LocalSink.in(sink))
              .workDirectory(directory.resolve("work-" + golden));
          golden.encryption().ifPresent(builder::encryption);
          Backups backups = builder.build();
          BackupId id = BackupId.parse(idOf(sink));

          assertThat(backups.list()).extracting(Backup::id).containsExactly(id);
          if (golden.lock() == Lock.UNSIGNED) {
            assertThatThrownBy(() -> backups.verify(id, Depth.CONTENT))
                .isInstanceOfSatisfying(
                    BackupException.class,
                    failure -> assertThat(failure.kind()).isEqualTo(Kind.UNPROVEN));
          } else {
            assertThat(backups.verify(id, Depth.CONTENT).depth()).isEqualTo(Depth.CONTENT);
            try (InputStream orders = backups.open(id, Golden.ORDERS)) {
              assertThat(orders.readNBytes(15)).asString().isEqualTo("SQLite format 3");
            }
          }
          backups.restore(RestoreRequest.elsewhere(id, Golden.SETTINGS, settings.target())
              .acceptUnsigned("a test's own"));
          assertThat(restored).hasSize(1);
          assertThat(restored.get(0)).isEqualTo(golden.settings());
        }));
  }

  @TestFactory
  Stream<DynamicTest> bothProgramsRestoreEveryGoldenBackup() {
    return forBoth((program, golden) -> {
      restores(program, golden.sink(), golden, golden.options());
      if (golden == Golden.KEY_AND_RECIPIENT) { // by the other slot
        restores(
            program,
            golden.sink(),
            idOf(golden.sink()),
            idOf(golden.sink()),
            Golden.UNSIGNED,
            Golden.UNSIGNED.options(),
            "");
      }
    });
  }

  /** Or these three would be goldens like the others. */
  @Test
  void theGoldenBackupsOfChangedKeysAreThat() throws IOException {
    Path rewrapped = Golden.REWRAPPED.sink();
    String folder = Golden.SERIES + "/" + idOf(rewrapped);
    assertThat(rewrapped.resolve(folder)).isDirectoryContaining("glob:**/keys.2.json");
    assertThat(rewrapped.resolve(folder)).isDirectoryNotContaining("glob:**/keys.json");
    assertThat(catalog(rewrapped)).isDirectoryContaining("glob:**/*.deleted-*.json");

    Path reencrypted = Golden.REENCRYPTED.sink();
    assertThat(catalog(reencrypted).resolve(idOf(reencrypted) + ".json"))
        .content()
        .contains("\"replaces\": \"");
  }

  @TestFactory
  Stream<DynamicTest> whatTheyRestoreIsADatabase() {
    return forBoth(
        (program, golden) -> {
          Path out = fresh("orders.db");
          Outcome outcome = kit.run(
              program, arguments(golden.sink(), "latest", Golden.ORDERS, out, golden.options()));
          assertThat(outcome.err()).isEmpty();
          assertThat(outcome.exit()).isZero();
          try (var connection = DriverManager.getConnection("jdbc:sqlite:" + out);
              var row = connection.createStatement().executeQuery("SELECT count(*) FROM orders")) {
            assertThat(row.getInt(1)).isEqualTo(Golden.ORDERS_KEPT);
          }
        },
        Golden.PLAIN_NONE,
        Golden.SIGNED);
  }

  @TestFactory
  Stream<DynamicTest> aFlippedByteInAnyObjectIsRefused() {
    return forBoth(
        (program, golden) -> refusesEveryObjectOf(program, golden, RecoveryKitTest::flipped));
  }

  @TestFactory
  Stream<DynamicTest> aCutObjectIsRefused() {
    return forBoth(
        (program, golden) ->
            refusesEveryObjectOf(program, golden, bytes -> Arrays.copyOf(bytes, bytes.length / 2)),
        Golden.PLAIN_GZIP,
        Golden.PARTS,
        Golden.SIGNED,
        Golden.WRAPPED,
        Golden.REWRAPPED);
  }

  @TestFactory
  Stream<DynamicTest> anObjectThatGrewIsRefused() {
    return forBoth(
        (program, golden) ->
            refusesEveryObjectOf(program, golden, bytes -> Arrays.copyOf(bytes, bytes.length + 16)),
        Golden.PLAIN_GZIP,
        Golden.KEY,
        Golden.SIGNED);
  }

  @TestFactory
  Stream<DynamicTest> aMissingObjectIsRefused() {
    return forBoth(
        (program, golden) -> {
          for (String name : List.of("settings.bin.gz.floe", "keys.json")) {
            Path sink = copyOf(golden);
            String object = Golden.SERIES + "/" + idOf(sink) + "/" + name;
            Files.delete(sink.resolve(object));
            refuses(program, sink, golden.options(), object + " is missing");
          }
          for (String ending : List.of(".auth", ".json")) {
            Path sink = copyOf(golden);
            String object = Golden.SERIES + "/catalog/" + idOf(sink) + ending;
            Files.delete(sink.resolve(object));
            refuses(program, sink, idOf(golden.sink()), golden.options(), object + " is missing");
          }
        },
        Golden.KEY);
  }

  @TestFactory
  Stream<DynamicTest> swappedPartsAreRefused() {
    return forBoth(
        (program, golden) -> {
          Path sink = copyOf(golden);
          String part = Golden.SERIES + "/" + idOf(sink) + "/settings.bin.floe.00000";
          Path other = directory.resolve("part-" + program);
          Files.move(sink.resolve(part + 1), other);
          Files.move(sink.resolve(part + 2), sink.resolve(part + 1));
          Files.move(other, sink.resolve(part + 2));
          refuses(
              program,
              sink,
              golden.options(),
              part + 1 + " is damaged: its size or SHA-256 is not what was recorded");
        },
        Golden.PARTS);
  }

  @TestFactory
  Stream<DynamicTest> aWrongSecretIsRefused() {
    return forBoth(
        (program, golden) -> {
          String secret = golden.options().get(0).replaceAll("--|-file", "");
          String type = secret.equals("identity") ? "x25519" : secret;
          String why = Golden.SERIES + "/" + idOf(golden.sink())
              + "/keys.json does not open with what was given; it has slots for '" + type + "'";
          refuses(
              program, golden.sink(), Golden.options("--" + secret + "-file wrong-" + secret), why);
          List<String> other = (type.equals("key") ? Golden.PASSPHRASE : Golden.KEY).options();
          refuses(program, golden.sink(), other, why); // for which there is no slot
        },
        Golden.PASSPHRASE,
        Golden.KEY,
        Golden.SIGNED);
  }

  /** Its command fails, answers nothing, answers another key; or the key, and then fails. */
  @TestFactory
  Stream<DynamicTest> aServiceThatDoesNotUnwrapIsRefused() {
    return forBoth(
        (program, golden) -> {
          for (String command : List.of(
              "false",
              "cat >/dev/null",
              "head -c 32 /dev/zero",
              Golden.secret("unwrap") + "; exit 3",
              Golden.secret("unwrap") + " && echo")) {
            refuses(
                program,
                golden.sink(),
                List.of(
                    "--unwrap", command, "--trust", Golden.secret("wrapper.pem").toString()),
                Golden.SERIES + "/" + idOf(golden.sink())
                    + "/keys.json does not open with what was given; it has slots for 'wrap'");
          }
        },
        Golden.WRAPPED);
  }

  @TestFactory
  Stream<DynamicTest> noSecretAtAllIsRefused() {
    return forBoth(
        (program, golden) -> {
          String id = idOf(golden.sink());
          String why = Golden.SERIES + "/" + id
              + " is encrypted: give --passphrase-file, --key-file, --identity-file or --unwrap";
          refuses(program, golden.sink(), List.of(), why);
          Outcome outcome = kit.run(
              program,
              arguments(golden.sink(), "latest", Golden.SETTINGS, fresh("out"), List.of()));
          assertThat(outcome)
              .isEqualTo(new Outcome(
                  1, "", passedOver(id, why) + "recover: " + NOTHING + "; nothing was restored\n"));
        },
        Golden.KEY);
  }

  @TestFactory
  Stream<DynamicTest> aFileThatIsThereStaysAsItIs() {
    return forBoth(
        (program, golden) -> {
          Path out = Files.writeString(fresh("precious"), "precious");
          Outcome outcome = kit.run(
              program, arguments(golden.sink(), "latest", Golden.SETTINGS, out, golden.options()));
          assertThat(outcome)
              .isEqualTo(new Outcome(
                  1,
                  "",
                  "recover: " + out
                      + " exists and stays as it is: choose another name; nothing was restored\n"));
          assertThat(out).hasContent("precious");
        },
        Golden.PLAIN_ZSTD);
  }

  @TestFactory
  Stream<DynamicTest> whatIsNotThereIsSaid() {
    return forBoth(
        (program, golden) -> {
          Path out = fresh("out");
          List<String> component =
              arguments(golden.sink(), "latest", "invoices", out, golden.options());
          assertThat(kit.run(program, component))
              .isEqualTo(new Outcome(
                  1,
                  "",
                  "recover: shop/" + idOf(golden.sink())
                      + " has the components orders settings: say which; nothing was restored\n"));
          List<String> series = new ArrayList<>(component);
          series.set(1, "club");
          assertThat(kit.run(program, series))
              .isEqualTo(new Outcome(
                  1,
                  "",
                  "recover: club/catalog is missing in " + golden.sink()
                      + "; nothing was restored\n"));
          List<String> latest = arguments(
              golden.sink(), "latest", Golden.SETTINGS, out, List.of("--accept-unsigned"));
          assertThat(kit.run(program, latest))
              .isEqualTo(new Outcome(
                  1,
                  "",
                  "recover: --accept-unsigned is for one backup: name it by its id; nothing was"
                      + " restored\n"));
          assertThat(out.getParent()).isEmptyDirectory();
        },
        Golden.KEY);
  }

  @TestFactory
  Stream<DynamicTest> theNewestKeysThatOpenCount() {
    return forBoth(
        (program, golden) -> {
          Path sink = copyOf(golden);
          Path folder = sink.resolve(Golden.SERIES).resolve(idOf(sink));
          Files.writeString(folder.resolve("keys.10.json"), "cut short");
          Files.move(folder.resolve("keys.json"), folder.resolve("keys.2.json"));
          restores(program, sink, golden, golden.options());
        },
        Golden.KEY);
  }

  @TestFactory
  Stream<DynamicTest> theyListWhatIsThere() {
    return forBoth(
        (program, golden) -> {
          List<String> arguments =
              new ArrayList<>(List.of(golden.sink().toString(), Golden.SERIES));
          String id = idOf(golden.sink());
          boolean clear = golden.lock() == Lock.NONE;
          assertThat(kit.run(program, arguments))
              .isEqualTo(new Outcome(
                  0,
                  id + "  complete: orders settings; "
                      + (clear
                          ? "nothing proves who wrote it\n"
                          : "shop/" + id
                              + " is encrypted: give --passphrase-file, --key-file,"
                              + " --identity-file or --unwrap\n"),
                  ""));
          arguments.addAll(golden.options());
          if (!clear) {
            assertThat(kit.run(program, arguments))
                .isEqualTo(new Outcome(0, id + "  complete: orders settings; authentic\n", ""));
          }
        },
        Golden.PLAIN_ZSTD,
        Golden.SIGNED,
        Golden.KEY);
  }

  /** As README.md says, with a passphrase; and of Bouncy Castle, the Java program says that it is missing. */
  @TestFactory
  Stream<DynamicTest> theProgramsRunAsCommands() {
    return forBoth(
        (program, golden) -> {
          Path out = fresh("out");
          Outcome outcome = kit.runAsAPersonWould(
              program, arguments(golden.sink(), "latest", Golden.SETTINGS, out, golden.options()));
          String id = idOf(golden.sink());
          if (program == Program.PYTHON) {
            assertThat(outcome).isEqualTo(restored(out, id, golden, ""));
            assertThat(out).hasBinaryContent(golden.settings());
          } else {
            assertThat(outcome)
                .isEqualTo(refused(passedOver(
                    id,
                    "a passphrase needs Argon2, which no JDK has: take Bouncy Castle's"
                        + " bcprov-jdk18on jar and run java -cp bcprov-jdk18on.jar Recover.java")));
            assertThat(out.getParent()).isEmptyDirectory();
          }
        },
        Golden.PASSPHRASE);
  }

  /** An auditor reads it in one sitting. */
  @Test
  void thePythonProgramHasAtMost250Lines() throws IOException {
    assertThat(Files.readAllLines(Golden.kit().resolve("recover.py")))
        .hasSizeLessThanOrEqualTo(250);
  }

  private void refusesEveryObjectOf(Program program, Golden golden, UnaryOperator<byte[]> damage)
      throws Exception {
    Path sink = copyOf(golden);
    String id = idOf(sink);
    Path out = fresh("damaged");
    List<Path> objects;
    try (Stream<Path> files = Files.walk(sink.resolve(Golden.SERIES))) {
      objects = files
          .filter(Files::isRegularFile)
          .filter(file -> sink.relativize(file).toString().contains(id))
          .sorted()
          .toList();
    }
    assertThat(objects).hasSizeGreaterThanOrEqualTo(4);
    for (Path object : objects) {
      String name = sink.relativize(object).toString();
      String component = object.getFileName().toString().startsWith(Golden.ORDERS)
          ? Golden.ORDERS
          : Golden.SETTINGS;
      byte[] right = Files.readAllBytes(object);
      Files.write(object, damage.apply(right));
      Outcome outcome = kit.run(program, arguments(sink, id, component, out, golden.options()));
      Files.write(object, right);
      assertThat(outcome.exit()).as(name).isEqualTo(1);
      assertThat(outcome.err())
          .as(name)
          .startsWith("recover: ")
          .endsWith("; nothing was restored\n")
          .hasLineCount(1);
      assertThat(outcome.out()).as(name).isEmpty();
      assertThat(out.getParent()).as(name).isEmptyDirectory();
    }
    restores(program, sink, golden, golden.options()); // it was the damage that was refused
  }

  /** In what authenticates a manifest this hits the last that is there: digest, MAC or signature, of which one is enough. */
  private static byte[] flipped(byte[] bytes) {
    byte[] damaged = bytes.clone();
    damaged[damaged.length * 2 / 3] ^= 1;
    return damaged;
  }
}
