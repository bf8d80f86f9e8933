package dev.lifeboat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeboat.testkit.FaultCount;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No secret and no row leaves its place, and no text of a host forges a line, whatever becomes of a verb. */
class CanaryTest {
  private static final long HANG_MINUTES = 10;

  @TempDir
  Path temp;

  @Test
  void noVerbTellsASecretOrForgesALine() throws Exception {
    Path log = temp.resolve("log");
    Path said = temp.resolve("said");
    Path stderr = temp.resolve("stderr"); // where the JVM too may say what it likes
    Path place =
        Files.createDirectories(temp.resolve("place/tmp")).resolveSibling(".").normalize();
    List<String> command = List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx128m",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-Djava.io.tmpdir=" + place.resolve("tmp"),
        "-Dorg.slf4j.simpleLogger.defaultLogLevel=trace",
        "-Dorg.slf4j.simpleLogger.showThreadName=false",
        "-Dorg.slf4j.simpleLogger.logFile=" + log,
        "-cp",
        System.getProperty("java.class.path"),
        Gauntlet.class.getName(),
        place.toString());
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
    assertLogIsClean(log);
    assertThat(stderr).content().doesNotContain(Gauntlet.ROW, Gauntlet.PASSWORD);
    assertNoFileHoldsARow(place.resolve("work"));
    assertNoFileHoldsARow(place.resolve("tmp"));
    int tried = Integer.parseInt(lines.get(lines.size() - 1).replace("TRIED ", ""));
    assertThat(tried).isGreaterThan(200);
    FaultCount.tried(getClass(), "a verb over secrets and hostile texts", tried);
  }

  /** A stack trace has several lines, each of which says what it is. */
  private static void assertLogIsClean(Path log) throws IOException {
    String all = Files.readString(log);
    assertThat(all)
        .contains("WARN dev.lifeboat - A listener failed at ", "INFO dev.lifeboat - ")
        .doesNotContain(Gauntlet.ROW, Gauntlet.PASSWORD);
    for (String line : all.split("\n", -1)) {
      String text = line.replaceFirst("^\t{1,4}", "");
      assertThat(Printable.objections("a line of the log", text)).isEmpty();
      assertThat(text)
          .matches(
              "|(TRACE|DEBUG|INFO|WARN|ERROR) dev\\.lifeboat - .*"
                  + "|(Caused by: |Suppressed: )?dev\\.lifeboat\\.Log\\$Shown: java\\.[a-zA-Z.]+Exception: .*|at .*|\\.\\.\\. \\d+ more");
    }
  }

  private static void assertNoFileHoldsARow(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        String content = Files.readString(file, StandardCharsets.ISO_8859_1);
        assertThat(content).as("%s", file).doesNotContain(Gauntlet.ROW, Gauntlet.PASSWORD);
      }
    }
  }
}
