package dev.lifeboat.storage.s3;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/** An object as it arrives: it ends where the store said it would, or throws. */
final class Receiving extends InputStream {
  private final ResponseInputStream<GetObjectResponse> in;
  private final Trouble trouble;
  private final long size;
  private long position;

  /** {@code trouble} is that of opening this object. */
  Receiving(ResponseInputStream<GetObjectResponse> in, Trouble trouble) {
    this.in = in;
    this.trouble = trouble;
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
      int n = in.read(bytes, offset, length);
      position += Math.max(n, 0);
      if (n < 0 && position != size) {
        throw new EOFException(trouble.subject() + ": the store sent " + position
            + " bytes, and had said that there are " + size);
      }
      return n;
    } catch (SdkException e) { // also what the client finds by checksums of its own
      throw trouble.of(e);
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
