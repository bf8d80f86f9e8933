/** Keeps backups in S3: {@link dev.lifeboat.storage.s3.S3Sink}. */
package dev.lifeboat.storage.s3;
