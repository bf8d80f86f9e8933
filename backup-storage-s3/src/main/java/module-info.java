/** Keeps backups in S3. Nothing is exported yet. */
@org.jspecify.annotations.NullMarked
@SuppressWarnings("module") // the name is S3's
module dev.lifeboat.storage.s3 {
  requires transitive dev.lifeboat.core;
  requires static org.jspecify;
}
