package dev.lifeboat.codec;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Exactly one gzip member without optional fields, and nothing after it: the JDK's own stream goes on with a second
 * member and looks away from what else follows.
 */
final class GzipDecoder extends Decoder {
  private static final int HEADER_LENGTH = 10;
  private static final int TRAILER_LENGTH = 8;

  private final Inflater inflater = new Inflater(true);
  private final CRC32 crc = new CRC32();
  private final byte[] packed = new byte[64 << 10];
  private int filled;
  private boolean begun;

  GzipDecoder(InputStream in) {
    super(in);
  }

  @Override
  protected int decode(byte[] bytes, int offset, int length) throws IOException {
    if (!begun) {
      readHeader();
      begun = true;
    }
    try {
      while (true) {
        int n = inflater.inflate(bytes, offset, length);
        if (n > 0) {
          crc.update(bytes, offset, n);
          return n;
        } else if (inflater.finished()) {
          readTrailer();
          return -1;
        } else if (inflater.needsDictionary()) {
          throw damaged("it asks for a dictionary", null);
        }
        fill();
      }
    } catch (DataFormatException e) {
      throw damaged(e.getMessage() == null ? "not deflated" : e.getMessage(), e);
    }
  }

  @Override
  protected void release() {
    inflater.end();
  }

  private void readHeader() throws IOException {
    int n = in.readNBytes(packed, 0, HEADER_LENGTH);
    if (n < HEADER_LENGTH) {
      throw cutShort();
    } else if ((packed[0] & 0xff) != 0x1f || (packed[1] & 0xff) != 0x8b || packed[2] != 8) {
      throw new DamagedDataException("not gzip data: it begins with other bytes");
    } else if (packed[3] != 0) {
      throw new DamagedDataException("not gzip data of ours: its header has optional fields");
    }
  }

  private void readTrailer() throws IOException {
    int left = Math.min(inflater.getRemaining(), TRAILER_LENGTH);
    boolean more = inflater.getRemaining() > TRAILER_LENGTH;
    byte[] trailer = new byte[TRAILER_LENGTH];
    System.arraycopy(packed, filled - inflater.getRemaining(), trailer, 0, left);
    if (in.readNBytes(trailer, left, TRAILER_LENGTH - left) < TRAILER_LENGTH - left) {
      throw cutShort();
    }
    ByteBuffer sums = ByteBuffer.wrap(trailer).order(ByteOrder.LITTLE_ENDIAN);
    if (sums.getInt() != (int) crc.getValue()) {
      throw damaged("its CRC-32 is another", null);
    } else if (sums.getInt() != (int) inflater.getBytesWritten()) {
      throw damaged("its length is another", null);
    } else if (more || in.read() >= 0) {
      throw damaged("something follows its end", null);
    }
  }

  private void fill() throws IOException {
    filled = in.read(packed);
    if (filled < 0) {
      throw cutShort();
    }
    inflater.setInput(packed, 0, filled);
  }

  private DamagedDataException cutShort() {
    return new DamagedDataException(
        "the gzip data is cut short, after " + inflater.getBytesWritten() + " bytes of content");
  }

  private DamagedDataException damaged(String what, @Nullable Throwable cause) {
    return new DamagedDataException(
        "the gzip data is damaged, after " + inflater.getBytesWritten() + " bytes of content: "
            + what,
        cause);
  }
}
