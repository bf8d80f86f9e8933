package dev.lifeboat.sqlite;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * SHA-256 of a private copy but for the bytes that SQLite itself changes in an online backup, and that are no content:
 * the journal mode (18-19), the change counter (24-27), the schema cookie (40-43), the version that wrote last and its
 * counter (92-99), and the lock-byte page at 1 GiB, which is never used.
 */
final class Fingerprint {
  private static final int BUFFER = 1 << 18;
  private static final long LOCK_BYTE = 1L << 30;

  private Fingerprint() {}

  static byte[] of(Path copy) throws IOException {
    MessageDigest digest = sha256();
    byte[] buffer = new byte[BUFFER]; // a multiple of every page size
    try (InputStream in = Files.newInputStream(copy)) {
      int pageSize = 0;
      long position = 0;
      for (int n = in.readNBytes(buffer, 0, BUFFER); n > 0; n = in.readNBytes(buffer, 0, BUFFER)) {
        if (position == 0 && n >= Header.LENGTH) {
          int size = (buffer[16] & 0xff) << 8 | (buffer[17] & 0xff);
          pageSize = size == 1 ? 65536 : size;
          maskHeader(buffer);
        } else if (position == LOCK_BYTE) {
          Arrays.fill(buffer, 0, Math.min(n, pageSize), (byte) 0);
        }
        digest.update(buffer, 0, n);
        position += n;
      }
    }
    return digest.digest();
  }

  static boolean same(Path copy, Path other) throws IOException {
    return Files.size(copy) == Files.size(other) && MessageDigest.isEqual(of(copy), of(other));
  }

  private static void maskHeader(byte[] page) {
    Arrays.fill(page, 18, 20, (byte) 0);
    Arrays.fill(page, 24, 28, (byte) 0);
    Arrays.fill(page, 40, 44, (byte) 0);
    Arrays.fill(page, 92, 100, (byte) 0);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
