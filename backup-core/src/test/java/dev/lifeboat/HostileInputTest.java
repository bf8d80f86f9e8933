package dev.lifeboat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeboat.testkit.FaultCount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing that somebody lays into the store breaks a verb, fills a small heap, hides another backup or forges a log. */
@Tag("harness")
class HostileInputTest {
  private static final long HANG_MINUTES = 10;

  @TempDir
  Path temp;

  @Test
  void hostileManifestsAreRefusedOrHarmless() throws Exception {
    int tried = tried(run("manifests"));
    assertThat(tried).isGreaterThanOrEqualTo(60);
    FaultCount.tried(getClass(), "a hostile manifest with a right auth", tried);
  }

  @Test
  void hostileMarksAndNamesHideNothingAndFreeNothing() throws Exception {
    int tried = tried(run("marks"));
    assertThat(tried).isGreaterThanOrEqualTo(25);
    FaultCount.tried(getClass(), "a hostile mark or name in the catalogue", tried);
  }

  @Test
  void hostileKeysAreRefusedBeforeTheyCostAnything() throws Exception {
    int tried = tried(run("keys"));
    assertThat(tried).isGreaterThanOrEqualTo(60);
    FaultCount.tried(getClass(), "a hostile keys.json", tried);
  }

  @Test
  void whatExpandsBeyondItsDeclaredSizeStopsThere() throws Exception {
    List<String> said = run("bombs");
    assertThat(said.stream().filter(line -> line.startsWith("STOPPED ")))
        .hasSize(3)
        .containsOnly(
            "STOPPED the content of orders is damaged: it has more than the 10000 bytes it must have");
    FaultCount.tried(getClass(), "a part expands ten thousand times too far", tried(said));
  }

  private static int tried(List<String> said) {
    assertThat(said).filteredOn(line -> line.startsWith("FOUND ")).isEmpty();
    String last = said.get(said.size() - 1);
    assertThat(last).as("the child's last line").startsWith("TRIED ");
    return Integer.parseInt(last.substring("TRIED ".length()));
  }

  /** What the child said, whose heap is 64 MB; its log is looked at here. */
  private List<String> run(String what) throws Exception {
    Path log = temp.resolve("log");
    Path said = temp.resolve("said");
    Path stderr = temp.resolve("stderr"); // where the JVM too may say what it likes
    Process child = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx64m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:+ExitOnOutOfMemoryError",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=trace",
            "-Dorg.slf4j.simpleLogger.showThreadName=false",
            "-Dorg.slf4j.simpleLogger.logFile=" + log,
            "-cp",
            System.getProperty("java.class.path"),
            HostileHarbour.class.getName(),
            what,
            temp.resolve("place").toString())
        .redirectError(stderr.toFile())
        .redirectOutput(said.toFile())
        .start();
    try {
      assertThat(child.waitFor(HANG_MINUTES, TimeUnit.MINUTES))
          .as("it ends; the last it said: %s", last(said))
          .isTrue();
      assertThat(child.exitValue())
          .as("the last it said: %s %s", last(said), last(stderr))
          .isZero();
    } finally {
      child.destroyForcibly();
    }
    assertLogIsClean(log);
    assertNothingIsElsewhere();
    return Files.readAllLines(said);
  }

  private static String last(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file);
    return lines.isEmpty() ? "nothing" : lines.get(lines.size() - 1);
  }

  private static void assertLogIsClean(Path log) throws IOException {
    String all = Files.readString(log);
    assertThat(all).contains("INFO dev.lifeboat - ");
    for (String line : all.split("\n", -1)) {
      assertThat(Printable.objections("a line of the log", line)).isEmpty();
      assertThat(line).matches("|(TRACE|DEBUG|INFO|WARN|ERROR) dev\\.lifeboat - .*");
    }
  }

  private void assertNothingIsElsewhere() throws IOException {
    assertThat(names(temp)).containsExactlyInAnyOrder("log", "said", "stderr", "place");
    assertThat(names(temp.resolve("place"))).containsExactlyInAnyOrder("store", "work");
    assertThat(names(temp.resolve("place/store"))).containsExactly("shop");
    assertThat(names(temp.resolve("place/work/staging"))).isEmpty();
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.map(entry -> entry.getFileName().toString()).toList();
    }
  }
}
