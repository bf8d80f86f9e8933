package dev.lifeboat.postgres;

import java.io.IOException;
import java.io.OutputStream;

/** Some bytes of a stream; whoever has it owns it. */
final class Piece {
  private final byte[] bytes;
  private final int length;

  private Piece(byte[] bytes, int length) {
    this.bytes = bytes;
    this.length = length;
  }

  /** The first bytes of an array, which is the piece's from then on. */
  static Piece of(byte[] bytes, int length) {
    return new Piece(bytes, length);
  }

  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  void writeTo(OutputStream out) throws IOException {
    out.write(bytes, 0, length);
  }
}
