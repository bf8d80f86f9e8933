/** Backups kept on WebDAV and Nextcloud. */
@org.jspecify.annotations.NullMarked
module dev.lifeboat.storage.webdav {
  requires transitive dev.lifeboat.core;
  requires transitive java.net.http;
  requires java.xml;
  requires org.slf4j;
  requires static org.jspecify;

  exports dev.lifeboat.storage.webdav;
}
