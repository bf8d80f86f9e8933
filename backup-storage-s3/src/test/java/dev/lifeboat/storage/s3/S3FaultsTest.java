package dev.lifeboat.storage.s3;

import dev.lifeboat.testkit.HttpFaultsContract;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.gaul.s3proxy.BlobStores;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.s3.S3Client;

/** Before s3proxy, which checks every signature, those of bodies too: the proxy keeps the {@code Host} that was signed. */
class S3FaultsTest implements HttpFaultsContract {
  @TempDir
  static Path directory;

  private static S3Server server;
  private static S3Proxy openDoor;
  private static final Map<String, S3Client> clients = new HashMap<>();
  private static int places;

  @BeforeAll
  static void start() throws Exception {
    server = S3Server.over(directory);
    Properties properties = new Properties();
    properties.setProperty("jclouds.filesystem.basedir", directory.toString());
    properties.setProperty("jclouds.identity", "-");
    properties.setProperty("jclouds.credential", "-");
    openDoor = S3Proxy.builder()
        .blobStore(BlobStores.create("filesystem-nio2", properties))
        .endpoint(URI.create("http://127.0.0.1:0"))
        .awsAuthentication(AuthenticationType.NONE, "", "")
        .build();
    openDoor.start();
  }

  @AfterAll
  static void stop() throws Exception {
    clients.values().forEach(S3Client::close);
    clients.clear();
    openDoor.stop();
    server.close();
  }

  @Override
  public URI server() {
    return server.endpoint();
  }

  @Override
  public Place emptyPlace() {
    String prefix = "place-" + ++places;
    return (endpoint, patience) -> S3Sink.in(client(endpoint, patience), S3Server.BUCKET, prefix);
  }

  private static S3Client client(URI endpoint, Duration patience) {
    return clients.computeIfAbsent(
        endpoint + " " + patience,
        unknown -> S3Server.builder(endpoint, S3Server.KEY_ID, S3Server.SECRET)
            .httpClientBuilder(UrlConnectionHttpClient.builder()
                .connectionTimeout(patience)
                .socketTimeout(patience))
            .overrideConfiguration(options -> options
                .retryStrategy(AwsRetryStrategy.doNotRetry())
                .apiCallTimeout(patience.multipliedBy(4)))
            .build());
  }

  @Override
  public Optional<URI> openDoor() {
    return Optional.of(URI.create("http://127.0.0.1:" + openDoor.getPort()));
  }

  @Override
  public boolean reusesEndedConnections() {
    return true;
  }

  @Override
  public List<String> secrets() {
    return new ArrayList<>(List.of(S3Server.SECRET, "Signature=", "Authorization: AWS4"));
  }
}
