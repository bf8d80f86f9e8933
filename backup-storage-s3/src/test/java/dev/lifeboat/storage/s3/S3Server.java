package dev.lifeboat.storage.s3;

import java.net.URI;
import java.nio.file.Path;
import java.util.Properties;
import org.gaul.s3proxy.BlobStores;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/**
 * A real S3 server in this process (s3proxy), on a free port of the loopback device, that checks signatures. It has one
 * bucket, {@link #BUCKET}. Closing it stops it.
 */
final class S3Server implements AutoCloseable {
  static final String BUCKET = "company-backups";
  static final String KEY_ID = "AKIALIFEBOAT";
  static final String SECRET = "canary-secret-of-the-test";

  private final S3Proxy proxy;

  private S3Server(S3Proxy proxy) {
    this.proxy = proxy;
  }

  /** That keeps its objects as files below this directory. */
  static S3Server over(Path directory) throws Exception {
    Properties properties = new Properties();
    properties.setProperty("jclouds.filesystem.basedir", directory.toString());
    return start("filesystem-nio2", properties);
  }

  /** That keeps its objects in memory. */
  static S3Server inMemory() throws Exception {
    return start("transient-nio2", new Properties());
  }

  private static S3Server start(String backend, Properties properties) throws Exception {
    properties.setProperty("jclouds.identity", "-");
    properties.setProperty("jclouds.credential", "-");
    S3Proxy proxy = S3Proxy.builder()
        .blobStore(BlobStores.create(backend, properties))
        .endpoint(URI.create("http://127.0.0.1:0"))
        .awsAuthentication(AuthenticationType.AWS_V4, KEY_ID, SECRET)
        .build();
    proxy.start();
    S3Server server = new S3Server(proxy);
    try (S3Client client = server.client()) {
      client.createBucket(request -> request.bucket(BUCKET));
    }
    return server;
  }

  /** {@code http://127.0.0.1:port}. */
  URI endpoint() {
    return URI.create("http://127.0.0.1:" + proxy.getPort());
  }

  int port() {
    return proxy.getPort();
  }

  /** A client with all its defaults; the caller closes it. */
  S3Client client() {
    return client(endpoint());
  }

  /** The same by way of another endpoint: a proxy in between. */
  static S3Client client(URI endpoint) {
    return builder(endpoint, KEY_ID, SECRET).build();
  }

  /** The same, which tries everything once. */
  static S3Client impatient(URI endpoint) {
    return builder(endpoint, KEY_ID, SECRET)
        .overrideConfiguration(
            options -> options.retryStrategy(AwsRetryStrategy.doNotRetry()))
        .build();
  }

  static S3ClientBuilder builder(URI endpoint, String keyId, String secret) {
    return S3Client.builder()
        .endpointOverride(endpoint)
        .forcePathStyle(true)
        .region(Region.US_EAST_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create(keyId, secret)))
        .httpClientBuilder(UrlConnectionHttpClient.builder());
  }

  @Override
  public void close() {
    try {
      proxy.stop();
    } catch (Exception e) {
      throw new IllegalStateException("the server does not stop", e);
    }
  }
}
