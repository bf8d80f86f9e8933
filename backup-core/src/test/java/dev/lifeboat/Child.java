package dev.lifeboat;

import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.Reason;
import dev.lifeboat.sink.MemorySink;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Another process that uses a work directory: says READY when it is where it should be, and stays there until it is killed. */
final class Child implements AutoCloseable {
  private final Process process;
  private final BufferedReader out;

  private Child(Process process) {
    this.process = process;
    this.out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /** {@code what} is one of the cases of {@link #main}; the shell's umask is as given. */
  static Child start(String what, Path work, String umask, String... options) throws IOException {
    List<String> java = new ArrayList<>();
    java.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    java.addAll(List.of(options));
    java.addAll(List.of(
        "-Xmx64m",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-cp",
        System.getProperty("java.class.path"),
        Child.class.getName(),
        what,
        work.toString()));
    List<String> command = java;
    if (File.separatorChar == '/') {
      command = new ArrayList<>(List.of("sh", "-c", "umask " + umask + "; exec \"$@\"", "sh"));
      command.addAll(java);
    }
    return new Child(new ProcessBuilder(command)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start());
  }

  static Child start(String what, Path work) throws IOException {
    return start(what, work, "022");
  }

  /** Its next line. */
  String line() throws IOException {
    return String.valueOf(out.readLine());
  }

  long pid() {
    return process.pid();
  }

  /** kill -9, and waits until it is dead. */
  void kill() {
    process.destroyForcibly();
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        throw new AssertionError("the child does not die");
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    kill();
  }

  public static void main(String[] args) throws Exception {
    Path work = Path.of(args[1]);
    switch (args[0]) {
      case "turn" -> {
        try (Turn turn = Turn.take(
            new WorkDirectory(work),
            "shop",
            "restore",
            "office",
            Duration.ZERO,
            Clock.systemUTC())) {
          turn.during(Child::ready);
        }
      }
      case "try" -> {
        try (Turn turn = Turn.take(
            new WorkDirectory(work), "shop", "create", "", Duration.ZERO, Clock.systemUTC())) {
          System.out.println(turn.during(() -> "TAKEN"));
        } catch (BackupException e) {
          System.out.println(e.kind());
        }
      }
      case "create" -> {
        Paper orders = new Paper("orders", "orders 1").at("write", Child::ready);
        Backups.builder("shop")
            .source(orders)
            .sink(new MemorySink("of the child"))
            .workDirectory(work)
            .build()
            .create(Reason.MANUAL);
      }
      case "one-line" -> {
        Backups.create(new Paper("orders", "orders 1"), new MemorySink());
        System.out.println("DONE");
      }
      case "one-line-that-stops" ->
        Backups.create(new Paper("orders", "orders 1").at("write", Child::ready), new MemorySink());
      case "restore" -> {
        Paper orders = new Paper("orders", "orders 1");
        Backups backups = Backups.builder("shop")
            .source(orders)
            .sink(new MemorySink("of the child"))
            .workDirectory(work)
            .build();
        BackupId id = backups.create(Reason.MANUAL).id();
        orders.at("check", Child::ready);
        backups.restore(id);
      }
      case "default" -> {
        Backups.builder("shop")
            .source(new Paper("orders", "orders 1"))
            .sink(new MemorySink())
            .build()
            .create(Reason.MANUAL);
        System.out.println("DONE");
      }
      default -> throw new IllegalArgumentException(args[0]);
    }
  }

  private static String ready() {
    System.out.println("READY");
    try {
      Thread.sleep(Duration.ofMinutes(5).toMillis()); // killed long before
      return "";
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
