package dev.lifeboat.sqlite;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Another process with our class path, driven by its input and output and ended at will. */
final class ChildJvm implements AutoCloseable {
  private final Process process;
  private final BufferedReader output;

  private ChildJvm(Process process) {
    this.process = process;
    this.output = process.inputReader(StandardCharsets.UTF_8);
  }

  static ChildJvm start(Class<?> main, Object... arguments) throws IOException {
    return start(List.of("-Xmx128m"), ProcessBuilder.Redirect.DISCARD, main, arguments);
  }

  /** With these options of the JVM; what it says to its standard error goes where it is told. */
  static ChildJvm start(
      List<String> options, ProcessBuilder.Redirect errors, Class<?> main, Object... arguments)
      throws IOException {
    List<String> command = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:TieredStopAtLevel=1",
        "-XX:+UseSerialGC",
        "-Xshare:auto",
        "-cp",
        System.getProperty("java.class.path")));
    command.addAll(options);
    command.add(main.getName());
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    return new ChildJvm(new ProcessBuilder(command).redirectError(errors).start());
  }

  /** The next line it prints; "" when it has ended. */
  String nextLine() throws IOException {
    String line = output.readLine();
    return line == null ? "" : line;
  }

  void say(String line) throws IOException {
    Writer input = process.outputWriter(StandardCharsets.UTF_8);
    input.write(line + "\n");
    input.flush();
  }

  long pid() {
    return process.pid();
  }

  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** The same, and gives what it had said that nobody has read yet. */
  List<String> killAndHearTheRest() throws IOException, InterruptedException {
    process.toHandle().destroyForcibly(); // leaves its output open, unlike the process' own method
    List<String> rest = new ArrayList<>();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      rest.add(line);
    }
    process.waitFor();
    return rest;
  }

  /** Stops it as a machine does that goes to sleep. */
  void pause() throws IOException, InterruptedException {
    signal("STOP");
  }

  void resume() throws IOException, InterruptedException {
    signal("CONT");
  }

  private void signal(String name) throws IOException, InterruptedException {
    Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid())).start();
    if (kill.waitFor() != 0) {
      throw new IOException("cannot send SIG" + name);
    }
  }

  /** Lets it go on for this long, unless it ends by itself. */
  boolean endsWithin(long time, TimeUnit unit) throws InterruptedException {
    return process.waitFor(time, unit);
  }

  int waitFor() throws InterruptedException {
    return process.waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
