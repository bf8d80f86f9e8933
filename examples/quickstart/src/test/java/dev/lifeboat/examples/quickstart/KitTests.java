package dev.lifeboat.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeboat.Backups;
import dev.lifeboat.catalog.Reason;
import dev.lifeboat.crypto.Encryption;
import dev.lifeboat.examples.quickstart.Golden.Lock;
import dev.lifeboat.examples.quickstart.Kit.Outcome;
import dev.lifeboat.examples.quickstart.Kit.Program;
import dev.lifeboat.source.BytesSource;
import dev.lifeboat.storage.local.LocalSink;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.io.TempDir;

/** What tests of the recovery kit have in common: both programs, copies of golden backups, and what to ask of an outcome. */
abstract class KitTests {
  /** Classes of the kit, and the outputs of its programs. */
  @TempDir
  static Path scratch;

  static Kit kit;

  @TempDir
  Path directory;

  @BeforeAll
  static void prepare() throws Exception {
    kit = new Kit(scratch);
  }

  @AfterAll
  static void cleanUp() throws Exception {
    kit.close();
  }

  /** To be tried with each program. */
  interface Check {
    void of(Program program, Golden golden) throws Exception;
  }

  static Stream<DynamicTest> forBoth(Check check, Golden... some) {
    return Stream.of(some.length == 0 ? Golden.values() : some)
        .flatMap(golden -> Stream.of(Program.values())
            .map(program ->
                DynamicTest.dynamicTest(program + " " + golden, () -> check.of(program, golden))));
  }

  static List<String> arguments(
      Path sink, String id, String component, Path out, List<String> options) {
    List<String> arguments = new ArrayList<>(
        List.of(sink.toString(), Golden.SERIES, id, component, "-o", out.toString()));
    arguments.addAll(options);
    return arguments;
  }

  /** The newest, unless nothing proves which that is. */
  void restores(Program program, Path sink, Golden golden, List<String> options) throws Exception {
    String id = golden.lock() == Lock.UNSIGNED ? idOf(sink) : "latest";
    restores(program, sink, id, idOf(sink), golden, options, "");
  }

  void restores(
      Program program,
      Path sink,
      String asked,
      String id,
      Golden golden,
      List<String> options,
      String told)
      throws Exception {
    Path out = fresh("restored");
    Outcome outcome = kit.run(program, arguments(sink, asked, Golden.SETTINGS, out, options));
    assertThat(outcome).isEqualTo(restored(out, id, golden, told));
    assertThat(out).hasBinaryContent(golden.settings());
    assertThat(out.getParent()).isDirectoryNotContaining(file -> !file.equals(out));
  }

  static Outcome restored(Path out, String id, Golden golden, String told) {
    boolean proven = golden.lock() != Lock.UNSIGNED && golden.lock() != Lock.NONE;
    return new Outcome(
        0,
        out + " is shop/" + id + "/settings, complete: " + golden.settings().length
            + " bytes, every one "
            + (proven ? "proven\n" : "as it was recorded; nothing proves by whom\n"),
        told);
  }

  /** By its id. */
  void refuses(Program program, Path sink, List<String> options, String why) throws Exception {
    refuses(program, sink, idOf(sink), options, why);
  }

  void refuses(Program program, Path sink, String id, List<String> options, String why)
      throws Exception {
    Path out = fresh("out");
    Outcome outcome = kit.run(program, arguments(sink, id, Golden.SETTINGS, out, options));
    assertThat(outcome)
        .isEqualTo(new Outcome(1, "", "recover: " + why + "; nothing was restored\n"));
    assertThat(out.getParent()).isEmptyDirectory();
  }

  static final String NOTHING =
      "shop has no backup that can be taken with what was given: list them, and name one by its id";

  static String unproven(String id) {
    return "nothing proves who wrote shop/" + id
        + ": give --trust with the writer's public key, or --accept-unsigned";
  }

  static String passedOver(String id, String why) {
    return "recover: passed over " + id + ": " + why + "\n";
  }

  /** A host of whoever has that secret, some days after the golden backups were made. */
  Backups host(Path sink, @Nullable Encryption encryption, int days, String content)
      throws IOException {
    Backups.Builder builder = Backups.builder(Golden.SERIES)
        .source(BytesSource.of(
            Golden.SETTINGS, () -> content.getBytes(StandardCharsets.UTF_8), restored -> {}))
        .sink(LocalSink.in(sink))
        .clock(Clock.fixed(Golden.MADE.plus(Duration.ofDays(days)), ZoneOffset.UTC))
        .workDirectory(Files.createTempDirectory(directory, "work"));
    if (encryption != null) {
      builder.encryption(encryption);
    }
    return builder.build();
  }

  /** Another manifest, and its size and digest: anybody who may write to the sink can do that. */
  static void forge(Path sink, String id, UnaryOperator<String> change)
      throws IOException, GeneralSecurityException {
    Path file = catalog(sink).resolve(id + ".json");
    String manifest = Files.readString(file);
    String forged = change.apply(manifest);
    assertThat(forged).isNotEqualTo(manifest);
    byte[] bytes = forged.getBytes(StandardCharsets.UTF_8);
    Files.write(file, bytes);
    Path auth = catalog(sink).resolve(id + ".auth");
    String digest =
        HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    Files.writeString(
        auth,
        Files.readString(auth)
            .replaceFirst("\"size\": \\d+", "\"size\": " + bytes.length)
            .replaceFirst("(\"sha256\": \")\\w+", "$1" + digest));
  }

  static Path catalog(Path sink) {
    return sink.resolve(Golden.SERIES).resolve("catalog");
  }

  /** Of the only backup. */
  static String idOf(Path sink) throws IOException {
    try (Stream<Path> files = Files.list(catalog(sink))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(file -> file.endsWith(".auth"))
          .map(file -> file.substring(0, file.length() - ".auth".length()))
          .findAny()
          .orElseThrow();
    }
  }

  /** A path that nothing is at yet, in a directory of its own. */
  Path fresh(String name) throws IOException {
    return Files.createTempDirectory(directory, "").resolve(name);
  }

  Path copyOf(Golden golden) throws IOException {
    return copyOf(golden.sink());
  }

  Path copyOf(Path original) throws IOException {
    Path copy = Files.createTempDirectory(directory, "sink").resolve("sink");
    try (Stream<Path> files = Files.walk(original)) {
      files.forEach(file -> {
        try {
          Files.copy(file, copy.resolve(original.relativize(file).toString()));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      });
    }
    return copy;
  }

  /** A day after all that is there. */
  String plant(Path sink, @Nullable Encryption encryption) throws IOException {
    int days;
    try (Stream<Path> files = Files.list(catalog(sink))) {
      days = (int) files.filter(file -> file.toString().endsWith(".auth")).count();
    }
    if (encryption != null) {
      return made(host(sink, encryption, days, "forged"));
    }
    Path elsewhere = Files.createDirectory(
        fresh("elsewhere")); // beside encrypted ones Lifeboat writes nothing in clear
    String id = made(host(elsewhere, null, days, "forged"));
    try (Stream<Path> files = Files.walk(elsewhere)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = elsewhere.relativize(file).toString();
        if (name.contains(id)) {
          Path to = sink.resolve(name);
          Files.createDirectories(Objects.requireNonNull(to.getParent()));
          Files.copy(file, to);
        }
      }
    }
    return id;
  }

  static String made(Backups host) {
    return host.create(Reason.MANUAL).id().toString();
  }

  static String closed(String id, String slots) {
    return "shop/" + id + "/keys.json does not open with what was given; it has slots for " + slots;
  }

  static Outcome refused(String told) {
    return new Outcome(1, "", told + "recover: " + NOTHING + "; nothing was restored\n");
  }

  Outcome latest(Program program, Path sink, List<String> options) throws Exception {
    Path out = fresh("out");
    Outcome outcome = kit.run(program, arguments(sink, "latest", Golden.SETTINGS, out, options));
    if (outcome.exit() != 0) {
      assertThat(out.getParent()).isEmptyDirectory();
    }
    return outcome;
  }
}
