package dev.lifeboat.storage.s3;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/** An object as it arrives: it ends where the store said it would, or throws. */
final class Receiving extends InputStream {
  private final ResponseInputStream<GetObjectResponse> in;
  private final Trouble trouble;
  private final Optional<Duration> most;
  private final long size;
  private long position;
  private long waited;

  /**
   * For one thread.
   *
   * @param trouble of opening this object
   * @param most how long to wait for the store in all, however steadily bytes trickle
   */
  Receiving(ResponseInputStream<GetObjectResponse> in, Trouble trouble, Optional<Duration> most) {
    this.in = in;
    this.trouble = trouble;
    this.most = most;
    this.size = in.response().contentLength();
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    try {
      long start = System.nanoTime();
      int n = receive(bytes, offset, length);
      waited += System.nanoTime() - start;
      position += Math.max(n, 0);
      requireInTime();
      if (n < 0 && position != size) {
        throw new EOFException(half());
      }
      return n;
    } catch (SdkException
        | UncheckedIOException e) { // also what the client finds by checksums of its own
      throw trouble.of(e);
    }
  }

  /** What breaks off here is told without a word of what it is. */
  private int receive(byte[] bytes, int offset, int length) throws IOException {
    try {
      return in.read(bytes, offset, length);
    } catch (InterruptedIOException e) {
      throw e;
    } catch (IOException e) {
      throw new IOException(half() + ": " + e.getMessage(), e);
    }
  }

  private String half() {
    return trouble.subject() + ": the store sent " + position
        + " bytes, and had said that there are " + size;
  }

  /** The client's timeout for a call ends when the first byte is there. */
  private void requireInTime() throws IOException {
    if (position < size && most.isPresent() && waited > most.get().toNanos()) {
      throw new SocketTimeoutException(trouble.subject() + ": " + position
          + " of " + size + " bytes had come when the client's timeout of "
          + most.get().toMillis()
          + " ms for a call was over");
    }
  }

  /** Lets go of the connection if there is more to come, rather than read it all. */
  @Override
  public void close() throws IOException {
    if (position < size) {
      in.abort();
    } else {
      in.close();
    }
  }
}
