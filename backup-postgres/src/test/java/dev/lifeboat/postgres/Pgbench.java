package dev.lifeboat.postgres;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The machine's {@code pgbench} at work in one database: its own tables, its own transactions. */
final class Pgbench implements AutoCloseable {
  /** What must be the same in every committed state. */
  static final List<String> SUMS = List.of(
      "SELECT coalesce(sum(abalance), 0) FROM pgbench_accounts",
      "SELECT coalesce(sum(tbalance), 0) FROM pgbench_tellers",
      "SELECT coalesce(sum(bbalance), 0) FROM pgbench_branches",
      "SELECT coalesce(sum(delta), 0) FROM pgbench_history");

  private final Process process;
  private final Path output;

  private Pgbench(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  /** Fills the database and begins; without {@code pgbench} the test fails in CI, and is skipped loudly elsewhere. */
  static Pgbench in(Server server, String database, int clients, Path directory)
      throws IOException, InterruptedException {
    Path output = directory.resolve("pgbench.log");
    Process filling = start(server, database, output, "--initialize", "--quiet", "--scale=1");
    if (filling.waitFor() != 0) {
      throw new IOException("pgbench: " + Files.readString(output));
    }
    return new Pgbench(
        start(
            server,
            database,
            output,
            "--no-vacuum",
            "--client=" + clients,
            "--jobs=1",
            "--time=3600"),
        output);
  }

  private static Process start(Server server, String database, Path output, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>(List.of(program().toString(), "--username=postgres"));
    command.addAll(List.of("--host=127.0.0.1", "--port=" + server.port()));
    command.addAll(List.of(arguments));
    command.add(database);
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(output.toFile())
        .redirectInput(new File("/dev/null"))
        .start();
  }

  private static Path program() throws IOException {
    Path installed = Path.of("/usr/lib/postgresql");
    try (Stream<Path> majors = Files.isDirectory(installed) ? Files.list(installed) : Stream.of()) {
      List<Path> found = majors
          .map(major -> major.resolve("bin").resolve("pgbench"))
          .filter(Files::isExecutable)
          .toList();
      if (!found.isEmpty()) {
        return found.get(0);
      }
    }
    if ("true".equals(System.getenv("CI"))) {
      return fail("pgbench is required here");
    }
    System.err.println("*** NOT TESTED, for want of pgbench: dumps of a busy database");
    return abort("no pgbench");
  }

  /** Ends it; what it was at is rolled back. */
  void end() throws IOException, InterruptedException {
    if (!process.isAlive()) {
      throw new IOException("pgbench ended by itself: " + Files.readString(output));
    }
    process.destroy();
    process.waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
