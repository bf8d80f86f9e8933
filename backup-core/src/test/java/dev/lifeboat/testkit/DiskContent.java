package dev.lifeboat.testkit;

import dev.lifeboat.sink.Digest;

/** Bytes that nobody changes any more, and their digest once somebody has asked for it. */
final class DiskContent {
  static final DiskContent EMPTY = new DiskContent(new byte[0]);

  private final byte[] bytes;
  private String digest = "";

  private DiskContent(byte[] bytes) {
    this.bytes = bytes;
  }

  static DiskContent of(byte[] bytes) {
    return bytes.length == 0 ? EMPTY : new DiskContent(bytes);
  }

  byte[] bytes() {
    return bytes;
  }

  String digest() {
    if (digest.isEmpty()) {
      digest = Digest.of(bytes).sha256();
    }
    return digest;
  }
}
