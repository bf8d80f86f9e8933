package dev.lifeboat.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lifeboat.source.Facts;
import dev.lifeboat.source.Snapshot;
import dev.lifeboat.testkit.FaultCount;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A pg_dump that fails in every way that pg_dumps fail. Its archive is a real one, and so is the pg_restore. */
@Timeout(120)
class StubDumpTest {
  private static final String PID = "dump.pid";
  private static int tried;

  @TempDir
  Path directory;

  private final Server server = Server.of(Clients.OLDEST);
  private String database = "";
  private Path archive = Path.of("");
  private Path bin = Path.of("");

  @BeforeEach
  void makeArchive() throws Exception {
    database = Shop.small(server);
    archive = directory.resolve("archive.dump");
    Files.write(archive, Taken.of(Clients.source(server, database), directory).content());
    bin = directory.resolve("bin");
  }

  @AfterEach
  void nothingIsLeft() throws IOException {
    tried++;
    try (var processes = ProcessHandle.current().descendants()) {
      assertThat(processes.filter(
              process -> process.info().commandLine().orElse("").contains(directory.toString())))
          .isEmpty();
    }
    try (var files = Files.walk(directory.resolve("scratch"))) {
      assertThat(files.filter(Files::isRegularFile)).isEmpty();
    }
  }

  @AfterAll
  static void count() {
    FaultCount.tried(StubDumpTest.class, "pg_dump fails in a way of its own", tried);
  }

  @Test
  void oneThatWorksIsTaken() throws Exception {
    stub("cat " + archive);
    assertThat(dump(new ByteArrayOutputStream()).notes()).doesNotContainKey("pg_dump said");
  }

  @Test
  void warningsWithStatus0AreTold() throws Exception {
    stub("echo 'pg_dump: warning: a' >&2", "cat " + archive, "echo 'pg_dump: detail: b' >&2");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertThat(dump(out).notes())
        .containsEntry("pg_dump said", "pg_dump: warning: a | pg_dump: detail: b");
    assertThat(out.toByteArray()).isEqualTo(Files.readAllBytes(archive));
  }

  @Test
  void status1After90Percent() throws Exception {
    stub("head -c " + percent(90) + " " + archive, "echo 'pg_dump: error: lost' >&2", "exit 1");
    assertFails(
        "The dump of " + at() + " failed: pg_dump ended with status 1 after # ms: pg_dump: error:"
            + " lost. Nothing of it was kept.");
  }

  @Test
  void status1AfterAll() throws Exception {
    stub("cat " + archive, "exit 1");
    assertFails("The dump of " + at()
        + " failed: pg_dump ended with status 1 after # ms. Nothing of it was kept.");
  }

  @Test
  void status1AtOnce() throws Exception {
    stub("echo 'pg_dump: error: no' >&2; exit 1");
    assertFails(
        "The dump of " + at() + " failed: pg_dump ended with status 1 after # ms: pg_dump: error:"
            + " no. Nothing of it was kept.");
  }

  @Test
  void killed() throws Exception {
    stub("head -c " + percent(50) + " " + archive, "kill -9 $$");
    assertFails("The dump of " + at()
        + " failed: pg_dump ended with status 137 (killed) after # ms. Nothing of it was kept.");
  }

  @Test
  void status0AfterAnyPart() throws Exception {
    for (int percent : new int[] {1, 10, 50, 90, 99}) {
      stub("head -c " + percent(percent) + " " + archive);
      assertThatThrownBy(() -> dump(OutputStream.nullOutputStream()))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith("What pg_dump wrote of " + at()
              + " is no whole archive: pg_restore ended with status 1 after ")
          .hasMessageEndingWith(". Nothing of it was kept.");
      tried++;
    }
  }

  @Test
  void status0WithoutTheLastByte() throws Exception {
    stub("head -c " + (Files.size(archive) - 1) + " " + archive);
    assertFails(
        "What pg_dump wrote of " + at() + " is no whole archive: pg_restore ended with status 1"
            + " after # ms: pg_restore: error: could not read from input file: end of file. Nothing of it was"
            + " kept.");
  }

  @Test
  void status0AndNothing() throws Exception {
    stub(":");
    assertFails("pg_dump of " + at() + " has written nothing. Nothing was kept.");
  }

  @Test
  void status0AndSomethingElse() throws Exception {
    stub("yes | head -c 3000000");
    assertFails(
        "What pg_dump wrote of " + at() + " is no whole archive: pg_restore ended with status 1"
            + " after # ms: pg_restore: error: input file does not appear to be a valid archive. Nothing of it"
            + " was kept.");
  }

  @Test
  void aFloodOfErrors() throws Exception {
    stub("yes 'pg_dump: error: flood' | head -c 20000000 >&2", "cat " + archive, "exit 1");
    assertThatThrownBy(() -> dump(OutputStream.nullOutputStream()))
        .message()
        .startsWith("The dump of " + at() + " failed: pg_dump ended with status 1 after ")
        .contains("pg_dump: error: flood | pg_dump: error: flood | pg_dump: error: flood | … | ")
        .hasSizeLessThan(500);
  }

  @Test
  void oneThatNeverEnds() throws Exception {
    stub("cat " + archive, "sleep 1234");
    assertThatThrownBy(
            () -> dump(source().deadline(Duration.ofMillis(1500)), OutputStream.nullOutputStream()))
        .hasMessage("The dump of " + at()
            + " failed: pg_dump was killed at its deadline of 1500 ms. Nothing of it was kept.");
  }

  @Test
  void oneThatNeverBegins() throws Exception {
    stub("sleep 1234");
    assertThatThrownBy(
            () -> dump(source().deadline(Duration.ofMillis(1500)), OutputStream.nullOutputStream()))
        .hasMessage("The dump of " + at()
            + " failed: pg_dump was killed at its deadline of 1500 ms. Nothing of it was kept.");
  }

  @Test
  void itsOutputIsHeldByAChild() throws Exception {
    stub("cat " + archive, "sleep 1234 &", "exit 0");
    assertFails("The dump of " + at()
        + " failed: pg_dump ended with status 0 but had left a process behind,"
        + " which was killed. Nothing of it was kept.");
  }

  @Test
  void itAsksForAPassword() throws Exception {
    stub(
        "printf 'Password: ' >&2",
        "if read -r password; then echo got it >&2; fi",
        "echo 'fe_sendauth: no password supplied' >&2; exit 1");
    assertFails("The dump of " + at() + " failed: pg_dump ended with status 1 after # ms: Password:"
        + " fe_sendauth: no password supplied. Nothing of it was kept.");
  }

  @Test
  void theSinkFails() throws Exception {
    stub("cat " + archive, "yes | head -c 30000000");
    IOException full = new IOException("the sink is full");
    assertThatThrownBy(() -> dump(new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw full;
          }

          @Override
          public void write(byte[] bytes, int offset, int length) throws IOException {
            throw full;
          }
        }))
        .isSameAs(full);
  }

  /** Into the real one's place, with the real one's version. */
  private void stub(String... lines) throws IOException {
    Client client = Clients.require(server.major());
    Script.make(
        bin,
        "pg_dump",
        "if [ \"$1\" = --version ]; then echo 'pg_dump (PostgreSQL) " + client.dump()
            + "'; exit; fi",
        "echo $$ > " + directory.resolve(PID),
        String.join("\n", lines));
    Script.make(bin, "pg_restore", "exec " + client.program("pg_restore") + " \"$@\"");
  }

  private PostgresSource source() {
    return PostgresSource.of("shop", server.connection(database)).client(bin);
  }

  private Facts dump(OutputStream out) throws IOException {
    return dump(source(), out);
  }

  private Facts dump(PostgresSource source, OutputStream out) throws IOException {
    Path scratch = Files.createDirectories(directory.resolve("scratch"));
    try (Snapshot snapshot = source.open(scratch)) {
      snapshot.capture();
      return snapshot.writeTo(out);
    }
  }

  /** @param message with # for a number */
  private void assertFails(String message) {
    assertThatThrownBy(() -> dump(OutputStream.nullOutputStream()))
        .isInstanceOf(IOException.class)
        .extracting(e -> String.valueOf(e.getMessage()).replaceAll("after \\d+ m?s", "after # ms"))
        .isEqualTo(message);
  }

  private long percent(int percent) throws IOException {
    return Files.size(archive) * percent / 100;
  }

  private String at() {
    return "\"" + database + "\" at 127.0.0.1:" + server.port();
  }
}
