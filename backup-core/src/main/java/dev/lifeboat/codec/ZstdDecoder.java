package dev.lifeboat.codec;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads frame by frame and gives out nothing of a frame before its checksum was found right. It takes what
 * {@link ZstdFormat} says and no other zstd data: the end frame tells where the content ends, and its absence that bytes
 * are missing.
 */
final class ZstdDecoder extends Decoder {
  /** Opens one frame. */
  interface Decompressor extends Closeable {
    int bound(int length);

    /** The length of the content; throws {@link DamagedDataException} if the frame is not right. */
    int decompress(byte[] frame, int length, byte[] plain, int size) throws IOException;

    @Override
    void close();
  }

  private static final int MAX_ZSTD_BLOCK = 128 << 10;
  private static final int RLE = 1;
  private static final int RESERVED = 3;

  private final Decompressor decompressor;
  private byte[] frame = new byte[64];
  private int frameLength;
  private byte[] plain = {};
  private int position;
  private int limit;
  private long total;

  ZstdDecoder(InputStream in, Decompressor decompressor) {
    super(in);
    this.decompressor = decompressor;
  }

  @Override
  protected int decode(byte[] bytes, int offset, int length) throws IOException {
    if (position == limit && !readFrame()) {
      return -1;
    }
    int n = Math.min(length, limit - position);
    System.arraycopy(plain, position, bytes, offset, n);
    position += n;
    return n;
  }

  @Override
  public int available() {
    return limit - position;
  }

  @Override
  protected void release() {
    decompressor.close();
    frame = new byte[0];
    plain = frame;
    position = 0;
    limit = 0;
  }

  private boolean readFrame() throws IOException {
    frameLength = 0;
    take(4);
    int magic = (int) littleEndian(0, 4);
    if (magic == ZstdFormat.END_MAGIC) {
      readEnd();
      return false;
    } else if (magic != ZstdFormat.FRAME_MAGIC) {
      throw damaged("no frame begins there", null);
    }
    int size = readHeader();
    readBlocks(size);
    if (plain.length < size) {
      plain = new byte[size];
    }
    open(size);
    position = 0;
    limit = size;
    total += size;
    return true;
  }

  /** The size of the frame's content (RFC 8878, 3.1.1.1). */
  private int readHeader() throws IOException {
    take(1);
    int descriptor = frame[4];
    boolean single = (descriptor & 0x20) != 0;
    if ((descriptor & 0x0b) != 0) {
      throw damaged("a frame needs a dictionary, or what is not known here", null);
    } else if ((descriptor & 0x04) == 0) {
      throw damaged("a frame has no checksum", null);
    }
    take(single ? 0 : 1);
    int at = frameLength;
    int bytes =
        switch ((descriptor >> 6) & 3) {
          case 0 -> single ? 1 : 0;
          case 1 -> 2;
          case 2 -> 4;
          default -> 8;
        };
    take(bytes);
    long size = littleEndian(at, bytes) + (bytes == 2 ? 256 : 0);
    if (size < 1 || size > ZstdFormat.MAX_BLOCK) {
      throw damaged("a frame states no size, or one beyond 8 MiB", null);
    }
    return (int) size;
  }

  /** All blocks of the frame (RFC 8878, 3.1.1.2) and its checksum, as they are. */
  private void readBlocks(int size) throws IOException {
    int bound = decompressor.bound(size) + 64;
    if (frame.length < bound) {
      frame = Arrays.copyOf(frame, bound);
    }
    boolean last;
    do {
      int at = frameLength;
      take(3);
      int header = (int) littleEndian(at, 3);
      last = (header & 1) != 0;
      int type = (header >> 1) & 3;
      int length = header >> 3;
      if (type == RESERVED || length > MAX_ZSTD_BLOCK) {
        throw damaged("a block is of no known kind, or too long", null);
      }
      int body = type == RLE ? 1 : length;
      if (frameLength + body + 3 + 4 > bound) {
        throw damaged("a frame is longer than its content allows", null);
      }
      take(body);
    } while (!last);
    take(4);
  }

  private void open(int size) throws IOException {
    int opened;
    try {
      opened = decompressor.decompress(frame, frameLength, plain, size);
    } catch (DamagedDataException e) {
      throw damaged(String.valueOf(e.getMessage()), e.getCause());
    }
    if (opened != size) {
      throw damaged("a frame holds another size than it states", null);
    }
  }

  private void readEnd() throws IOException {
    take(4 + ZstdFormat.END_LENGTH);
    if (littleEndian(4, 4) != ZstdFormat.END_LENGTH) {
      throw damaged("its end frame has another length", null);
    }
    long length = littleEndian(8, 8);
    if (length != total) {
      throw damaged("its end frame says " + length + " bytes", null);
    } else if (in.read() >= 0) {
      throw damaged("something follows its end", null);
    }
  }

  private void take(int count) throws IOException {
    if (in.readNBytes(frame, frameLength, count) < count) {
      throw new DamagedDataException(
          "the zstd data is cut short, after " + total + " bytes of content");
    }
    frameLength += count;
  }

  private long littleEndian(int at, int count) {
    byte[] wide = new byte[8];
    System.arraycopy(frame, at, wide, 0, count);
    return ByteBuffer.wrap(wide).order(ByteOrder.LITTLE_ENDIAN).getLong();
  }

  private DamagedDataException damaged(String what, @Nullable Throwable cause) {
    return new DamagedDataException(
        "the zstd data is damaged, after " + total + " bytes of content: " + what, cause);
  }
}
