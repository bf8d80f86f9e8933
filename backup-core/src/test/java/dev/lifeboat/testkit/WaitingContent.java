package dev.lifeboat.testkit;

import dev.lifeboat.sink.Content;
import dev.lifeboat.sink.Digest;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Gives the first half of its bytes, and the rest only once it is released. */
final class WaitingContent implements Content {
  private final byte[] bytes;
  private final Digest digest;
  private final CountDownLatch halfway = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);

  WaitingContent(byte[] bytes) {
    this.bytes = bytes;
    this.digest = Digest.of(bytes);
  }

  /** Returns once the first half has been read. */
  void awaitHalfway() throws InterruptedException {
    if (!halfway.await(60, TimeUnit.SECONDS)) {
      throw new AssertionError("the content was not read");
    }
  }

  void release() {
    released.countDown();
  }

  @Override
  public Digest digest() {
    return digest;
  }

  @Override
  public InputStream open() {
    return new FilterInputStream(new ByteArrayInputStream(bytes)) {
      private int left = bytes.length / 2;

      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] buffer, int offset, int length) throws IOException {
        if (left == 0) {
          awaitRelease();
          return super.read(buffer, offset, length);
        }
        int count = super.read(buffer, offset, Math.min(left, length));
        left -= Math.max(count, 0);
        return count;
      }
    };
  }

  private void awaitRelease() throws InterruptedIOException {
    halfway.countDown();
    try {
      if (!released.await(60, TimeUnit.SECONDS)) {
        throw new AssertionError("the content was never released");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while the content was read");
    }
  }
}
