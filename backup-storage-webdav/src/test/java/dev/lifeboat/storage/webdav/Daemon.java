package dev.lifeboat.storage.webdav;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A server of the machine as a process of ours. */
final class Daemon implements AutoCloseable {
  private final Process process;

  private Daemon(Process process) {
    this.process = process;
  }

  /**
   * The program, where the machine has it. Otherwise the test is skipped, and says so; but it fails if the environment
   * says {@code CI}, where a test that is skipped would be missed by nobody.
   */
  static String installed(String program, Path... needed) {
    Optional<Path> found = Stream.of("/usr/sbin", "/usr/bin", "/usr/local/bin")
        .map(folder -> Path.of(folder, program))
        .filter(Files::isExecutable)
        .findFirst();
    Optional<Path> missing =
        Stream.of(needed).filter(path -> !Files.exists(path)).findFirst();
    if (found.isEmpty() || missing.isPresent()) {
      String what = "not installed: " + missing.map(Path::toString).orElse(program);
      if (System.getenv("CI") != null) {
        throw new AssertionError(what);
      }
      System.err.println("SKIPPED, " + what);
      abort(what);
    }
    return found.get().toString();
  }

  /** Starts it and waits until it listens. What it says goes to a file {@code out} in the directory. */
  static Daemon start(Path directory, int port, Map<String, String> environment, String... command)
      throws IOException {
    Path out = directory.resolve("out");
    ProcessBuilder builder = new ProcessBuilder(List.of(command))
        .redirectErrorStream(true)
        .redirectOutput(out.toFile())
        .directory(directory.toFile());
    builder.environment().putAll(environment);
    Daemon daemon = new Daemon(builder.start());
    try {
      await(command[0])
          .atMost(Duration.ofSeconds(60))
          .pollInterval(Duration.ofMillis(20))
          .until(() -> !daemon.process.isAlive() || isListening(port));
      if (!daemon.process.isAlive()) {
        throw new IOException(command[0] + " ended: " + Files.readString(out));
      }
      return daemon;
    } catch (RuntimeException | IOException e) {
      daemon.close();
      throw e;
    }
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** A line of a password file, as Apache and nginx read it. */
  static String passwordLine() {
    try {
      byte[] sha1 = MessageDigest.getInstance("SHA-1")
          .digest(DavServer.PASSWORD.getBytes(StandardCharsets.UTF_8));
      return DavServer.USER + ":{SHA}" + Base64.getEncoder().encodeToString(sha1) + "\n";
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static boolean isListening(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  /** Ends it and all that it started. */
  @Override
  public void close() throws IOException {
    List<ProcessHandle> children = process.descendants().toList();
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    children.forEach(ProcessHandle::destroyForcibly);
  }
}
