package dev.lifeboat.storage.s3;

import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.SdkPlugin;
import software.amazon.awssdk.core.SdkServiceClientConfiguration;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner;
import software.amazon.awssdk.services.s3.S3ServiceClientConfiguration;
import software.amazon.awssdk.services.s3.auth.scheme.S3AuthSchemeProvider;

/**
 * Has a body sent as it is. Without TLS the client would wrap it in {@code aws-chunked} framing, which some stores keep
 * as if it were part of the object. With this, it signs the SHA-256 of the body instead.
 */
final class PlainBody {
  private PlainBody() {}

  /** For one request. */
  static AwsRequestOverrideConfiguration override() {
    SdkPlugin plugin = PlainBody::configure;
    return AwsRequestOverrideConfiguration.builder().addPlugin(plugin).build();
  }

  private static void configure(SdkServiceClientConfiguration.Builder configuration) {
    if (configuration instanceof S3ServiceClientConfiguration.Builder s3) {
      S3AuthSchemeProvider before = s3.authSchemeProvider();
      s3.authSchemeProvider(parameters -> before.resolveAuthScheme(parameters).stream()
          .map(option -> option.toBuilder()
              .putSignerProperty(AwsV4FamilyHttpSigner.CHUNK_ENCODING_ENABLED, false)
              .build())
          .toList());
    }
  }
}
