package dev.lifeboat.codec;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** One gzip member (RFC 1952) without name or time, so that the same content always gives the same bytes. */
final class GzipEncoder extends Encoder {
  /** Magic, deflate, no flags, no time, no hint, system unknown. */
  private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};

  private static final int LEVEL = 6;

  private final OutputStream out;
  private final Deflater deflater = new Deflater(LEVEL, true);
  private final CRC32 crc = new CRC32();
  private final byte[] packed = new byte[64 << 10];

  GzipEncoder(OutputStream out) throws IOException {
    this.out = out;
    try {
      out.write(HEADER);
    } catch (IOException | RuntimeException | Error e) {
      deflater.end();
      throw e;
    }
  }

  @Override
  protected void encode(byte[] bytes, int offset, int length) throws IOException {
    crc.update(bytes, offset, length);
    deflater.setInput(bytes, offset, length);
    while (!deflater.needsInput()) {
      writePacked();
    }
  }

  @Override
  protected void seal() throws IOException {
    deflater.finish();
    while (!deflater.finished()) {
      writePacked();
    }
    ByteBuffer trailer = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    trailer.putInt((int) crc.getValue()).putInt((int) deflater.getBytesRead());
    out.write(trailer.array());
  }

  @Override
  protected void release() {
    deflater.end();
  }

  private void writePacked() throws IOException {
    int n = deflater.deflate(packed);
    if (n > 0) {
      out.write(packed, 0, n);
    }
  }
}
