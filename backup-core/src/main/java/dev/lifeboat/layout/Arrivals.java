package dev.lifeboat.layout;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/** The parts of a component as one stream, read while they arrive. Lets go of each as soon as its last byte was read. */
final class Arrivals extends ReadingStream {
  private static final PartBuffer END = new PartBuffer(new Memory(0), 0);

  // bounded by the memory that the parts take
  private final BlockingQueue<PartBuffer> queue = new LinkedBlockingQueue<>();
  private @Nullable PartBuffer part;
  private InputStream bytes = InputStream.nullInputStream();
  private boolean ended;

  void add(PartBuffer next) {
    queue.add(next);
  }

  /** No other part comes. May be called twice. */
  void end() {
    queue.add(END);
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (!ended) {
      int n = bytes.read(buffer, offset, length);
      if (n > 0) {
        return n;
      }
      advance();
    }
    return -1;
  }

  private void advance() throws InterruptedIOException {
    letGo();
    try {
      part = queue.take();
    } catch (InterruptedException e) {
      throw Workers.interrupted(e);
    }
    ended = part == END;
    bytes = part.open();
  }

  /** Lets go of everything up to the end, which the writer's side announces in any case. */
  void drain() {
    boolean interrupted = false;
    while (!ended) {
      try {
        advance();
      } catch (InterruptedIOException e) {
        interrupted |= Thread.interrupted();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void letGo() {
    if (part != null) {
      part.letGo();
      part = null;
      bytes = InputStream.nullInputStream();
    }
  }
}
