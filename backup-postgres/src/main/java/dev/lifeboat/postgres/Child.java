package dev.lifeboat.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A child process that cannot hang us: its outputs are drained as they come, its input is fed or closed, and at its
 * deadline it is killed with all that it has started. Threads of its own do that; they end with it.
 */
final class Child implements AutoCloseable {
  /** What is done with a stream of the child, on a thread of its own. */
  @FunctionalInterface
  interface Use<S> {
    void of(S stream) throws IOException;
  }

  private static final Logger LOG = LoggerFactory.getLogger(Child.class);
  private static final Duration GRACE = Duration.ofSeconds(2);
  private static final Duration TURN = Duration.ofMillis(200);

  private final Command command;
  private final ProcessTree tree = new ProcessTree();
  private final Process process;
  private final BoundedText errors = new BoundedText();
  private final CompletableFuture<Void> over = new CompletableFuture<>();
  private final long start = System.nanoTime();
  private final Pump output;
  private final Pump complaints;
  private final Pump input;
  private volatile boolean overdue;
  private volatile boolean killed;
  private volatile boolean leftProcesses;
  private volatile Duration took = Duration.ZERO;

  private Child(Command command, Use<InputStream> stdout, @Nullable Use<OutputStream> stdin)
      throws IOException {
    this.command = command;
    command.requireArgumentsCanBeSaid();
    ProcessBuilder builder = new ProcessBuilder(command.line());
    Map<String, String> environment = Command.environment(System.getenv());
    builder.environment().clear();
    builder.environment().putAll(environment);
    process = tree.start(builder);
    output = pump("output", () -> {
      try (InputStream in = process.getInputStream()) {
        stdout.of(in);
      }
    });
    complaints = pump("errors", () -> {
      try (InputStream in = process.getErrorStream()) {
        errors.drain(in);
      }
    });
    input = pump("input", () -> {
      try (OutputStream out = process.getOutputStream()) {
        if (stdin != null) {
          stdin.of(out);
        }
      }
    });
    pump("watch", this::watch);
  }

  /**
   * Starts one whose input is closed.
   *
   * @param stdout reads its output; if it fails or ends early, the child is left to find its output closed
   */
  static Child start(Command command, Use<InputStream> stdout) throws IOException {
    return new Child(command, stdout, null);
  }

  /** Starts one whose input is fed; {@code stdin} need not close it. */
  static Child start(Command command, Use<InputStream> stdout, Use<OutputStream> stdin)
      throws IOException {
    return new Child(command, stdout, stdin);
  }

  /** Runs one that prints little, to its end; whatever its status. */
  static Ended run(Command command) throws IOException {
    BoundedText output = new BoundedText();
    try (Child child = start(command, output::drain)) {
      return child.await().printing(output.text());
    }
  }

  /**
   * Waits until it is over and its streams are.
   *
   * @throws InterruptedIOException if the thread was interrupted; it is killed then
   */
  Ended await() throws IOException {
    try {
      over.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("it is never failed", e);
    } catch (InterruptedException e) {
      close();
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while " + command.name() + " was running");
    }
    return ended();
  }

  private Ended ended() {
    return new Ended(
        command,
        process.exitValue(),
        took,
        "",
        errors.summary(),
        output.failure(),
        input.failure(),
        overdue,
        leftProcesses);
  }

  long pid() {
    return process.pid();
  }

  boolean isOver() {
    return over.isDone();
  }

  /** Whether it is over, and ended well. */
  boolean isGood() {
    return isOver() && ended().isGood();
  }

  /** Has something short done when it is over; on any thread, at once if it is. */
  void whenOver(Runnable deed) {
    var unused = over.thenRun(deed);
  }

  /** Kills it, with all that it has started, if it is not over. Waits for that, a few seconds at most. */
  @Override
  public void close() {
    if (isOver()) {
      return;
    }
    boolean interrupted = Thread.interrupted();
    kill();
    try {
      over.get(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      interrupted = true;
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("{} could not be killed", command.name());
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void kill() {
    killed = true;
    tree.kill(process);
    output.interrupt();
    input.interrupt();
  }

  /** Until it and its streams have ended. */
  private void watch() {
    try {
      while (!process.waitFor(TURN.toMillis(), TimeUnit.MILLISECONDS)) {
        tree.look(process);
        killIfOverdue();
      }
      took = Duration.ofNanos(System.nanoTime() - start);
      output.endsWithin(GRACE);
      complaints.endsWithin(GRACE);
      leftProcesses = tree.sweep() && !killed; // nobody is left who could hold a stream open
      complaints.endsWithin(GRACE);
      input.endsWithin(GRACE);
      while (!output.endsWithin(TURN) && !killed) { // who reads may be slow
        killIfOverdue();
      }
      output.endsWithin(GRACE);
    } catch (InterruptedException e) {
      kill(); // nobody does that
    } finally {
      over.complete(null);
    }
  }

  private void killIfOverdue() {
    if (!killed && System.nanoTime() - start > command.deadline().toNanos()) {
      overdue = true;
      kill();
    }
  }

  private Pump pump(String of, Pump.Work work) {
    return Pump.start("lifeboat " + command.name() + " " + of, work);
  }
}
