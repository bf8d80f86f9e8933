/** Keeps backups on WebDAV and Nextcloud: {@link dev.lifeboat.storage.webdav.WebDavSink}. */
package dev.lifeboat.storage.webdav;
