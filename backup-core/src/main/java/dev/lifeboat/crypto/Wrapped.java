package dev.lifeboat.crypto;

import dev.lifeboat.codec.DamagedDataException;

/** A data key under another key, in base64. */
final class Wrapped {
  private Wrapped() {}

  static String of(byte[] key, Place place, byte[] dataKey) {
    return Base64Text.of(FloeRun.seal(key, place.bytes(" slot"), dataKey));
  }

  /**
   * The data key.
   *
   * @throws DamagedDataException if it is under another key, or of another backup, or damaged
   */
  static byte[] open(byte[] key, Place place, String wrapped) throws DamagedDataException {
    return FloeRun.open(key, place.bytes(" slot"), Base64Text.bytes(wrapped));
  }
}
