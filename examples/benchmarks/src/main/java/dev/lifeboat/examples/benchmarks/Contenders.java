package dev.lifeboat.examples.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Who runs against whom. */
final class Contenders {
  private Contenders() {}

  /** What a careful administrator would write: the online backup, then zstd on all cores. Nothing is checked or synced. */
  static Contender sqliteAndZstd() {
    return new Contender() {
      @Override
      public String name() {
        return "sqlite3 .backup, zstd -3 -T0";
      }

      @Override
      public Cost run(Path database, Path directory) throws IOException, InterruptedException {
        Path copy = directory.resolve("copy.db");
        execute(
            List.of("sqlite3", database.toString(), ".timeout 60000", ".backup '" + copy + "'"));
        execute(List.of("zstd", "-3", "-T0", "-q", "--rm", copy.toString()));
        return new Cost(Files.size(directory.resolve("copy.db.zst")), 0);
      }
    };
  }

  /** Lifeboat in a JVM of its own. */
  static Contender lifeboat(String profile) {
    return new Contender() {
      @Override
      public String name() {
        return "lifeboat, " + profile;
      }

      @Override
      public Cost run(Path database, Path directory) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx128m",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
            "-cp",
            System.getProperty("java.class.path"),
            "dev.lifeboat.examples.benchmarks.Job",
            database.toString(),
            directory.toString(),
            profile));
        String printed = execute(command).trim();
        int space = printed.indexOf(' ');
        return new Cost(
            Long.parseLong(printed.substring(0, space)),
            Long.parseLong(printed.substring(space + 1)));
      }
    };
  }

  private static String execute(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(command.get(0) + " ended with status " + process.exitValue());
    }
    return printed;
  }
}
