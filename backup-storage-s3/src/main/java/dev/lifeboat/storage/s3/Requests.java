package dev.lifeboat.storage.s3;

import dev.lifeboat.sink.Digest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;
import software.amazon.awssdk.services.s3.model.StorageClass;

/** What every put asks of the store beside keeping the bytes. */
record Requests(
    String bucket,
    Optional<StorageClass> storageClass,
    Optional<ServerSideEncryption> encryption,
    Optional<String> kmsKeyId) {

  /** For an object of ours. */
  PutObjectRequest.Builder put(String key, Digest digest, Manners manners) {
    return plain(key, digest, manners).storageClass(orNull(storageClass));
  }

  /** For what is only tried out: in the store's cheapest way to keep something for a short time. */
  PutObjectRequest.Builder plain(String key, Digest digest, Manners manners) {
    return PutObjectRequest.builder()
        .bucket(bucket)
        .key(key)
        .contentLength(digest.size())
        .contentType("application/octet-stream")
        .checksumSHA256(manners.checksums() ? base64(digest.sha256()) : null)
        .ifNoneMatch(manners.conditional() ? "*" : null)
        .serverSideEncryption(orNull(encryption))
        .ssekmsKeyId(orNull(kmsKeyId))
        .overrideConfiguration(PlainBody.override());
  }

  static String base64(String hex) {
    return Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hex));
  }

  private static <T> @Nullable T orNull(Optional<T> value) {
    return value.orElse(null);
  }
}
