/** Backups kept in a directory. */
@org.jspecify.annotations.NullMarked
module dev.lifeboat.storage.local {
  requires transitive dev.lifeboat.core;
  requires static org.jspecify;

  exports dev.lifeboat.storage.local;
}
