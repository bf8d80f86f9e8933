package dev.lifeboat.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lifeboat.sink.Sinks;
import java.net.URI;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.StorageClass;

/** What a sink is called, and which options it takes; nothing of it asks a store. */
class S3SinkOptionsTest {
  private static S3Client client;

  @BeforeAll
  static void start() {
    client = S3Server.client(URI.create("https://name:canary@minio.example.com:9000/path?canary"));
  }

  @AfterAll
  static void stop() {
    client.close();
  }

  @Test
  void theEndpointIsPartOfTheNameAndNothingSecretIs() {
    assertThat(in("company-backups", "shop").description())
        .isEqualTo("s3://company-backups@minio.example.com:9000/shop");
    assertThat(in("company-backups", "eu/shop/").description())
        .isEqualTo("s3://company-backups@minio.example.com:9000/eu/shop");
    assertThat(in("company-backups", "").description())
        .isEqualTo("s3://company-backups@minio.example.com:9000");
    assertThat(Sinks.prefixed(in("company-backups", "eu"), "shop/").description())
        .isEqualTo("s3://company-backups@minio.example.com:9000/eu/shop");
  }

  @Test
  void onAwsTheBucketIsEnough() {
    // also by a client that somebody has wrapped, and that does not tell how it was built
    S3Client wrapped = new S3Client() {
      @Override
      public String serviceName() {
        return "s3";
      }

      @Override
      public void close() {}
    };
    assertThat(S3Sink.in(wrapped, "company-backups", "shop").description())
        .isEqualTo("s3://company-backups/shop");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a/b", " bucket", "bucket "})
  void whatIsNoBucketIsRefused(String bucket) {
    assertThatThrownBy(() -> in(bucket, "shop"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("not the name of a bucket: \"" + bucket + '"');
  }

  @Test
  void anAccessPointIsOne() {
    assertThat(in("arn:aws:s3:eu-central-1:123456789012:accesspoint/backups", "shop"))
        .isNotNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/shop", "shop//x", "../shop", "über", "sh op", ".hidden"})
  void whatIsNoPrefixIsRefused(String prefix) {
    assertThatThrownBy(() -> in("company-backups", prefix))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("not a prefix: \"" + prefix
            + "\"; it is made of letters, digits, \".\", \"-\", \"_\" and \"/\" like the names of"
            + " objects");
  }

  @Test
  void aClassThatMustBeThawedIsRefused() {
    S3Sink sink = in("company-backups", "shop");
    for (StorageClass frozen : new StorageClass[] {
      StorageClass.GLACIER, StorageClass.DEEP_ARCHIVE, StorageClass.UNKNOWN_TO_SDK_VERSION
    }) {
      assertThatThrownBy(() -> sink.storageClass(frozen))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(frozen + " cannot be used: backups must be readable at once");
    }
  }

  @Test
  void anOptionIsGivenOnce() {
    S3Sink sink = in("company-backups", "shop").encryptedByStore();
    assertThatThrownBy(() -> sink.encryptedByKms("key"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("encryption by the store was given already");
    assertThatThrownBy(
            () -> sink.storageClass(StorageClass.GLACIER_IR).storageClass(StorageClass.STANDARD))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("storageClass was given already");
    assertThatThrownBy(() -> in("company-backups", "shop").encryptedByKms(" "))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("keyId must not be blank");
  }

  private static S3Sink in(String bucket, String prefix) {
    return S3Sink.in(client, bucket, prefix);
  }
}
