/** Backups kept in S3. */
@org.jspecify.annotations.NullMarked
@SuppressWarnings("module") // the name is S3's
module dev.lifeboat.storage.s3 {
  requires transitive dev.lifeboat.core;
  requires transitive software.amazon.awssdk.services.s3;
  requires software.amazon.awssdk.awscore;
  requires software.amazon.awssdk.core;
  requires software.amazon.awssdk.http;
  requires software.amazon.awssdk.http.auth.aws;
  requires software.amazon.awssdk.http.auth.spi;
  requires static org.jspecify;

  exports dev.lifeboat.storage.s3;
}
