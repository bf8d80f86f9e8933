package dev.lifeboat.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ChildTest {
  private static final Duration LONG = Duration.ofMinutes(5);

  @TempDir
  Path directory;

  @Test
  void itTellsHowItEnded() throws Exception {
    Ended ended = Child.run(command(LONG, "echo out; echo err >&2; exit 3"));
    assertThat(ended.isGood()).isFalse();
    assertThat(ended.printed()).isEqualTo("out\n");
    assertThat(ended.failure()).matches("program ended with status 3 after \\d+ ms: err");
  }

  @Test
  void itsInputIsClosed() throws Exception {
    assertThat(Child.run(command(LONG, "cat; echo end")).printed()).isEqualTo("end\n");
  }

  @Test
  void itIsFedAndReadAtOnce() throws Exception {
    byte[] much = "0123456789abcde\n".repeat(200_000).getBytes(StandardCharsets.UTF_8);
    AtomicReference<byte[]> read = new AtomicReference<>();
    try (Child child = Child.start(
        command(LONG, "cat"), in -> read.set(in.readAllBytes()), out -> out.write(much))) {
      assertThat(child.await().isGood()).isTrue();
    }
    assertThat(read.get()).isEqualTo(much);
  }

  @Test
  void itKnowsNothingOfOurSurroundings() {
    assertThat(Command.environment(Map.of(
            "PATH",
            "/bin",
            "HOME",
            "/root",
            "PGPASSWORD",
            "canary",
            "PGHOST",
            "evil",
            "LANG",
            "de",
            "APP_SECRET",
            "x")))
        .containsExactlyInAnyOrderEntriesOf(Map.of("PATH", "/bin", "HOME", "/root", "LC_ALL", "C"));
  }

  @Test
  void aFloodOfErrorsNeitherHoldsItUpNorFillsTheHeap() throws Exception {
    Ended ended = Child.run(command(
        LONG,
        "echo first >&2; head -c 50000000 /dev/zero | tr '\\0' '\\n' >&2; echo last >&2; exit 1"));
    assertThat(ended.errors()).isEqualTo("first | … 49983627 bytes left out … | last");
  }

  @Test
  void theDeadlineKillsTheWholeTree() throws Exception {
    Ended ended = Child.run(command(
        Duration.ofSeconds(2),
        "sleep 1234 & echo $! > " + file("pid") + "; echo waiting >&2; sleep 1234"));
    assertThat(ended.failure()).isEqualTo("program was killed at its deadline of 2 s: waiting");
    assertThat(isAlive(pid())).isFalse();
  }

  @Test
  void whoHoldsTheOutputAfterItsEndIsKilled() throws Exception {
    Ended ended =
        Child.run(command(LONG, "(sleep 1234 & echo $! > " + file("pid") + "); echo out"));
    assertThat(ended.printed()).isEqualTo("out\n");
    assertThat(ended.failure())
        .isEqualTo("program ended with status 0 but had left a process behind, which was killed");
    assertThat(isAlive(pid())).isFalse();
  }

  @Test
  void anInterruptKillsTheWholeTree() throws Exception {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> Child.run(command(LONG, "sleep 1234 & sleep 1234")))
        .isInstanceOf(InterruptedIOException.class)
        .hasMessage("interrupted while program was running");
    assertThat(Thread.interrupted()).isTrue();
    assertThat(ProcessHandle.current().descendants())
        .noneMatch(process -> process.info().commandLine().orElse("").contains("sleep 1234"));
  }

  @Test
  void closingEndsItAndItsThreads() throws Exception {
    Child child = Child.start(command(LONG, "yes"), ChildTest::readAll);
    child.close();
    child.close();
    assertThat(child.await().status()).isEqualTo(137);
    await()
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
            .noneMatch(thread -> thread.getName().startsWith("lifeboat program")));
  }

  @Test
  void whoReadsMayFail() throws Exception {
    try (Child child = Child.start(command(LONG, "yes; exit 0"), in -> {
      in.readNBytes(1000);
      throw new IOException("enough");
    })) {
      Ended ended = child.await();
      assertThat(ended.isGood()).isFalse();
      assertThat(ended.output()).hasMessage("enough");
    }
  }

  @Test
  void aProgramThatIsNotThereIsTold() {
    assertThatThrownBy(() -> Child.run(new Command(directory.resolve("none"), List.of(), LONG)))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("Cannot run program \"" + directory.resolve("none") + "\"");
  }

  private Command command(Duration deadline, String script) throws IOException {
    return new Command(Script.make(directory, "program", script), List.of(), deadline);
  }

  private static void readAll(InputStream in) throws IOException {
    in.transferTo(java.io.OutputStream.nullOutputStream());
  }

  private Path file(String name) {
    return directory.resolve(name);
  }

  private long pid() throws IOException {
    return Long.parseLong(Files.readString(file("pid")).strip());
  }

  private static boolean isAlive(long pid) {
    return ProcessHandle.of(pid)
        .flatMap(process -> process.info().command())
        .isPresent(); // a zombie has none
  }
}
