package dev.lifeboat.crypto;

import dev.lifeboat.codec.DamagedDataException;
import dev.lifeboat.codec.Decoder;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads exactly one FLOE ciphertext, and nothing after it. What it gives was proven right, segment by segment. */
final class FloeDecoder extends Decoder {
  private final FloeParameters parameters;
  private final byte[] key;
  private final byte[] context;
  private final int most;
  private final byte[] segment;
  private byte[] plain = {};
  private @Nullable Floe floe;
  private int opened;
  private int given;
  private boolean last;

  /** {@code most} bytes of content in a segment: as many as the parameters say, or as there can be at all. */
  FloeDecoder(FloeParameters parameters, byte[] key, byte[] context, int most, InputStream in) {
    super(in);
    this.parameters = parameters;
    this.key = key.clone();
    this.context = context;
    this.most = most;
    this.segment = new byte[most + FloeParameters.OVERHEAD];
  }

  @Override
  protected int decode(byte[] bytes, int offset, int length) throws IOException {
    while (given == opened) {
      if (last) {
        return -1;
      }
      if (length >= most) {
        int n = next(bytes, offset); // saves a copy
        if (n > 0) {
          return n;
        }
      } else {
        if (plain.length == 0) {
          plain = new byte[most];
        }
        given = 0;
        opened = 0;
        opened = next(plain, 0);
      }
    }
    int n = Math.min(length, opened - given);
    System.arraycopy(plain, given, bytes, offset, n);
    given += n;
    return n;
  }

  @Override
  protected void release() {
    if (floe != null) {
      floe.destroy();
    }
    Arrays.fill(key, (byte) 0);
    Arrays.fill(plain, (byte) 0);
  }

  private int next(byte[] content, int offset) throws IOException {
    Floe begun = floe != null ? floe : begin();
    floe = begun;
    int length = in.readNBytes(segment, 0, segment.length);
    if (length < FloeParameters.OVERHEAD) {
      throw cutShort(begun);
    } else if (Floe.saysThatOthersFollow(segment)) {
      if (length < parameters.segmentLength()) {
        throw cutShort(begun);
      }
      return begun.open(segment, length, false, content, offset);
    } else if (Floe.statedLength(segment) != length) {
      throw new DamagedDataException("the encrypted data is damaged: segment " + begun.position()
          + " is not as long as it says, or something follows its end");
    } else if (in.read() >= 0) {
      throw new DamagedDataException("the encrypted data is damaged: something follows its end");
    }
    int n = begun.open(segment, length, true, content, offset);
    last = true;
    return n;
  }

  private Floe begin() throws IOException {
    byte[] header = in.readNBytes(Floe.HEADER);
    if (header.length < Floe.HEADER) {
      throw new DamagedDataException("the encrypted data is cut short, within its header");
    }
    return Floe.open(parameters, key, context, header);
  }

  private static DamagedDataException cutShort(Floe floe) {
    return new DamagedDataException(
        "the encrypted data is cut short, after " + floe.position() + " segments");
  }
}
