package dev.lifeboat.codec;

import java.io.IOException;
import java.io.OutputStream;

/** Passes bytes through; its end is wherever they end. */
final class PlainEncoder extends Encoder {
  private final OutputStream out;

  PlainEncoder(OutputStream out) {
    this.out = out;
  }

  @Override
  protected void encode(byte[] bytes, int offset, int length) throws IOException {
    out.write(bytes, offset, length);
  }

  @Override
  protected void seal() {}

  @Override
  protected void release() {}
}
