package dev.lifeboat.examples.offmachine;

import dev.lifeboat.sink.BackupSink;
import dev.lifeboat.storage.s3.S3Sink;
import dev.lifeboat.storage.webdav.WebDavSink;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * A place off the machine, by its address. Secrets come from the environment: on a command line every user of the machine
 * could read them.
 *
 * @param sink in there
 * @param end closes the client, if there is one of ours
 */
record Store(BackupSink sink, Runnable end) implements AutoCloseable {
  /**
   * Opens one.
   *
   * @param address {@code https://cloud.example/remote.php/dav/files/alice/backups/} or {@code s3://bucket/prefix}
   * @param environment {@code WEBDAV_USER} and {@code WEBDAV_PASSWORD}; or what every S3 tool reads: {@code AWS_ACCESS_KEY_ID},
   *     {@code AWS_SECRET_ACCESS_KEY}, {@code AWS_REGION} and, for other stores, {@code AWS_ENDPOINT_URL}
   */
  static Store at(URI address, Map<String, String> environment) {
    return switch (String.valueOf(address.getScheme())) {
      case "https", "http" -> webDav(address, environment);
      case "s3" -> s3(address, environment);
      default -> throw new IllegalArgumentException("not https://… or s3://…: " + address);
    };
  }

  private static Store webDav(URI address, Map<String, String> environment) {
    WebDavSink sink = WebDavSink.at(address)
        .basic(
            required(environment, "WEBDAV_USER"),
            () -> required(environment, "WEBDAV_PASSWORD").toCharArray());
    // a password in clear stays on this machine, or is refused
    return new Store(isHere(address) ? sink.allowPlainHttp() : sink, () -> {});
  }

  private static boolean isHere(URI address) {
    try {
      return InetAddress.getByName(address.getHost()).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  private static Store s3(URI address, Map<String, String> environment) {
    Optional<URI> endpoint =
        Optional.ofNullable(environment.get("AWS_ENDPOINT_URL")).map(URI::create);
    S3Client client = S3Client.builder()
        .httpClientBuilder(UrlConnectionHttpClient.builder())
        .credentialsProvider(DefaultCredentialsProvider.builder().build())
        .region(Region.of(environment.getOrDefault("AWS_REGION", "us-east-1")))
        .applyMutation(builder ->
            endpoint.ifPresent(other -> builder.endpointOverride(other).forcePathStyle(true)))
        .build();
    String path = address.getPath();
    return new Store(
        S3Sink.in(client, address.getHost(), path.isEmpty() ? "" : path.substring(1)),
        client::close);
  }

  private static String required(Map<String, String> environment, String name) {
    String value = environment.get(name);
    if (value == null) {
      throw new IllegalArgumentException("the environment has no " + name);
    }
    return value;
  }

  @Override
  public void close() {
    end.run();
  }
}
