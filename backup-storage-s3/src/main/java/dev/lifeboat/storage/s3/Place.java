package dev.lifeboat.storage.s3;

import dev.lifeboat.sink.ObjectName;
import java.util.Optional;

/**
 * Where in S3 objects lie.
 *
 * @param bucket its name, or the ARN of an access point
 * @param folder {@code ""} for the whole bucket, or what keys begin with, ended by {@code "/"}
 * @param endpoint host and port, where the client does not speak to AWS
 */
record Place(String bucket, String folder, Optional<String> endpoint) {
  static Place of(String bucket, String prefix, Optional<String> endpoint) {
    String folder = prefix.isEmpty() || prefix.endsWith("/") ? prefix : prefix + "/";
    boolean isArn = bucket.startsWith("arn:");
    if (bucket.isBlank() || (bucket.contains("/") && !isArn) || !bucket.equals(bucket.strip())) {
      throw new IllegalArgumentException("not the name of a bucket: \"" + bucket + '"');
    }
    if (!folder.isEmpty() && !ObjectName.isValid(folder.substring(0, folder.length() - 1))) {
      throw new IllegalArgumentException("not a prefix: \"" + prefix
          + "\"; it is made of letters, digits, \".\", \"-\", \"_\" and \"/\" like the names of"
          + " objects");
    }
    return new Place(bucket, folder, endpoint);
  }

  String key(ObjectName name) {
    return folder + name;
  }

  /** What is ours under this key, if anything is. */
  Optional<ObjectName> name(String key) {
    return key.startsWith(folder) && ObjectName.isValid(key.substring(folder.length()))
        ? Optional.of(ObjectName.of(key.substring(folder.length())))
        : Optional.empty();
  }

  /** {@code s3://bucket/shop/series.json}. */
  String address(String key) {
    return "s3://" + bucket + endpoint.map(host -> "@" + host).orElse("") + "/" + key;
  }

  /** {@code s3://company-backups/shop}, or {@code s3://company-backups@minio.example.com:9000/shop}. */
  @Override
  public String toString() {
    String address = address(folder);
    return address.substring(0, address.length() - 1);
  }
}
