package dev.lifeboat.postgres;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Another process with our class path, heard by its output and killed at will. */
final class ChildJvm implements AutoCloseable {
  private final Process process;
  private final BufferedReader output;

  private ChildJvm(Process process) {
    this.process = process;
    this.output = process.inputReader(StandardCharsets.UTF_8);
  }

  static ChildJvm start(Class<?> main, Object... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx64m",
        "-XX:TieredStopAtLevel=1",
        "-XX:+UseSerialGC",
        "-Xshare:auto",
        "-cp",
        System.getProperty("java.class.path"),
        main.getName()));
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    ProcessBuilder builder = new ProcessBuilder(command);
    return new ChildJvm(
        builder.redirectError(ProcessBuilder.Redirect.appendTo(log())).start());
  }

  private static File log() {
    return Path.of("target", "child-jvm.log").toFile();
  }

  /** The next line it prints; "" when it has ended. */
  String nextLine() throws IOException {
    String line = output.readLine();
    return line == null ? "" : line;
  }

  /** As {@code kill -9} does: whatever it has started goes on. */
  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
