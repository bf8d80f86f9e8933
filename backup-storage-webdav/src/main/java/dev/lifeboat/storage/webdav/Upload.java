package dev.lifeboat.storage.webdav;

import dev.lifeboat.sink.Content;
import dev.lifeboat.sink.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The body of a put, of a length known beforehand. The call's own thread reads the content and hands it over as the
 * client asks for it, so the content's exceptions come out where they belong. The last bytes are held back until the
 * content has ended and is what its digest says: a wrong one never arrives whole.
 */
final class Upload implements BodyPublisher {
  /** Small, so that also over the slowest line something is seen to move. */
  private static final int PIECE = 64 << 10;

  private final Call call;
  private final Digest digest;
  private Flow.@Nullable Subscriber<? super ByteBuffer>
      subscriber; // guarded by this, like all below
  private boolean asked;
  private boolean cancelled;
  private long demand;

  Upload(Call call, Digest digest) {
    this.call = call;
    this.digest = digest;
  }

  @Override
  public long contentLength() {
    return digest.size();
  }

  /** Once for every time the client sends the request: again after a proxy has asked who it is. */
  @Override
  public void subscribe(Flow.Subscriber<? super ByteBuffer> one) {
    synchronized (this) {
      subscriber = one;
      asked = true;
      cancelled = false;
      demand = 0;
    }
    one.onSubscribe(new Subscription(one));
    call.wake();
  }

  /** Whether the client wants the body, from its first byte. */
  synchronized boolean isAsked() {
    return asked;
  }

  /**
   * Sends all of it, unless the client wants no more.
   *
   * @param answered whether the server has answered already
   * @throws ContentFailedException if the content fails or is not what its digest says
   */
  void send(Content content, BooleanSupplier answered) throws IOException {
    Flow.Subscriber<? super ByteBuffer> to = taken();
    try (Pieces pieces = new Pieces(content)) {
      byte[] held = pieces.next();
      while (held.length > 0) {
        byte[] next = pieces.next();
        if (!mayGoOn(answered)) {
          return;
        }
        to.onNext(ByteBuffer.wrap(held));
        held = next;
      }
    } catch (IOException | RuntimeException | Error e) {
      to.onError(new IOException("given up"));
      throw e;
    }
    to.onComplete();
  }

  /** For a content of no bytes, of which the client asks nothing. */
  void requireEmpty(Content content) throws IOException {
    try (Pieces pieces = new Pieces(content)) {
      pieces.next();
    }
  }

  private synchronized Flow.Subscriber<? super ByteBuffer> taken() {
    asked = false;
    return Objects.requireNonNull(subscriber);
  }

  private boolean mayGoOn(BooleanSupplier answered) throws IOException {
    call.await(
        "the server to take more",
        () -> isWanted() || isAsked() || isCancelled() || answered.getAsBoolean());
    return take();
  }

  private synchronized boolean isWanted() {
    return demand > 0;
  }

  private synchronized boolean isCancelled() {
    return cancelled;
  }

  private synchronized boolean take() {
    if (asked || cancelled || demand == 0) {
      return false;
    }
    demand--;
    return true;
  }

  private final class Subscription implements Flow.Subscription {
    private final Flow.Subscriber<? super ByteBuffer> of;

    Subscription(Flow.Subscriber<? super ByteBuffer> of) {
      this.of = of;
    }

    @Override
    public void request(long n) {
      synchronized (Upload.this) {
        if (of == subscriber) {
          demand += n;
        }
      }
      call.moved();
    }

    @Override
    public void cancel() {
      synchronized (Upload.this) {
        if (of == subscriber) {
          cancelled = true;
        }
      }
      call.wake();
    }
  }

  /** A content piece by piece; the empty one is the end, and comes only if everything was right. */
  private final class Pieces implements AutoCloseable {
    private final InputStream in;
    private final Digest.Counter counter = new Digest.Counter();
    private boolean closed;

    Pieces(Content content) throws IOException {
      try {
        this.in = content.open();
      } catch (IOException e) {
        throw new ContentFailedException(e);
      }
    }

    byte[] next() throws IOException {
      byte[] piece = read();
      counter.update(piece, 0, piece.length);
      if (counter.size() > digest.size()) {
        throw wrong("it goes on after the " + digest.size() + " bytes its digest says");
      }
      if (piece.length == 0) {
        Digest actual = counter.digest();
        if (!actual.equals(digest)) {
          throw wrong("it is " + actual + ", its digest says " + digest);
        }
        close();
      }
      return piece;
    }

    private byte[] read() throws IOException {
      byte[] piece = new byte[PIECE]; // never again, for the client may hold it still
      int length;
      try {
        length = in.readNBytes(piece, 0, PIECE);
      } catch (IOException e) {
        throw new ContentFailedException(e);
      }
      return length == PIECE ? piece : Arrays.copyOf(piece, length);
    }

    private ContentFailedException wrong(String what) {
      return new ContentFailedException(
          new IOException(call.message("its content is wrong: " + what + ". Nothing was kept.")));
    }

    @Override
    public void close() throws IOException {
      if (!closed) {
        closed = true;
        try {
          in.close();
        } catch (IOException e) {
          throw new ContentFailedException(e);
        }
      }
    }
  }
}
