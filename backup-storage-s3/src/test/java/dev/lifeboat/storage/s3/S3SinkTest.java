package dev.lifeboat.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeboat.sink.BackupSink;
import dev.lifeboat.testkit.BackupSinkContract;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.S3Client;

/** The sink contract in a real server, over files. */
class S3SinkTest implements BackupSinkContract {
  private static final AtomicInteger PREFIXES = new AtomicInteger();

  @TempDir
  static Path directory;

  private static S3Server server;
  private static S3Client client;

  private String prefix = "";

  @BeforeAll
  static void start() throws Exception {
    server = S3Server.over(directory);
    client = server.client();
  }

  @AfterAll
  static void stop() {
    client.close();
    server.close();
  }

  @Override
  public BackupSink emptySink() {
    prefix = "tenant-" + PREFIXES.incrementAndGet() + "/shop";
    return S3Sink.in(client, S3Server.BUCKET, prefix);
  }

  @Override
  public BackupSink again(BackupSink sink) {
    return S3Sink.in(client, S3Server.BUCKET, prefix);
  }

  @Test
  void itIsFoundOutThatThisServerHonoursWhatItIsAsked() throws Exception {
    assertThat(emptySink().exclusivePut()).isTrue();
  }
}
