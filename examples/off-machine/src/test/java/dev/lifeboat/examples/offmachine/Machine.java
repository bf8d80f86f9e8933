package dev.lifeboat.examples.offmachine;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The example in a process of its own, with an empty home. */
final class Machine {
  private final Path home;
  private final Map<String, String> environment;

  Machine(Path home, Map<String, String> environment) throws IOException {
    this.home = Files.createDirectory(home);
    this.environment = environment;
  }

  Path home() {
    return home;
  }

  /** What must never be told. */
  List<String> secrets() {
    return environment.entrySet().stream()
        .filter(entry -> entry.getKey().matches(".*(PASSWORD|SECRET).*"))
        .map(Map.Entry::getValue)
        .toList();
  }

  /** What it says. */
  String run(String... args) throws IOException {
    return run(0, args);
  }

  /** The same, where it must fail. */
  String failing(String... args) throws IOException {
    return run(1, args);
  }

  private String run(int status, String... args) throws IOException {
    List<String> command = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx128m",
        "--enable-native-access=ALL-UNNAMED",
        "-Duser.home=" + home,
        "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
        "-cp",
        System.getProperty("java.class.path"),
        OffMachine.class.getName()));
    command.addAll(List.of(args));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("AWS_"));
    builder.environment().putAll(environment);
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    try {
      if (process.waitFor() != status) {
        throw new AssertionError("ended with " + process.exitValue() + ": " + said);
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      throw new AssertionError(e);
    }
    return said;
  }
}
