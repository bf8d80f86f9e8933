package dev.lifeboat.crypto;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** SHA-256, and the ids that are its beginning. */
final class Fingerprint {
  /** How an id looks. */
  static final Pattern ID = Pattern.compile("[0-9a-f]{16}");

  private static final int ID_LENGTH = 8;

  private Fingerprint() {}

  static byte[] sha256(byte[]... runs) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (byte[] run : runs) {
        digest.update(run);
      }
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The first 8 bytes of the digest, in hexadecimal. */
  static String id(byte[]... runs) {
    return HexFormat.of().formatHex(sha256(runs), 0, ID_LENGTH);
  }
}
