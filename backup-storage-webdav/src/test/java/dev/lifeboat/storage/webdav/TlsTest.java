package dev.lifeboat.storage.webdav;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server whose certificate nobody has signed but itself. */
class TlsTest {
  private static final char[] PASSWORD = "changeit".toCharArray();

  @TempDir
  Path directory;

  @Test
  void aSelfSignedCertificateIsRefusedUnlessTheHostsClientTrustsIt() throws Exception {
    KeyStore keys = selfSigned("127.0.0.1");
    try (Scripted server = listening(keys)) {
      server.listing(Scripted.folder("/dav/"));
      WebDavSink sink =
          WebDavSink.at(secure(server)).basic("alice", () -> "correct horse".toCharArray());
      assertThatThrownBy(() -> sink.list(""))
          .isExactlyInstanceOf(IOException.class)
          .hasCauseInstanceOf(SSLHandshakeException.class)
          .hasMessageStartingWith(secure(server) + ": cannot list \"\": no secure connection: ")
          .hasMessageEndingWith(
              ". A certificate authority of your own goes into the HttpClient given to client(...)");
      assertThat(server.requests()).isEmpty();
      assertThat(sink.client(trusting(keys)).list("")).isEmpty();
      assertThat(server.authorizations()).containsExactly("Basic YWxpY2U6Y29ycmVjdCBob3JzZQ==");
    }
  }

  @Test
  void aCertificateOfAnotherHostIsRefusedThoughItIsTrusted() throws Exception {
    KeyStore keys = selfSigned("127.0.0.2");
    try (Scripted server = listening(keys)) {
      WebDavSink sink = WebDavSink.at(secure(server)).client(trusting(keys));
      assertThatThrownBy(() -> sink.list("")).hasCauseInstanceOf(SSLHandshakeException.class);
      assertThat(server.requests()).isEmpty();
    }
  }

  private static URI secure(Scripted server) {
    return URI.create(server.uri().toString().replace("http:", "https:"));
  }

  private static Scripted listening(KeyStore keys) throws Exception {
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(keys, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(factory.getKeyManagers(), null, null);
    HttpsServer server = HttpsServer.create();
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    return new Scripted(server);
  }

  private static HttpClient trusting(KeyStore keys) throws Exception {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    KeyStore certificate = KeyStore.getInstance(KeyStore.getDefaultType());
    certificate.load(null, null);
    certificate.setCertificateEntry("server", keys.getCertificate("server"));
    factory.init(certificate);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, factory.getTrustManagers(), null);
    return HttpClient.newBuilder().sslContext(context).build();
  }

  private KeyStore selfSigned(String address) throws Exception {
    Path file = directory.resolve("keys.p12");
    Process keytool = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair",
            "-alias",
            "server",
            "-keyalg",
            "EC",
            "-dname",
            "CN=" + address,
            "-ext",
            "SAN=IP:" + address,
            "-keystore",
            file.toString(),
            "-storetype",
            "PKCS12",
            "-storepass",
            new String(PASSWORD))
        .redirectErrorStream(true)
        .start();
    assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      keys.load(in, PASSWORD);
    }
    return keys;
  }
}
