package dev.lifeboat.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.lifeboat.source.Snapshot;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server with a certificate: the driver and pg_dump both look at it. */
@Timeout(120)
class SslTest {
  private static final char[] STORE = "changeit".toCharArray();

  @TempDir
  Path directory;

  /** By the mode that is named, or by the certificate alone. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void bothWaysAreProtectedAndKnowTheServer(boolean named) throws Exception {
    Client client = Clients.require(Clients.OLDEST);
    Path trusted = certificate("trusted");
    Path stranger = certificate("stranger");
    try (Server server = Server.start(Clients.OLDEST)) {
      String database = Shop.large(server, 10);
      protect(server, "trusted");
      PostgresConnection plain = server.connection(database);
      PostgresConnection connection = named ? plain.sslMode("verify-full") : plain;
      PostgresSource source =
          PostgresSource.of("shop", connection.rootCertificate(trusted)).client(client.directory());
      Path scratch = Files.createDirectory(directory.resolve("scratch"));
      try (Snapshot snapshot = source.open(scratch)) {
        snapshot.capture();
        assertThat(server.query(
                database,
                "SELECT s.ssl FROM pg_stat_ssl s JOIN pg_stat_activity a USING (pid)"
                    + " WHERE a.application_name LIKE 'lifeboat%'"))
            .containsExactly("t", "t");
        snapshot.writeTo(OutputStream.nullOutputStream());
      }
      assertThatThrownBy(() ->
              PostgresSource.of("shop", connection.rootCertificate(stranger)).open(scratch))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith("\"" + database + "\" at 127.0.0.1:" + server.port())
          .hasMessageContaining("SSL error")
          .hasMessageEndingWith("Nothing was read.");
    }
  }

  /** Makes a key of that name, and returns its certificate. */
  private Path certificate(String name) throws Exception {
    Path store = directory.resolve(name + ".p12");
    Process keytool = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair",
            "-alias",
            "server",
            "-keyalg",
            "EC",
            "-dname",
            "CN=" + name,
            "-ext",
            "SAN=ip:127.0.0.1",
            "-storetype",
            "PKCS12",
            "-storepass",
            new String(STORE),
            "-keystore",
            store.toString())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
    assertThat(keytool.waitFor()).isZero();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, STORE);
    }
    pem(name + ".key", "PRIVATE KEY", keys.getKey("server", STORE).getEncoded());
    return pem(name + ".crt", "CERTIFICATE", keys.getCertificate("server").getEncoded());
  }

  private Path pem(String file, String what, byte[] content) throws IOException {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
    return Files.writeString(
        directory.resolve(file),
        "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n");
  }

  private void protect(Server server, String name) throws Exception {
    Path key = Files.copy(directory.resolve(name + ".key"), server.data().resolve("server.key"));
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    Files.copy(directory.resolve(name + ".crt"), server.data().resolve("server.crt"));
    server.run("postgres", "ALTER SYSTEM SET ssl = on", "SELECT pg_reload_conf()");
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> server.query("postgres", "SHOW ssl").contains("on"));
  }
}
