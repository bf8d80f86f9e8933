package dev.lifeboat.examples.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Other processes. What they complain of is seen on the console. */
final class Commands {
  private Commands() {}

  /** Whether the machine has it. */
  static boolean has(String command) {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
        .anyMatch(directory -> Path.of(directory, command).toFile().canExecute());
  }

  /** Runs one, and gives what it prints. */
  static String run(String... command) throws IOException, InterruptedException {
    return pipe(List.of(List.of(command)));
  }

  /** Runs some, each reading what the one before it prints, and gives what the last one prints. */
  static String pipe(List<List<String>> commands) throws IOException, InterruptedException {
    List<Process> processes = ProcessBuilder.startPipeline(builders(commands));
    String printed = new String(
        processes.get(processes.size() - 1).getInputStream().readAllBytes(),
        StandardCharsets.UTF_8);
    requireGood(processes, commands);
    return printed;
  }

  /** The same, where the last one prints into a file. */
  static void pipeInto(Path file, List<List<String>> commands)
      throws IOException, InterruptedException {
    List<ProcessBuilder> builders = builders(commands);
    builders.get(builders.size() - 1).redirectOutput(file.toFile());
    requireGood(ProcessBuilder.startPipeline(builders), commands);
  }

  private static List<ProcessBuilder> builders(List<List<String>> commands) {
    return commands.stream()
        .map(command -> {
          ProcessBuilder builder =
              new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
          builder.environment().remove("AWS_CA_BUNDLE"); // rclone fails if there is one
          return builder;
        })
        .toList();
  }

  private static void requireGood(List<Process> processes, List<List<String>> commands)
      throws IOException, InterruptedException {
    for (int i = 0; i < commands.size(); i++) {
      if (processes.get(i).waitFor() != 0) {
        throw new IOException(
            commands.get(i).get(0) + " ended with status " + processes.get(i).exitValue());
      }
    }
  }

  /** Runs a main class in a JVM of its own, with the classes of this one, and gives what it prints. */
  static String java(List<String> options, Class<?> main, String... arguments)
      throws IOException, InterruptedException {
    return pipe(List.of(commandOf(options, main, arguments)));
  }

  /** Starts one that goes on; what it complains of is seen on the console. */
  static Process start(Class<?> main, String... arguments) throws IOException {
    return new ProcessBuilder(commandOf(List.of(), main, arguments))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static List<String> commandOf(List<String> options, Class<?> main, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    return command;
  }
}
