package dev.lifeboat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeboat.crypto.BackupKey;
import dev.lifeboat.crypto.Identity;
import dev.lifeboat.testkit.FaultCount;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No secret and no row leaves its place, and no text of a host forges a line, whatever becomes of a verb. */
@Tag("harness")
class CanaryTest {
  private static final long HANG_MINUTES = 10;

  @TempDir
  Path temp;

  @Test
  void noVerbTellsASecretOrForgesALine() throws Exception {
    int tried = run(List.of());
    FaultCount.tried(getClass(), "a verb over secrets and hostile texts", tried);
  }

  /** Nor does it tell passphrase, key or identity; and nothing that is stored tells a row. */
  @Test
  void noVerbTellsASecretWhereBackupsAreEncrypted() throws Exception {
    List<String> secrets = List.of(
        "PASSPHRASE-41c9-canary",
        new String(BackupKey.generate().text()),
        new String(Identity.generate().text()));
    int tried = run(secrets);
    FaultCount.tried(getClass(), "a verb over secrets and hostile texts, encrypted", tried);
  }

  /** How many verbs it tried; no secret is anywhere. */
  private int run(List<String> secrets) throws Exception {
    Path log = temp.resolve("log");
    Path said = temp.resolve("said");
    Path stderr = temp.resolve("stderr"); // where the JVM too may say what it likes
    Path place =
        Files.createDirectories(temp.resolve("place/tmp")).resolveSibling(".").normalize();
    List<String> command = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        secrets.isEmpty() ? "-Xmx128m" : "-Xmx256m", // a passphrase takes 64 MiB
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-Djava.io.tmpdir=" + place.resolve("tmp"),
        "-Dorg.slf4j.simpleLogger.defaultLogLevel=trace",
        "-Dorg.slf4j.simpleLogger.showThreadName=false",
        "-Dorg.slf4j.simpleLogger.logFile=" + log,
        "-cp",
        System.getProperty("java.class.path"),
        Gauntlet.class.getName(),
        place.toString()));
    command.addAll(secrets);
    Process child = new ProcessBuilder(command)
        .redirectError(stderr.toFile())
        .redirectOutput(said.toFile())
        .start();
    try {
      assertThat(child.waitFor(HANG_MINUTES, TimeUnit.MINUTES)).as("it ends").isTrue();
    } finally {
      child.destroyForcibly();
    }
    List<String> lines = Files.readAllLines(said);
    assertThat(lines).filteredOn(line -> line.startsWith("FOUND ")).isEmpty();
    assertThat(child.exitValue()).as(Files.readString(stderr)).isZero();
    List<String> canaries = new ArrayList<>(List.of(Gauntlet.ROW, Gauntlet.PASSWORD));
    canaries.addAll(secrets);
    assertLogIsClean(log, canaries);
    assertThat(stderr).content().doesNotContain(canaries);
    assertNoFileHolds(canaries, place.resolve("work"));
    assertNoFileHolds(canaries, place.resolve("tmp"));
    int tried = Integer.parseInt(lines.get(lines.size() - 1).replace("TRIED ", ""));
    assertThat(tried).isGreaterThan(200);
    return tried;
  }

  /** A stack trace has several lines, each of which says what it is. */
  private static void assertLogIsClean(Path log, List<String> canaries) throws IOException {
    String all = Files.readString(log);
    assertThat(all)
        .contains("WARN dev.lifeboat - A listener failed at ", "INFO dev.lifeboat - ")
        .doesNotContain(canaries);
    for (String line : all.split("\n", -1)) {
      String text = line.replaceFirst("^\t{1,4}", "");
      assertThat(Printable.objections("a line of the log", text)).isEmpty();
      assertThat(text)
          .matches(
              "|(TRACE|DEBUG|INFO|WARN|ERROR) dev\\.lifeboat - .*"
                  + "|(Caused by: |Suppressed: )?dev\\.lifeboat\\.Log\\$Shown: java\\.[a-zA-Z.]+Exception: .*|at .*|\\.\\.\\. \\d+ more");
    }
  }

  private static void assertNoFileHolds(List<String> canaries, Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        String content = Files.readString(file, StandardCharsets.ISO_8859_1);
        assertThat(content).as("%s", file).doesNotContain(canaries);
      }
    }
  }
}
