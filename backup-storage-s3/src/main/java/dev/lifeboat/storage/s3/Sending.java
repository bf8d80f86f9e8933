package dev.lifeboat.storage.s3;

import dev.lifeboat.sink.Content;
import dev.lifeboat.sink.Digest;
import dev.lifeboat.sink.ObjectName;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.ContentStreamProvider;

/**
 * A content as the client asks for it: from its first byte for every attempt, and before that for the signature where
 * there is no TLS. What is not what its digest says is never sent whole, so no store can keep it. Closing it closes
 * every stream that the client left open. Safe for a client that reads on a thread of its own.
 */
final class Sending implements ContentStreamProvider, AutoCloseable {
  private final ObjectName name;
  private final Content content;
  private final Digest said;
  private final List<InputStream> open = new ArrayList<>();
  private @Nullable Exception failure;

  Sending(ObjectName name, Content content) {
    this.name = name;
    this.content = content;
    this.said = content.digest();
  }

  @Override
  public synchronized InputStream newStream() {
    if (failure != null) {
      throw new ContentFailedException(failure); // it is not asked twice
    }
    try {
      InputStream in = content.open();
      open.add(in);
      Checked checked = new Checked(in);
      if (said.size() == 0) {
        checked.requireEnd();
      }
      return checked;
    } catch (IOException | RuntimeException e) {
      throw failed(e);
    }
  }

  /** The content's own exception, if it has failed: what the client made of that tells nothing more. */
  synchronized void rethrowFailure() throws IOException {
    if (failure instanceof IOException e) {
      throw e;
    } else if (failure instanceof RuntimeException e) {
      throw e;
    }
  }

  @Override
  public synchronized void close() {
    for (InputStream in : open) {
      closeQuietly(in);
    }
    open.clear();
  }

  private synchronized ContentFailedException failed(Exception e) {
    failure = e;
    return new ContentFailedException(e);
  }

  private synchronized void closed(InputStream in) {
    if (open.remove(in)) {
      closeQuietly(in);
    }
  }

  /** What was read has been checked already, and what was put is there: how it closes tells nothing. */
  private static void closeQuietly(InputStream in) {
    try {
      in.close();
    } catch (IOException e) {
      return;
    }
  }

  /** Gives the last bytes away only once all of them have proven right. */
  private final class Checked extends InputStream {
    private final InputStream in;
    private final Digest.Counter counter = new Digest.Counter();
    private long left = said.size();

    Checked(InputStream in) {
      this.in = in;
    }

    @Override
    public int read() {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) {
      if (length == 0) {
        return 0;
      } else if (left == 0) {
        return -1;
      }
      try {
        int n = in.read(bytes, offset, (int) Math.min(length, left));
        if (n < 0) {
          throw wrong("it ends after " + counter.size() + " bytes, its digest says " + said.size());
        }
        counter.update(bytes, offset, n);
        left -= n;
        if (left == 0) {
          requireEnd();
        }
        return n;
      } catch (IOException | RuntimeException e) {
        throw failed(e);
      }
    }

    void requireEnd() throws IOException {
      if (in.read() >= 0) {
        throw wrong("it goes on after the " + said.size() + " bytes its digest says");
      }
      Digest actual = counter.digest();
      if (!actual.equals(said)) {
        throw wrong("it is " + actual + ", its digest says " + said);
      }
    }

    private IOException wrong(String what) {
      return new IOException(
          "Cannot put the content of " + name + ": " + what + ". Nothing was kept.");
    }

    @Override
    public void close() {
      closed(in);
    }
  }
}
