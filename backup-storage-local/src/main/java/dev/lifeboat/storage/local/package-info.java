/** Keeps backups in a directory: {@link dev.lifeboat.storage.local.LocalSink}. */
package dev.lifeboat.storage.local;
