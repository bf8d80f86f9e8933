package dev.lifeboat.layout;

import dev.lifeboat.codec.DamagedDataException;
import dev.lifeboat.sink.Digest;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Ends only if the bytes that passed are exactly those expected; else its last read throws, however many were right. */
final class VerifiedStream extends FilterInputStream {
  private final Digest expected;
  private final String what;
  private final Digest.Counter passed = new Digest.Counter();
  private boolean ended;
  private @Nullable IOException failure;

  VerifiedStream(InputStream in, Digest expected, String what) {
    super(in);
    this.expected = expected;
    this.what = what;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (length == 0 || ended) {
      return ended ? -1 : 0;
    }
    if (failure != null) {
      throw failure; // who reads on after it must not come to a good end
    }
    try {
      int n = super.read(bytes, offset, length);
      if (n < 0) {
        requireExpected();
        ended = true;
        return -1;
      }
      pass(bytes, offset, n);
      return n;
    } catch (IOException e) {
      failure = e;
      throw e;
    }
  }

  private void pass(byte[] bytes, int offset, int count) throws DamagedDataException {
    if (passed.size() + count > expected.size()) {
      throw new DamagedDataException(
          what + " is damaged: it has more than the " + expected.size() + " bytes it must have");
    }
    passed.update(bytes, offset, count);
  }

  private void requireExpected() throws DamagedDataException {
    Digest found = passed.digest();
    if (found.size() != expected.size()) {
      throw new DamagedDataException(what + " is damaged: it has " + found.size()
          + " bytes, and must have " + expected.size());
    } else if (!found.equals(expected)) {
      throw new DamagedDataException(what + " is damaged: its SHA-256 is " + found.sha256()
          + ", and must be " + expected.sha256());
    }
  }

  @Override
  public long skip(long count) throws IOException {
    byte[] skipped = new byte[(int) Math.max(0, Math.min(count, 64 << 10))];
    return Math.max(0, read(skipped, 0, skipped.length));
  }

  @Override
  public int available() {
    return 0;
  }

  @Override
  public boolean markSupported() {
    return false;
  }
}
