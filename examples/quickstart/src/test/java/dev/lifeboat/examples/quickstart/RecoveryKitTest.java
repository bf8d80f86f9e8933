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
import dev.lifeboat.source.BytesSource;
import dev.lifeboat.storage.local.LocalSink;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** What was backed up once is read for ever: by the library, and by the two programs of the recovery kit without it. */
class RecoveryKitTest {
  /** Classes of the kit, and the outputs of its programs. */
  @TempDir
  static Path scratch;

  @TempDir
  Path directory;

  /** With {@code -Dgolden=write}: once in the life of the format, in a checkout without them. */
  @Test
  @EnabledIfSystemProperty(named = "golden", matches = "write")
  void writesTheGoldenBackups() throws Exception {
    Golden.writeAll(directory);
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
    return forBoth((kit, golden) -> {
      restores(kit, golden.sink(), golden, golden.options());
      if (golden == Golden.KEY_AND_RECIPIENT) { // by the other slot
        restores(kit, golden.sink(), golden, Golden.UNSIGNED.options());
      }
    });
  }

  @TestFactory
  Stream<DynamicTest> whatTheyRestoreIsADatabase() {
    return forBoth(
        (kit, golden) -> {
          Path out = fresh("orders.db");
          Kit.Outcome outcome = kit.run(
              scratch, arguments(golden.sink(), "latest", Golden.ORDERS, out, golden.options()));
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
    return forBoth((kit, golden) -> refusesEveryObjectOf(kit, golden, RecoveryKitTest::flipped));
  }

  @TestFactory
  Stream<DynamicTest> aCutObjectIsRefused() {
    return forBoth(
        (kit, golden) ->
            refusesEveryObjectOf(kit, golden, bytes -> Arrays.copyOf(bytes, bytes.length / 2)),
        Golden.PLAIN_GZIP,
        Golden.PARTS);
  }

  @TestFactory
  Stream<DynamicTest> swappedPartsAreRefused() {
    return forBoth(
        (kit, golden) -> {
          Path sink = copyOf(golden);
          String part = Golden.SERIES + "/" + idOf(sink) + "/settings.bin.floe.00000";
          Path other = directory.resolve("part");
          Files.move(sink.resolve(part + 1), other);
          Files.move(sink.resolve(part + 2), sink.resolve(part + 1));
          Files.move(other, sink.resolve(part + 2));
          refuses(
              kit,
              sink,
              golden.options(),
              part + 1 + " is damaged: its size or SHA-256 is not what was recorded");
        },
        Golden.PARTS);
  }

  @TestFactory
  Stream<DynamicTest> aWrongSecretIsRefused() {
    return forBoth(
        (kit, golden) -> {
          String secret = golden.options().get(0).replaceAll("--|-file", "");
          String type = secret.equals("identity") ? "x25519" : secret;
          refuses(
              kit,
              golden.sink(),
              Golden.options("--" + secret + "-file wrong-" + secret),
              Golden.SERIES + "/" + idOf(golden.sink())
                  + "/keys.json does not open with what was given; it has slots for '" + type
                  + "'");
        },
        Golden.PASSPHRASE,
        Golden.KEY,
        Golden.SIGNED);
  }

  @TestFactory
  Stream<DynamicTest> noSecretAtAllIsRefused() {
    return forBoth(
        (kit, golden) -> refuses(
            kit,
            golden.sink(),
            List.of(),
            Golden.SERIES + "/" + idOf(golden.sink())
                + " is sealed: give --passphrase-file, --key-file or --identity-file"),
        Golden.KEY);
  }

  @TestFactory
  Stream<DynamicTest> whatNobodyProvesIsRefused() {
    Map<Golden, String> options = Map.of(
        Golden.SIGNED, "--identity-file identity",
        Golden.UNSIGNED, "--identity-file identity --trust signer.pem",
        Golden.KEY_AND_RECIPIENT, "--identity-file identity --trust stranger.pem",
        Golden.PLAIN_ZSTD, "--key-file key");
    return forBoth(
        (kit, golden) -> refuses(
            kit,
            golden.sink(),
            Golden.options(options.getOrDefault(golden, "")),
            "nothing proves who wrote " + Golden.SERIES + "/" + idOf(golden.sink())
                + ": give --trust with the writer's public key, or --accept-unsigned"),
        options.keySet().toArray(Golden[]::new));
  }

  /** Whoever may write to the sink can make the digests fit, and not the MAC. */
  @TestFactory
  Stream<DynamicTest> aForgedManifestIsRefused() {
    return forBoth(
        (kit, golden) -> {
          Path sink = copyOf(golden);
          forge(sink, manifest -> manifest.replace("\"complete\"", "\"suspect\""));
          refuses(
              kit,
              sink,
              golden.options(),
              Golden.SERIES + "/catalog/" + idOf(sink)
                  + ".auth is damaged or forged: its MAC is wrong");
        },
        Golden.KEY,
        Golden.SIGNED,
        Golden.UNSIGNED);
  }

  @TestFactory
  Stream<DynamicTest> aForgedSignatureIsRefused() {
    return forBoth(
        (kit, golden) -> {
          Path sink = copyOf(golden);
          Path auth = catalog(sink).resolve(idOf(sink) + ".auth");
          String right = Files.readString(auth);
          Files.writeString(
              auth,
              right.replaceFirst(
                  "(\"signature\": \")[^\"]*",
                  "$1" + Base64.getEncoder().encodeToString(new byte[64])));
          assertThat(auth).content().isNotEqualTo(right);
          Path out = fresh("out");
          Kit.Outcome outcome =
              kit.run(scratch, arguments(sink, "latest", Golden.SETTINGS, out, golden.options()));
          assertThat(outcome.exit()).isEqualTo(1);
          assertThat(outcome.err()).contains(" is damaged or forged").hasLineCount(1);
          assertThat(out).doesNotExist();
        },
        Golden.SIGNED);
  }

  @TestFactory
  Stream<DynamicTest> aBackupWithATombstoneIsRefused() {
    return forBoth(
        (kit, golden) -> {
          Path sink = copyOf(golden);
          String tombstone = idOf(sink) + ".deleted-k7f3q2ab.json";
          Files.writeString(catalog(sink).resolve(tombstone), "{}");
          String backup = Golden.SERIES + "/" + idOf(sink);
          Path out = fresh("out");
          Kit.Outcome outcome =
              kit.run(scratch, arguments(sink, idOf(sink), Golden.SETTINGS, out, golden.options()));
          requireRefused(outcome, out, backup + " was deleted, as " + tombstone + " says");
          refuses(kit, sink, golden.options(), Golden.SERIES + " has no backups"); // for "latest"

          Files.writeString(catalog(sink).resolve(idOf(sink) + ".pin-k7f3q2ab.json"), "{}");
          restores(kit, sink, golden, golden.options()); // pinned while it was about to be deleted
        },
        Golden.KEY);
  }

  @TestFactory
  Stream<DynamicTest> aFileThatIsThereStaysAsItIs() {
    return forBoth(
        (kit, golden) -> {
          Path out = Files.writeString(fresh("precious"), "precious");
          Kit.Outcome outcome = kit.run(
              scratch, arguments(golden.sink(), "latest", Golden.SETTINGS, out, golden.options()));
          assertThat(outcome.exit()).isEqualTo(1);
          assertThat(outcome.err())
              .isEqualTo("recover: " + out
                  + " exists and stays as it is: choose another name; nothing was restored\n");
          assertThat(out).hasContent("precious");
        },
        Golden.PLAIN_ZSTD);
  }

  @TestFactory
  Stream<DynamicTest> aNameThatLeadsOutOfTheSinkIsNotFollowed() {
    return forBoth(
        (kit, golden) -> {
          Path sink = copyOf(golden);
          String id = idOf(sink);
          forge(
              sink,
              manifest -> manifest.replace(
                  Golden.SERIES + "/" + id + "/settings.bin.gz", "../../../../../../etc/passwd"));
          refuses(
              kit, sink, golden.options(), Golden.SERIES + "/" + id + "/settings has wrong names");
        },
        Golden.PLAIN_GZIP);
  }

  @TestFactory
  Stream<DynamicTest> moreContentThanWasRecordedIsRefused() {
    return forBoth(
        (kit, golden) -> {
          Path sink = copyOf(golden);
          forge(
              sink,
              manifest -> manifest.replaceFirst("(\"plain\": \\{\\s*\"size\": )3000", "$12999"));
          Path out = fresh("out");
          Kit.Outcome outcome =
              kit.run(scratch, arguments(sink, "latest", Golden.SETTINGS, out, golden.options()));
          assertThat(outcome.exit()).isEqualTo(1);
          assertThat(outcome.err()).contains("/settings is damaged").hasLineCount(1);
          assertThat(out).doesNotExist();
          assertThat(unproven(out)).doesNotExist();
        },
        Golden.PLAIN_GZIP,
        Golden.PLAIN_ZSTD,
        Golden.PLAIN_NONE);
  }

  @TestFactory
  Stream<DynamicTest> aCostOfArgon2ThatNobodyCanPayIsRefused() {
    return forBoth(
        (kit, golden) -> {
          Path sink = copyOf(golden);
          String name = Golden.SERIES + "/" + idOf(sink) + "/keys.json";
          String keys = Files.readString(sink.resolve(name));
          String hostile = keys.replace("65536", "999999999");
          assertThat(hostile).isNotEqualTo(keys);
          Files.writeString(sink.resolve(name), hostile);
          refuses(
              kit,
              sink,
              golden.options(),
              name + " is refused: its Argon2id is beyond the bounds that FORMAT.md sets");
        },
        Golden.PASSPHRASE);
  }

  @TestFactory
  Stream<DynamicTest> theNewestKeysThatOpenCount() {
    return forBoth(
        (kit, golden) -> {
          Path sink = copyOf(golden);
          Path folder = sink.resolve(Golden.SERIES).resolve(idOf(sink));
          Files.writeString(folder.resolve("keys.10.json"), "cut short");
          Files.move(folder.resolve("keys.json"), folder.resolve("keys.2.json"));
          restores(kit, sink, golden, golden.options());
        },
        Golden.KEY);
  }

  @TestFactory
  Stream<DynamicTest> theyListWhatIsThere() {
    return forBoth(
        (kit, golden) -> {
          List<String> arguments =
              new ArrayList<>(List.of(golden.sink().toString(), Golden.SERIES));
          String id = idOf(golden.sink());
          boolean sealed = golden.lock() != Lock.NONE;
          assertThat(kit.run(scratch, arguments))
              .isEqualTo(new Kit.Outcome(
                  0,
                  id + "  complete, " + (sealed ? "sealed and not opened" : "in clear")
                      + ", nothing proves who wrote it; components: orders settings\n",
                  ""));
          arguments.addAll(golden.options());
          if (sealed) {
            assertThat(kit.run(scratch, arguments))
                .isEqualTo(new Kit.Outcome(
                    0, id + "  complete, sealed, authentic; components: orders settings\n", ""));
          }
        },
        Golden.PLAIN_ZSTD,
        Golden.SIGNED,
        Golden.KEY);
  }

  /** As README.md says; and of Bouncy Castle, it says what is missing. */
  @Test
  void theJavaProgramRunsFromItsSource() throws IOException {
    Path out = fresh("out");
    Golden golden = Golden.SIGNED;
    Kit.Outcome outcome = Kit.runFromSource(
        scratch, arguments(golden.sink(), "latest", Golden.SETTINGS, out, golden.options()));
    assertThat(outcome)
        .isEqualTo(new Kit.Outcome(
            0,
            out + " is shop/" + idOf(golden.sink()) + "/settings: 3000 bytes, every one proven\n",
            ""));
    assertThat(out).hasBinaryContent(golden.settings());

    Path other = fresh("other");
    Golden passphrase = Golden.PASSPHRASE;
    requireRefused(
        Kit.runFromSource(
            scratch,
            arguments(passphrase.sink(), "latest", Golden.SETTINGS, other, passphrase.options())),
        other,
        "a passphrase needs Argon2, which no JDK has: take Bouncy Castle's bcprov-jdk18on jar and"
            + " run java -cp bcprov-jdk18on.jar Recover.java");
  }

  /** An auditor reads it in one sitting. */
  @Test
  void thePythonProgramHasAtMost250Lines() throws IOException {
    assertThat(Files.readAllLines(Golden.kit().resolve("recover.py")))
        .hasSizeLessThanOrEqualTo(250);
  }

  private interface Check {
    void of(Kit kit, Golden golden) throws Exception;
  }

  private static Stream<DynamicTest> forBoth(Check check, Golden... some) {
    return Stream.of(some.length == 0 ? Golden.values() : some)
        .flatMap(golden -> Stream.of(Kit.values())
            .map(kit -> DynamicTest.dynamicTest(kit + " " + golden, () -> check.of(kit, golden))));
  }

  private void restores(Kit kit, Path sink, Golden golden, List<String> options)
      throws IOException {
    Path out = fresh("restored");
    Kit.Outcome outcome =
        kit.run(scratch, arguments(sink, "latest", Golden.SETTINGS, out, options));
    assertThat(outcome)
        .isEqualTo(new Kit.Outcome(
            0,
            out + " is shop/" + idOf(sink) + "/settings: " + golden.settings().length
                + " bytes, every one proven\n",
            ""));
    assertThat(out).hasBinaryContent(golden.settings());
    assertThat(unproven(out)).doesNotExist();
  }

  private void refusesEveryObjectOf(Kit kit, Golden golden, UnaryOperator<byte[]> damage)
      throws IOException {
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
      Kit.Outcome outcome =
          kit.run(scratch, arguments(sink, "latest", component, out, golden.options()));
      Files.write(object, right);
      assertThat(outcome.exit()).as(name).isEqualTo(1);
      assertThat(outcome.err())
          .as(name)
          .startsWith("recover: ")
          .endsWith("; nothing was restored\n")
          .hasLineCount(1);
      assertThat(outcome.out()).as(name).isEmpty();
      assertThat(out).as(name).doesNotExist();
      assertThat(unproven(out)).as(name).doesNotExist();
    }
    restores(kit, sink, golden, golden.options()); // it was the damage that was refused
  }

  private void refuses(Kit kit, Path sink, List<String> options, String why) throws IOException {
    Path out = fresh("out");
    requireRefused(
        kit.run(scratch, arguments(sink, "latest", Golden.SETTINGS, out, options)), out, why);
  }

  private static void requireRefused(Kit.Outcome outcome, Path out, String why) {
    assertThat(outcome)
        .isEqualTo(new Kit.Outcome(1, "", "recover: " + why + "; nothing was restored\n"));
    assertThat(out).doesNotExist();
    assertThat(unproven(out)).doesNotExist();
  }

  private static List<String> arguments(
      Path sink, String id, String component, Path out, List<String> options) {
    List<String> arguments = new ArrayList<>(
        List.of(sink.toString(), Golden.SERIES, id, component, "-o", out.toString()));
    arguments.addAll(options);
    return arguments;
  }

  private static byte[] flipped(byte[] bytes) {
    byte[] damaged = bytes.clone();
    damaged[damaged.length / 2] ^= 1;
    return damaged;
  }

  /** Another manifest, and its size and digest: anybody who may write to the sink can do that. */
  private static void forge(Path sink, UnaryOperator<String> change)
      throws IOException, GeneralSecurityException {
    Path file = catalog(sink).resolve(idOf(sink) + ".json");
    String manifest = Files.readString(file);
    String forged = change.apply(manifest);
    assertThat(forged).isNotEqualTo(manifest);
    byte[] bytes = forged.getBytes(StandardCharsets.UTF_8);
    Files.write(file, bytes);
    Path auth = catalog(sink).resolve(idOf(sink) + ".auth");
    String digest =
        HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    Files.writeString(
        auth,
        Files.readString(auth)
            .replaceFirst("\"size\": \\d+", "\"size\": " + bytes.length)
            .replaceFirst("(\"sha256\": \")\\w+", "$1" + digest));
  }

  private static Path unproven(Path out) {
    return out.resolveSibling(out.getFileName() + ".part");
  }

  private static Path catalog(Path sink) {
    return sink.resolve(Golden.SERIES).resolve("catalog");
  }

  private static String idOf(Path sink) throws IOException {
    try (Stream<Path> files = Files.list(catalog(sink))) {
      String name = files
          .map(file -> file.getFileName().toString())
          .filter(file -> file.endsWith(".auth"))
          .findAny()
          .orElseThrow();
      return name.substring(0, name.length() - ".auth".length());
    }
  }

  /** A path that nothing is at yet, in a directory of its own. */
  private Path fresh(String name) throws IOException {
    return Files.createTempDirectory(directory, "").resolve(name);
  }

  private Path copyOf(Golden golden) throws IOException {
    Path copy = Files.createTempDirectory(directory, golden.toString()).resolve("sink");
    try (Stream<Path> files = Files.walk(golden.sink())) {
      files.forEach(file -> {
        try {
          Files.copy(file, copy.resolve(golden.sink().relativize(file).toString()));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      });
    }
    return copy;
  }
}
