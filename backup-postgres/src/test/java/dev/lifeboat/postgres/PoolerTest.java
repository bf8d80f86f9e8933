package dev.lifeboat.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real PgBouncer between us and the server. */
@Timeout(120)
class PoolerTest {
  @TempDir
  Path directory;

  private final Server server = Server.of(Clients.OLDEST);
  private int port;
  private @Nullable Process pooler;

  @AfterEach
  void stop() throws Exception {
    if (pooler != null) {
      pooler.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"session", "transaction"})
  void anyPoolerIsRefused(String mode) throws Exception {
    start(mode);
    assertThatThrownBy(() -> connection().open())
        .isInstanceOf(IOException.class)
        .hasMessage(
            "\"postgres\" at 127.0.0.1:" + port
                + " is reached through a connection pooler, which may"
                + " share its sessions among clients; a dump would be wrong then. Connect to PostgreSQL's own"
                + " port, or, if the pooler is in session mode, say sessionPooler(). Nothing was read.");
  }

  @Test
  void oneInSessionModeCanBeAllowed() throws Exception {
    start("session");
    try (Session session = connection().sessionPooler().open()) {
      assertThat(session.server().major()).isEqualTo(server.major());
    }
  }

  @Test
  void oneInTransactionModeCannot() throws Exception {
    start("transaction");
    assertThatThrownBy(() -> connection().sessionPooler().open())
        .isInstanceOf(IOException.class)
        .hasMessage(
            "\"postgres\" at 127.0.0.1:" + port + " is reached through a connection pooler in"
                + " transaction mode, which shares its sessions among clients; a dump would be wrong. Connect to"
                + " PostgreSQL's own port. Nothing was read.");
  }

  private PostgresConnection connection() {
    return PostgresConnection.of("127.0.0.1", port, "postgres", "postgres");
  }

  private void start(String mode) throws Exception {
    Path program = program();
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Path settings = directory.resolve("pgbouncer.ini");
    Files.writeString(
        settings,
        String.join(
            "\n",
            "[databases]",
            "* = host=127.0.0.1 user=postgres port=" + server.port(),
            "[pgbouncer]",
            "listen_addr = 127.0.0.1",
            "listen_port = " + port,
            "unix_socket_dir =",
            "auth_type = any",
            "pool_mode = " + mode,
            "default_pool_size = 10",
            "ignore_startup_parameters = extra_float_digits",
            ""));
    List<String> command = List.of(program.toString(), settings.toString());
    if (System.getProperty("user.name").equals("root")) { // which it does not like
      command = List.of(
          "setpriv", "--reuid=65534", "--clear-groups", program.toString(), settings.toString());
      for (Path each = directory;
          each != null && each.getNameCount() > 1;
          each = each.getParent()) {
        each.toFile().setExecutable(true, false);
        each.toFile().setReadable(true, false);
      }
    }
    Process started = new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("log").toFile())
        .start();
    pooler = started;
    await().atMost(Duration.ofMinutes(1)).until(() -> {
      if (!started.isAlive()) {
        throw new AssertionError(Files.readString(directory.resolve("log")));
      }
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        return socket.isConnected();
      } catch (IOException e) {
        return false;
      }
    });
  }

  private static Path program() {
    String path = System.getenv("PATH") + File.pathSeparator + "/usr/sbin";
    return Stream.of(path.split(File.pathSeparator, -1))
        .map(directory -> Path.of(directory, "pgbouncer"))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseGet(() -> {
          if ("true".equals(System.getenv("CI"))) {
            return fail("pgbouncer is required here");
          }
          System.err.println("*** NOT TESTED, for want of pgbouncer: PoolerTest");
          return abort("no pgbouncer");
        });
  }
}
