package dev.lifeboat.crypto;

import java.nio.ByteBuffer;

/**
 * What a FLOE ciphertext is made with, besides AES-256-GCM, HKDF-Expand-SHA-384 and an IV of 32 bytes, which are fixed.
 *
 * @param segmentLength bytes of an encrypted segment; the last may be shorter
 * @param rotationBits after two to the power of so many segments the key changes
 */
record FloeParameters(int segmentLength, int rotationBits) {
  /** What Lifeboat writes and reads. Larger segments are not faster, and take more memory. */
  static final FloeParameters LIFEBOAT = new FloeParameters(64 << 10, 20);

  /** Bytes that a segment has besides its content: length, IV and tag. */
  static final int OVERHEAD = Integer.BYTES + Floe.AEAD_IV + Floe.AEAD_TAG;

  FloeParameters {
    if (segmentLength <= OVERHEAD) {
      throw new IllegalArgumentException("segmentLength must be more than " + OVERHEAD);
    }
  }

  /** Bytes of content in a segment that is not the last. */
  int plainLength() {
    return segmentLength - OVERHEAD;
  }

  /** The first bytes of every ciphertext. */
  byte[] encoded() {
    byte aead = 0;
    byte kdf = 0;
    return ByteBuffer.allocate(Floe.PARAMETERS)
        .put(aead)
        .put(kdf)
        .putInt(segmentLength)
        .putInt(Floe.IV)
        .array();
  }
}
