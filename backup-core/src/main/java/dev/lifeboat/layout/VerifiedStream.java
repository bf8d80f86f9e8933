package dev.lifeboat.layout;

import dev.lifeboat.codec.DamagedDataException;
import dev.lifeboat.sink.Digest;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Ends only if the bytes that passed are exactly those expected; else its last read throws, however many were right. */
final class VerifiedStream extends ReadingStream {
  private final InputStream in;
  private final Digest expected;
  private final String what;
  private final Digest.Counter passed = new Digest.Counter();
  private boolean ended;
  private @Nullable IOException failure;

  VerifiedStream(InputStream in, Digest expected, String what) {
    this.in = in;
    this.expected = expected;
    this.what = what;
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
      int n = in.read(bytes, offset, length);
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
  public void close() throws IOException {
    in.close();
  }
}
