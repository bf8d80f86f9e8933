package dev.lifeboat.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeboat.sink.BackupSink;
import dev.lifeboat.testkit.BackupSinkContract;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.S3Client;

/** The sink contract in a store that ignores conditions, looks at no checksum and keeps no metadata. */
class PoorStoreTest implements BackupSinkContract {
  private FakeS3 store;
  private S3Client client;

  @BeforeEach
  void start() throws IOException {
    store = FakeS3.start().ignoringConditions().echoingChecksums().forgettingMetadata();
    client = S3Server.client(store.endpoint());
  }

  @AfterEach
  void stop() {
    client.close();
    store.close();
  }

  @Override
  public BackupSink emptySink() {
    return S3Sink.in(client, FakeS3.BUCKET, "shop");
  }

  @Override
  public BackupSink again(BackupSink sink) {
    return emptySink();
  }

  @Test
  void nothingIsPromisedThatItDoesNotDo() throws Exception {
    assertThat(emptySink().exclusivePut()).isFalse();
  }
}
