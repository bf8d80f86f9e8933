/** Keeps backups on WebDAV and Nextcloud. Nothing is exported yet. */
@org.jspecify.annotations.NullMarked
module dev.lifeboat.storage.webdav {
  requires transitive dev.lifeboat.core;
  requires static org.jspecify;
}
