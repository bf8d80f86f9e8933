package dev.lifeboat.codec;

import java.io.IOException;
import java.util.Objects;

/** For codecs: an encoding stream that keeps book of itself. Once sealed, closed or failed it takes nothing more. */
public abstract class Encoder extends EncodingStream {
  private enum State {
    OPEN,
    FAILED,
    SEALED,
    CLOSED
  }

  private final byte[] one = new byte[1];
  private State state = State.OPEN;

  /** For codecs. */
  protected Encoder() {}

  /** Takes at least one byte. After a failure nothing else is called but {@link #release}. */
  protected abstract void encode(byte[] bytes, int offset, int length) throws IOException;

  /** Writes all that is left, and the end. */
  protected abstract void seal() throws IOException;

  /** Lets go of memory and of what runs; called once or more. */
  protected abstract void release();

  @Override
  public final void write(int b) throws IOException {
    one[0] = (byte) b;
    write(one, 0, 1);
  }

  @Override
  public final void write(byte[] bytes, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    requireOpen();
    if (length > 0) {
      state = State.FAILED; // unless the next line returns
      encode(bytes, offset, length);
      state = State.OPEN;
    }
  }

  @Override
  public final void finish() throws IOException {
    if (state == State.SEALED) {
      return;
    }
    requireOpen();
    state = State.FAILED; // unless the next line returns
    seal();
    state = State.SEALED;
    release();
  }

  @Override
  public final void close() {
    if (state != State.CLOSED) {
      state = State.CLOSED;
      release();
    }
  }

  private void requireOpen() throws IOException {
    switch (state) {
      case OPEN -> {}
      case FAILED -> throw new IOException("writing has failed before: this stream has no end");
      case SEALED -> throw new IOException("this stream is finished");
      case CLOSED -> throw new IOException("this stream is closed");
    }
  }
}
