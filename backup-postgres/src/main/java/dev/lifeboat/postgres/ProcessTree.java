package dev.lifeboat.postgres;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A child and all that came of it. Who starts a process and ends leaves an orphan that no list of descendants shows, so
 * on Linux all of them are known by a mark in their environment; elsewhere those are known that were seen alive.
 */
final class ProcessTree {
  private static final String MARK = "LIFEBOAT_CHILD";
  private static final Path PROC = Path.of("/proc");
  private static final int ROUNDS = 50;

  private final String mark = UUID.randomUUID().toString();
  private final Set<ProcessHandle> seen = new LinkedHashSet<>();

  /** Starts it, marked. */
  Process start(ProcessBuilder builder) throws IOException {
    builder.environment().put(MARK, mark);
    return builder.start();
  }

  /** Notes who is there now. */
  synchronized void look(Process process) {
    process.descendants().forEach(seen::add);
  }

  /** Kills all of them, the first one included, and returns when they are gone, or do not go. */
  void kill(Process process) {
    look(process);
    process.destroyForcibly();
    sweep();
    try {
      process.waitFor(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Kills what the first one has left behind, and tells whether there was anything. */
  boolean sweep() {
    boolean any = false;
    for (int round = 0; round < ROUNDS; round++) { // one may have been forking
      Set<ProcessHandle> left = left();
      if (left.isEmpty()) {
        return any;
      }
      any = true;
      left.forEach(ProcessHandle::destroyForcibly);
    }
    return any;
  }

  private synchronized Set<ProcessHandle> left() {
    if (!Files.isDirectory(PROC.resolve("self"))) {
      return seen.stream()
          .filter(ProcessHandle::isAlive)
          .collect(Collectors.toCollection(LinkedHashSet::new));
    }
    Set<ProcessHandle> left = new LinkedHashSet<>();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path process : processes) {
        if (isMarked(process)) {
          handle(process).ifPresent(left::add);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      return left; // what was found must do
    }
    return left;
  }

  private boolean isMarked(Path process) {
    try {
      byte[] environment = Files.readAllBytes(process.resolve("environ"));
      return new String(environment, StandardCharsets.ISO_8859_1).contains(MARK + "=" + mark);
    } catch (IOException e) {
      return false; // somebody else's, or gone
    }
  }

  private static Optional<ProcessHandle> handle(Path process) {
    return ProcessHandle.of(Long.parseLong(process.getFileName().toString()));
  }
}
