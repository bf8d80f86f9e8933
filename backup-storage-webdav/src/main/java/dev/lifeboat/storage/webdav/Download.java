package dev.lifeboat.storage.webdav;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * The body of an answer, read by one thread, which waits no longer for it than its call allows. A body that breaks off
 * is an exception, never an end.
 */
final class Download extends InputStream implements BodySubscriber<Download> {
  /** How many pieces (of 16 KiB, as the JDK reads them) may wait to be read: else each would cost a change of threads. */
  private static final int AHEAD = 16;

  private final Call call;
  private final Queue<ByteBuffer> arrived = new ArrayDeque<>(); // guarded by itself, like all below
  private Flow.@Nullable Subscription subscription;
  private int asked;
  private boolean ended;
  private @Nullable Throwable failure;
  private volatile boolean closed;

  Download(Call call) {
    this.call = call;
  }

  @Override
  public CompletionStage<Download> getBody() {
    return CompletableFuture.completedStage(this);
  }

  @Override
  public void onSubscribe(Flow.Subscription one) {
    boolean first;
    synchronized (arrived) {
      first = subscription == null && !closed;
      if (first) {
        subscription = one;
        asked = AHEAD;
      }
    }
    if (first) {
      one.request(AHEAD);
    } else {
      one.cancel();
    }
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    Flow.Subscription more;
    synchronized (arrived) {
      asked--;
      buffers.stream().filter(ByteBuffer::hasRemaining).forEach(arrived::add);
      more = more();
    }
    if (more != null) {
      more.request(1);
    }
    call.moved();
  }

  @Override
  public void onError(Throwable throwable) {
    synchronized (arrived) {
      failure = throwable;
      ended = true;
    }
    call.wake();
  }

  @Override
  public void onComplete() {
    synchronized (arrived) {
      ended = true;
    }
    call.wake();
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    if (length == 0) {
      return 0;
    }
    if (closed) {
      throw new IOException("stream closed");
    }
    while (true) {
      try {
        call.await("the rest of the answer", this::hasNews);
      } catch (IOException e) {
        close();
        throw e;
      }
      int count = take(bytes, offset, length);
      if (count != 0) {
        return count;
      }
    }
  }

  /** Lets go of the connection if anything is still to come on it. */
  @Override
  public void close() {
    Flow.Subscription open;
    synchronized (arrived) {
      closed = true;
      arrived.clear();
      open = ended ? null : subscription;
    }
    if (open != null) {
      open.cancel();
    }
  }

  private boolean hasNews() {
    synchronized (arrived) {
      return ended || !arrived.isEmpty();
    }
  }

  /** Whom to ask for one more, if there is room; counted as asked. */
  private Flow.@Nullable Subscription more() {
    if (ended || asked + arrived.size() >= AHEAD) {
      return null;
    }
    asked++;
    return subscription;
  }

  /** What has arrived; asks for more where that makes room. */
  private int take(byte[] bytes, int offset, int length) throws IOException {
    int count;
    Flow.Subscription more = null;
    synchronized (arrived) {
      ByteBuffer next = arrived.peek();
      if (next == null) {
        if (failure != null) {
          throw new IOException(
              call.message("the answer broke off: " + Trouble.said(failure)), failure);
        }
        return ended ? -1 : 0;
      }
      count = Math.min(length, next.remaining());
      next.get(bytes, offset, count);
      if (!next.hasRemaining()) {
        arrived.remove();
        more = more();
      }
    }
    if (more != null) {
      more.request(1);
    }
    return count;
  }
}
