package dev.lifeboat.storage.s3;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.lifeboat.sink.Content;
import dev.lifeboat.sink.Digest;
import dev.lifeboat.sink.ObjectName;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.StorageClass;

/** What goes over the wire, byte by byte, whatever the host's client is set to. */
class WireTest {
  private static final byte[] BYTES = "the orders of a day".getBytes(US_ASCII);
  private static final String SHA256 = Digest.of(BYTES).sha256();
  private static final ObjectName NAME = ObjectName.of("shop/orders.db");
  private static final String PUT = "PUT tenant/shop/orders.db";

  private FakeS3 store;

  @BeforeEach
  void start() throws Exception {
    store = FakeS3.start();
  }

  @AfterEach
  void stop() {
    store.close();
  }

  @Test
  void aBodyIsSentAsItIsWithItsLengthAndItsChecksum() throws Exception {
    try (S3Client client = S3Server.client(store.endpoint())) {
      put(client);
    }
    FakeS3.Request put = theOnly(PUT);
    assertSentAsItIs(put);
    assertThat(put.header("x-amz-content-sha256")).contains(SHA256);
    assertThat(put.header("if-none-match")).contains("*");
    assertThat(put.header("authorization").orElseThrow()).contains("x-amz-checksum-sha256");
    assertThat(put.header("x-amz-storage-class")).isEmpty();
    assertThat(put.header("x-amz-server-side-encryption")).isEmpty();
    assertThat(store.bytes("tenant/shop/orders.db")).isEqualTo(BYTES);
  }

  @Test
  void alsoByAClientThatAddsNoChecksumsOfItsOwn() throws Exception {
    try (S3Client client = S3Server.builder(store.endpoint(), S3Server.KEY_ID, S3Server.SECRET)
        .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
        .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
        .build()) {
      put(client);
    }
    assertSentAsItIs(theOnly(PUT));
  }

  @Test
  void alsoToAStoreThatTakesNoSha256() throws Exception {
    store.answering(
        request -> request.header("x-amz-checksum-sha256").isPresent(),
        FakeS3.Answer.error(501, "NotImplemented", "no such header here"));
    try (S3Client client = S3Server.client(store.endpoint())) {
      put(client);
    }
    FakeS3.Request put = theOnly(PUT);
    assertPlain(put);
    assertThat(put.header("x-amz-content-sha256")).contains(SHA256);
  }

  @Test
  void alsoOverTls(@TempDir Path directory) throws Exception {
    KeyStore keys = selfSigned(directory);
    HttpsServer tls = HttpsServer.create(FakeS3.loopback(), 0);
    tls.setHttpsConfigurator(new HttpsConfigurator(context(keys)));
    try (FakeS3 secure = FakeS3.over(tls);
        S3Client client = S3Server.builder(
                URI.create("https://127.0.0.1:" + secure.port()), S3Server.KEY_ID, S3Server.SECRET)
            .httpClientBuilder(UrlConnectionHttpClient.builder()
                .tlsTrustManagersProvider(() -> trusting(keys)))
            .build()) {
      put(client);
      FakeS3.Request put = secure.requests().stream()
          .filter(FakeS3.call(PUT))
          .findFirst()
          .orElseThrow();
      assertSentAsItIs(put);
      // TLS and the checksum protect the body, so the client signs none
      assertThat(put.header("x-amz-content-sha256")).contains("UNSIGNED-PAYLOAD");
    }
  }

  @Test
  void storageClassAndEncryptionArePassedOnAndOnlyTheLatterForWhatIsTriedOut() throws Exception {
    try (S3Client client = S3Server.client(store.endpoint())) {
      S3Sink.in(client, FakeS3.BUCKET, "tenant")
          .storageClass(StorageClass.STANDARD_IA)
          .encryptedByKms("alias/backups")
          .put(NAME, Content.of(BYTES));
    }
    assertThat(theOnly(PUT).header("x-amz-storage-class")).contains("STANDARD_IA");
    assertThat(store.requests())
        .filteredOn(request -> request.method().equals("PUT"))
        .hasSize(4)
        .allSatisfy(request -> {
          assertThat(request.header("x-amz-server-side-encryption")).contains("aws:kms");
          assertThat(request.header("x-amz-server-side-encryption-aws-kms-key-id"))
              .contains("alias/backups");
        })
        .filteredOn(request -> request.header("x-amz-storage-class").isPresent())
        .hasSize(1);
  }

  @Test
  void theStoreMayEncryptUnderKeysOfItsOwn() throws Exception {
    try (S3Client client = S3Server.client(store.endpoint())) {
      S3Sink.in(client, FakeS3.BUCKET, "tenant").encryptedByStore().put(NAME, Content.of(BYTES));
    }
    assertThat(theOnly(PUT).header("x-amz-server-side-encryption")).contains("AES256");
    assertThat(theOnly(PUT).header("x-amz-server-side-encryption-aws-kms-key-id")).isEmpty();
  }

  @Test
  void aPutTakesTwoRequestsAfterTheFirst() throws Exception {
    try (S3Client client = S3Server.client(store.endpoint())) {
      S3Sink sink = S3Sink.in(client, FakeS3.BUCKET, "tenant");
      sink.put(NAME, Content.of(BYTES));
      assertThat(store.calls())
          .containsExactly(
              "PUT tenant/.lifeboat-probe",
              "PUT tenant/.lifeboat-probe",
              "PUT tenant/.lifeboat-probe-checksum",
              PUT,
              "HEAD tenant/shop/orders.db");
      store.forgetRequests();
      sink.put(ObjectName.of("shop/users.db"), Content.of(BYTES));
      assertThat(store.calls())
          .containsExactly("PUT tenant/shop/users.db", "HEAD tenant/shop/users.db");
    }
  }

  @Test
  void whatIsReadIsAskedForWithItsChecksum() throws Exception {
    try (S3Client client = S3Server.client(store.endpoint())) {
      put(client);
      S3Sink.in(client, FakeS3.BUCKET, "tenant").open(NAME).close();
    }
    FakeS3.Request get = theOnly("GET");
    assertThat(get.header("x-amz-checksum-mode")).contains("ENABLED");
    assertThat(get.header("x-amz-te")).isEmpty();
  }

  private static void put(S3Client client) throws Exception {
    S3Sink.in(client, FakeS3.BUCKET, "tenant").put(NAME, Content.of(BYTES));
  }

  private FakeS3.Request theOnly(String call) {
    List<FakeS3.Request> found = store.requests().stream().filter(FakeS3.call(call)).toList();
    assertThat(found).hasSize(1);
    return found.get(0);
  }

  private static void assertSentAsItIs(FakeS3.Request put) {
    assertPlain(put);
    assertThat(put.header("x-amz-checksum-sha256")).contains(Requests.base64(SHA256));
    assertThat(put.header("x-amz-sdk-checksum-algorithm")).isEmpty();
  }

  private static void assertPlain(FakeS3.Request put) {
    assertThat(put.body()).isEqualTo(BYTES);
    assertThat(put.header("content-length")).contains(Integer.toString(BYTES.length));
    assertThat(put.header("transfer-encoding")).isEmpty();
    assertThat(put.header("content-encoding")).isEmpty();
    assertThat(put.header("x-amz-trailer")).isEmpty();
    assertThat(put.header("x-amz-decoded-content-length")).isEmpty();
  }

  private static KeyStore selfSigned(Path directory) throws Exception {
    Path file = directory.resolve("keys.p12");
    Process keytool = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair",
            "-alias",
            "store",
            "-keyalg",
            "EC",
            "-dname",
            "CN=localhost",
            "-ext",
            "san=ip:127.0.0.1",
            "-storetype",
            "PKCS12",
            "-storepass",
            "changeit",
            "-keystore",
            file.toString())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
    assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      keys.load(in, "changeit".toCharArray());
    }
    return keys;
  }

  private static SSLContext context(KeyStore keys) throws Exception {
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, "changeit".toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }

  private static TrustManager[] trusting(KeyStore keys) {
    try {
      TrustManagerFactory managers =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      managers.init(keys);
      return managers.getTrustManagers();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
