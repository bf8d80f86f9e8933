package dev.lifeboat.crypto;

import java.util.Base64;

/** Base64 (RFC 4648, section 4) in the one way that the format allows: with padding, without anything else. */
final class Base64Text {
  private Base64Text() {}

  static String of(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  /**
   * The bytes.
   *
   * @throws IllegalArgumentException if it is not what {@link #of} gives; quotes nothing
   */
  static byte[] bytes(String text) {
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("not base64"); // its own words quote
    }
    if (!of(bytes).equals(text)) {
      throw new IllegalArgumentException("not base64");
    }
    return bytes;
  }
}
