package dev.lifeboat.codec;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** For codecs: a decoding stream that keeps book of itself. What has failed once never ends well. */
public abstract class Decoder extends InputStream {
  /** Where the encoded bytes come from; closed with this stream. */
  protected final InputStream in;

  private final byte[] one = new byte[1];
  private @Nullable IOException failure;
  private boolean ended;
  private boolean closed;

  /** Over these encoded bytes. */
  protected Decoder(InputStream in) {
    this.in = in;
  }

  /** Gives at least one byte, or -1 where the sealed end was found right. */
  protected abstract int decode(byte[] bytes, int offset, int length) throws IOException;

  /** Lets go of memory; called once or more. */
  protected abstract void release();

  @Override
  public final int read() throws IOException {
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public final int read(byte[] bytes, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    if (closed) {
      throw new IOException("this stream is closed");
    } else if (failure != null) {
      throw failure;
    } else if (length == 0) {
      return 0;
    } else if (ended) {
      return -1;
    }
    try {
      int n = decode(bytes, offset, length);
      if (n < 0) {
        ended = true;
        release();
      }
      return n;
    } catch (IOException e) {
      fail(e);
      throw e;
    } catch (RuntimeException | Error e) {
      fail(new IOException("reading has failed before", e));
      throw e;
    }
  }

  @Override
  public final void close() throws IOException {
    if (!closed) {
      closed = true;
      release();
      in.close();
    }
  }

  private void fail(IOException e) {
    failure = e;
    release();
  }
}
