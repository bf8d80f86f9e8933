package dev.lifeboat.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

class PostgresConnectionTest {
  private static final String SECRET = "ca:na\\ry'ü ";

  @TempDir
  Path directory;

  private final Server server = Server.of(17);

  @BeforeAll
  static void makeRole() throws SQLException {
    Server.of(17)
        .run(
            "postgres",
            "DROP ROLE IF EXISTS guarded",
            "CREATE ROLE guarded LOGIN PASSWORD " + Session.literal(SECRET));
  }

  static Stream<Integer> servers() {
    return Server.majors().boxed();
  }

  @ParameterizedTest
  @MethodSource("servers")
  void aSessionIsFreeOfTheServersTimeouts(int major) throws Exception {
    Server each = Server.of(major);
    String database = each.create("timeouts");
    each.run(
        "postgres",
        "ALTER DATABASE " + database + " SET statement_timeout = '1s'",
        "ALTER DATABASE " + database + " SET lock_timeout = '1s'",
        "ALTER DATABASE " + database + " SET idle_in_transaction_session_timeout = '1s'",
        "ALTER DATABASE " + database + " SET search_path = 'evil'");
    try (Session session = each.connection(database).open()) {
      assertThat(session.server().major()).isEqualTo(major);
      assertThat(session.rows(
              "SELECT setting FROM pg_settings WHERE name LIKE '%timeout' AND context = 'user'"
                  + " AND name NOT LIKE 'tcp%' AND name <> 'wal_sender_timeout' AND name NOT IN ('deadlock_timeout', 'client_connection_check_interval')",
              row -> row.getString(1)))
          .isNotEmpty()
          .containsOnly("0");
      assertThat(session.text("SHOW search_path")).hasValue("pg_catalog");
    }
  }

  @Test
  void aUrlSaysAll() throws Exception {
    String database = server.create("url");
    PostgresConnection connection =
        PostgresConnection.url("jdbc:postgresql://127.0.0.1:" + server.port() + "/" + database
            + "?user=guarded&password=ca%3Ana%5Cry'%C3%BC%20&ssl=false");
    assertThat(connection)
        .hasToString("PostgresConnection[\"" + database + "\" at 127.0.0.1:" + server.port() + "]");
    try (Session session = connection.open();
        ClientLogin login = connection.clientLogin(session, "o'ther\\", directory)) {
      assertThat(session.text("SELECT current_database()")).hasValue(database);
      assertThat(session.text("SELECT session_user")).hasValue("guarded");
      assertThat(login.conninfo())
          .startsWith(
              "host='127.0.0.1' port='" + server.port() + "' user='guarded' dbname='o\\'ther\\\\'")
          .doesNotContain("ca:na");
    }
  }

  @Test
  void theFirstHostThatAnswersIsTaken() throws Exception {
    String database = server.create("hosts");
    PostgresConnection connection = PostgresConnection.url("jdbc:postgresql://127.0.0.1:"
        + closedPort() + ",127.0.0.1:" + server.port() + "/" + database + "?user=postgres");
    try (Session session = connection.open()) {
      assertThat(session.endpoint()).isEqualTo(new Endpoint("127.0.0.1", server.port()));
    }
  }

  @Test
  void thePasswordFileIsPrivateAndGone() throws Exception {
    PostgresConnection connection = PostgresConnection.of(
            "127.0.0.1", server.port(), "postgres", "guarded")
        .password(SECRET::toCharArray);
    try (Session session = connection.open()) {
      try (ClientLogin login = connection.clientLogin(session, "postgres", directory)) {
        Path file = onlyFile();
        assertThat(login.conninfo()).contains("passfile='" + file + "'").doesNotContain("ca:na");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
            .isEqualTo("rw-------");
        assertThat(Files.readString(file, StandardCharsets.UTF_8))
            .isEqualTo("127.0.0.1:" + server.port() + ":*:*:ca\\:na\\\\ry'ü \n");
      }
      assertThat(directory).isEmptyDirectory();
    }
  }

  @Test
  void thePasswordIsWiped() throws Exception {
    char[] given = SECRET.toCharArray();
    PostgresConnection.of("127.0.0.1", server.port(), "postgres", "guarded")
        .password(() -> given)
        .open()
        .close();
    assertThat(given).containsOnly('\0');
  }

  @Test
  void aDataSourceTellsWhereItsDatabaseIs() throws Exception {
    PGSimpleDataSource pool = new PGSimpleDataSource();
    pool.setServerNames(new String[] {"127.0.0.1"});
    pool.setPortNumbers(new int[] {server.port()});
    pool.setDatabaseName("postgres");
    pool.setUser("guarded");
    pool.setPassword(SECRET);
    PostgresConnection connection = PostgresConnection.of(pool);
    assertThatThrownBy(connection::open)
        .isInstanceOf(IOException.class)
        .hasMessage(at("postgres") + ": The server requested SCRAM-based authentication, but no"
            + " password was provided. No password was named. Nothing was read.");
    try (Session session = connection.password(SECRET::toCharArray).open()) {
      assertThat(session.text("SELECT session_user")).hasValue("guarded");
    }
  }

  @Test
  void aWrongPasswordIsToldWithoutIt() {
    PostgresConnection connection = PostgresConnection.of(
            "127.0.0.1", server.port(), "postgres", "guarded")
        .password("canary"::toCharArray);
    assertThatThrownBy(connection::open)
        .isInstanceOf(AccessDeniedException.class)
        .hasMessage(
            at("postgres") + ": the login failed (FATAL: password authentication failed for user"
                + " \"guarded\"). Nothing was read.");
  }

  @Test
  void aMissingDatabaseIsMissing() {
    assertThatThrownBy(() -> server.connection("nowhere").open())
        .isInstanceOf(NoSuchFileException.class)
        .hasMessage(
            at("nowhere") + ": FATAL: database \"nowhere\" does not exist. Nothing was read.");
  }

  @Test
  void aServerThatIsNotThereCannotBeReached() throws Exception {
    int port = closedPort();
    assertThatThrownBy(
            () -> PostgresConnection.of("127.0.0.1", port, "shop", "me").open())
        .isInstanceOf(ConnectException.class)
        .hasMessage(
            "\"shop\" at 127.0.0.1:" + port + " cannot be reached (Connection to 127.0.0.1:" + port
                + " refused. Check that the hostname and port are correct and that the postmaster is"
                + " accepting TCP/IP connections). Nothing was read.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"socketFactory=x.Y", "sslfactory=x.Y", "sslpassword=canary"})
  void whatPgDumpCannotFollowIsRefused(String property) {
    assertThatThrownBy(
            () -> PostgresConnection.url("jdbc:postgresql://h/d?password=canary&" + property))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("The URL has " + property.substring(0, property.indexOf('='))
            + ", which pg_dump cannot follow. Name host, port and database, and sslMode and"
            + " rootCertificate where needed.");
  }

  @Test
  void anotherUrlIsRefusedWithoutShowingIt() {
    assertThatThrownBy(() -> PostgresConnection.url("jdbc:mysql://h/d?password=canary"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("url must be like jdbc:postgresql://host:5432/database, and is not");
  }

  @Test
  void protectionIsPassedOnToBoth() throws Exception {
    PostgresConnection connection = server
        .connection("postgres")
        .sslMode("prefer")
        .rootCertificate(Path.of("/etc/it's/ca.pem"));
    try (Session session = connection.open();
        ClientLogin login = connection.clientLogin(session, "postgres", directory)) {
      assertThat(login.conninfo())
          .contains("sslmode='prefer'")
          .contains("sslrootcert='/etc/it\\'s/ca.pem'");
    }
    assertThatThrownBy(() -> server.connection("postgres").sslMode("require").open())
        .isInstanceOf(IOException.class)
        .hasMessage(at("postgres")
            + ": The server does not support SSL. No password was named. Nothing was read.");
    assertThatThrownBy(() -> connection.sslMode("yes"))
        .hasMessage(
            "sslMode must be one of disable, allow, prefer, require, verify-ca and verify-full, was yes");
  }

  private String at(String database) {
    return "\"" + database + "\" at 127.0.0.1:" + server.port();
  }

  private Path onlyFile() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.toList().get(0);
    }
  }

  private static int closedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
