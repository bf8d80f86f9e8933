package dev.lifeboat.examples.benchmarks;

import dev.lifeboat.Backups;
import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.Reason;
import dev.lifeboat.codec.Compression;
import dev.lifeboat.sink.BackupSink;
import dev.lifeboat.storage.s3.S3Sink;
import dev.lifeboat.storage.webdav.WebDavSink;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * One file as it is into a store, in a process of its own: {@code StoreJob <file> <directory> webdav|s3 <address> <user>
 * <password> <series>}.
 */
public final class StoreJob {
  private StoreJob() {}

  /** See the class. */
  public static void main(String[] args) throws IOException {
    System.out.println(keep(args) + " " + Job.peakKilobytes());
  }

  /** Bytes stored. */
  static long keep(String... args) throws IOException {
    if (args[2].equals("webdav")) {
      return keep(
          args,
          WebDavSink.at(URI.create(args[3]))
              .basic(args[4], args[5]::toCharArray)
              .allowPlainHttp());
    }
    URI address = URI.create(args[3]);
    try (S3Client client = S3Client.builder()
        .endpointOverride(address.resolve("/"))
        .forcePathStyle(true)
        .region(Region.US_EAST_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create(args[4], args[5])))
        .httpClientBuilder(UrlConnectionHttpClient.builder())
        .build()) {
      return keep(args, S3Sink.in(client, address.getPath().substring(1), ""));
    }
  }

  private static long keep(String[] args, BackupSink sink) throws IOException {
    Backup backup = Backups.builder(args[6])
        .source(new FileSource(Path.of(args[0])))
        .sink(sink)
        .compression(Compression.none())
        .workDirectory(Path.of(args[1], "work"))
        .build()
        .create(Reason.MANUAL);
    return backup.storedSize();
  }
}
