package dev.lifeboat.codec;

/**
 * What the stored bytes are: zstd frames (RFC 8878) that state their content's size and checksum, and then a skippable
 * frame of 8 bytes with the length of the whole content, by which a reader knows the end. {@code zstd -d} skips it.
 */
final class ZstdFormat {
  static final int FRAME_MAGIC = 0xFD2FB528;
  static final int END_MAGIC = 0x184D2A5B;
  static final int END_LENGTH = 8;

  /** Content of every frame we write, but the last. */
  static final int BLOCK = 1 << 20;

  /** Most content of a frame that is read. */
  static final int MAX_BLOCK = 8 << 20;

  private ZstdFormat() {}
}
