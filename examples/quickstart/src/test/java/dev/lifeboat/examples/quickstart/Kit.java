package dev.lifeboat.examples.quickstart;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** One of the two programs of the recovery kit, run as a process of its own. */
enum Kit {
  JAVA {
    @Override
    List<String> command(Path scratch) {
      return List.of(
          java(),
          "-XX:TieredStopAtLevel=1",
          "-cp",
          compiled(scratch) + File.pathSeparator + bouncyCastle(),
          "Recover");
    }
  },
  PYTHON {
    @Override
    List<String> command(Path scratch) {
      requirePython();
      return List.of(PYTHON_OF_THE_SYSTEM, Golden.kit().resolve("recover.py").toString());
    }
  };

  /** Not the one in the path: Debian's packages belong to this one. */
  private static final String PYTHON_OF_THE_SYSTEM = "/usr/bin/python3";

  /** How it ended, and what it said. */
  record Outcome(int exit, String out, String err) {}

  abstract List<String> command(Path scratch);

  /** Runs it, its input at its end from the beginning, so that it cannot ask. */
  Outcome run(Path scratch, List<String> arguments) {
    return run(scratch, command(scratch), arguments);
  }

  /** The same, from the source as the kit's README says, and without Bouncy Castle. */
  static Outcome runFromSource(Path scratch, List<String> arguments) {
    return run(
        scratch, List.of(java(), Golden.kit().resolve("Recover.java").toString()), arguments);
  }

  private static Outcome run(Path scratch, List<String> command, List<String> arguments) {
    List<String> all = new ArrayList<>(command);
    all.addAll(arguments);
    Path out = scratch.resolve("kit.out");
    Path err = scratch.resolve("kit.err");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(all).redirectOutput(out.toFile()).redirectError(err.toFile());
      builder.environment().remove("JAVA_TOOL_OPTIONS"); // about which every JVM says something
      Process process = builder.start();
      process.getOutputStream().close();
      int exit = process.waitFor();
      return new Outcome(
          exit,
          Files.readString(out, StandardCharsets.UTF_8),
          Files.readString(err, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /** Compiled once for all, since a start from the source takes two seconds each time. */
  private static Path compiled(Path scratch) {
    Path classes = scratch.resolve("kit-classes");
    if (!Files.exists(classes)) {
      int exit = ToolProvider.getSystemJavaCompiler()
          .run(
              null,
              null,
              null,
              "-Xlint:all",
              "-Werror",
              "--release",
              "17",
              "-d",
              classes.toString(),
              Golden.kit().resolve("Recover.java").toString());
      Assertions.assertEquals(0, exit, "Recover.java does not compile");
    }
    return classes;
  }

  private static Path bouncyCastle() {
    try {
      return Path.of(Class.forName("org.bouncycastle.crypto.generators.Argon2BytesGenerator")
          .getProtectionDomain()
          .getCodeSource()
          .getLocation()
          .toURI());
    } catch (ClassNotFoundException | URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void requirePython() {
    String missing =
        "NOT RUN: recover.py needs Debian's python3-cryptography and python3-argon2 for /usr/bin/python3";
    if ("true".equals(System.getenv("CI"))) {
      Assertions.assertTrue(HasPython.ANSWER, missing);
    }
    Assumptions.assumeTrue(HasPython.ANSWER, missing);
  }

  /** Asked once. */
  private static final class HasPython {
    static final boolean ANSWER = ask();

    private static boolean ask() {
      try {
        Process process = new ProcessBuilder(
                PYTHON_OF_THE_SYSTEM, "-c", "import cryptography.hazmat, argon2.low_level")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
        return process.waitFor() == 0;
      } catch (IOException e) {
        return false;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
  }
}
