package dev.lifeboat.testkit;

import dev.lifeboat.sink.Content;
import dev.lifeboat.sink.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/** A content that breaks off while it is read. Safe for several threads. */
public final class FailingContent implements Content {
  private final long bytes;
  private final Digest digest;
  private final IOException failure;
  private final AtomicInteger opened = new AtomicInteger();

  private FailingContent(long bytes, long size, IOException failure) {
    this.bytes = bytes;
    this.failure = failure;
    this.digest = digestOfZeros(size);
  }

  /**
   * Gives zeros, and throws instead of the next one.
   *
   * @param bytes how many it gives; with 0 the first read fails
   * @param size how many it says it has
   * @param failure what it throws: this very instance, every time
   * @throws IllegalArgumentException if it would not break off before its end, or at a negative position
   */
  public static FailingContent after(long bytes, long size, IOException failure) {
    if (bytes < 0 || bytes > size) {
      throw new IllegalArgumentException(
          "bytes must be from 0 to the size of " + size + ", was " + bytes);
    }
    return new FailingContent(bytes, size, Objects.requireNonNull(failure, "failure"));
  }

  /** How often it has been opened. */
  public int opened() {
    return opened.get();
  }

  @Override
  public Digest digest() {
    return digest;
  }

  @Override
  public InputStream open() {
    opened.incrementAndGet();
    return new BreakingStream(new Zeros(bytes), bytes, failure);
  }

  private static Digest digestOfZeros(long size) {
    try (InputStream zeros = new Zeros(size)) {
      return Digest.of(zeros);
    } catch (IOException e) {
      throw new AssertionError("zeros do not fail", e);
    }
  }

  private static final class Zeros extends InputStream {
    private long left;

    Zeros(long size) {
      this.left = size;
    }

    @Override
    public int read() {
      return left-- > 0 ? 0 : -1;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) {
      Objects.checkFromIndexSize(offset, length, buffer.length);
      if (length == 0) {
        return 0;
      }
      if (left <= 0) {
        return -1;
      }
      int count = (int) Math.min(length, left);
      Arrays.fill(buffer, offset, offset + count, (byte) 0);
      left -= count;
      return count;
    }
  }
}
