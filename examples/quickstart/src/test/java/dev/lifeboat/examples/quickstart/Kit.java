package dev.lifeboat.examples.quickstart;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/**
 * The two programs of the recovery kit, run hundreds of times: the Java one within this machine, compiled once, the Python one in
 * forks of a process that has imported its libraries. {@link #runAsAPersonWould} starts them as their README says.
 */
final class Kit implements AutoCloseable {
  /** Not the one in the path: Debian's packages belong to this one. */
  static final String PYTHON_OF_THE_SYSTEM = "/usr/bin/python3";

  /** Forks for every line of arguments, and answers the exit code. */
  private static final String FORKS = """
      import os, sys
      import argon2.low_level, cryptography.hazmat.primitives.asymmetric.x25519
      import cryptography.hazmat.primitives.kdf.hkdf, cryptography.hazmat.primitives.ciphers.aead
      kit, out, err = sys.argv[1:]
      code = compile(open(kit).read(), kit, "exec")
      for line in sys.stdin:
          child = os.fork()
          if not child:
              for number, name, how in (0, "/dev/null", 0), (1, out, 577), (2, err, 577):
                  os.dup2(os.open(name, how, 0o600), number)
              sys.argv = [kit, *line.rstrip("\\n").split("\\x1f")]
              exec(code, {"__name__": "__main__"})
              sys.exit(0)
          print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
      """;

  /** Which of the two. */
  enum Program {
    JAVA,
    PYTHON
  }

  /** How it ended, and what it said. */
  record Outcome(int exit, String out, String err) {}

  private final Path scratch;
  private final Process forks;
  private final BufferedReader exits;
  private final URLClassLoader loader;
  private final Method recover;

  /**
   * Both, ready to run.
   *
   * @param scratch for the classes and for what they say
   */
  Kit(Path scratch) throws Exception {
    this.scratch = scratch;
    List<URL> classes =
        List.of(compile(scratch).toUri().toURL(), bouncyCastle().toUri().toURL());
    loader = new URLClassLoader(classes.toArray(URL[]::new), null);
    recover = loader
        .loadClass("Recover")
        .getDeclaredMethod("recover", String[].class, PrintStream.class, PrintStream.class);
    recover.setAccessible(true);
    forks = new ProcessBuilder(
            PYTHON_OF_THE_SYSTEM,
            "-c",
            FORKS,
            Golden.kit().resolve("recover.py").toString(),
            scratch.resolve("kit.out").toString(),
            scratch.resolve("kit.err").toString())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
    exits = forks.inputReader(StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    loader.close();
    forks.getOutputStream().close();
    forks.onExit().join();
  }

  /** Runs one, its input at its end from the beginning, so that it cannot ask. */
  Outcome run(Program program, List<String> arguments) throws Exception {
    return program == Program.JAVA ? runJava(arguments) : runPython(arguments);
  }

  private Outcome runJava(List<String> arguments) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int exit = (int) recover.invoke(
        null,
        arguments.toArray(String[]::new),
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8));
    return new Outcome(
        exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private Outcome runPython(List<String> arguments) throws IOException {
    requirePython();
    forks
        .getOutputStream()
        .write((String.join("\u001f", arguments) + "\n").getBytes(StandardCharsets.UTF_8));
    forks.getOutputStream().flush();
    int exit = Integer.parseInt(exits.readLine());
    return new Outcome(
        exit,
        Files.readString(scratch.resolve("kit.out")),
        Files.readString(scratch.resolve("kit.err")));
  }

  /** The same as a command, the Java program from its source and without Bouncy Castle. */
  Outcome runAsAPersonWould(Program program, List<String> arguments) throws Exception {
    List<String> command = new ArrayList<>();
    if (program == Program.JAVA) {
      command.addAll(List.of(java(), Golden.kit().resolve("Recover.java").toString()));
    } else {
      requirePython();
      command.addAll(
          List.of(PYTHON_OF_THE_SYSTEM, Golden.kit().resolve("recover.py").toString()));
    }
    command.addAll(arguments);
    File out = scratch.resolve("person.out").toFile();
    File err = scratch.resolve("person.err").toFile();
    ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(out).redirectError(err);
    builder.environment().remove("JAVA_TOOL_OPTIONS"); // about which every JVM says something
    Process process = builder.start();
    process.getOutputStream().close();
    int exit = process.waitFor();
    return new Outcome(exit, Files.readString(out.toPath()), Files.readString(err.toPath()));
  }

  static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  private static Path compile(Path scratch) {
    Path classes = scratch.resolve("kit-classes");
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
    return classes;
  }

  static Path bouncyCastle() throws ClassNotFoundException, URISyntaxException {
    return Path.of(Class.forName("org.bouncycastle.crypto.generators.Argon2BytesGenerator")
        .getProtectionDomain()
        .getCodeSource()
        .getLocation()
        .toURI());
  }

  /** Where its libraries are missing, what needs it is skipped; in CI it fails. */
  static void requirePython() {
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
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
  }
}
