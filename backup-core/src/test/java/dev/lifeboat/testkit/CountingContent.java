package dev.lifeboat.testkit;

import dev.lifeboat.sink.Content;
import dev.lifeboat.sink.Digest;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicInteger;

/** Another content that counts how often it is opened and closed. */
final class CountingContent implements Content {
  private final Content content;
  private final AtomicInteger opened = new AtomicInteger();
  private final AtomicInteger closed = new AtomicInteger();

  CountingContent(Content content) {
    this.content = content;
  }

  int opened() {
    return opened.get();
  }

  /** How many streams; closing one twice counts once. */
  int closed() {
    return closed.get();
  }

  @Override
  public Digest digest() {
    return content.digest();
  }

  @Override
  public InputStream open() throws IOException {
    InputStream in = content.open();
    opened.incrementAndGet();
    return new FilterInputStream(in) {
      private boolean isClosed;

      @Override
      public void close() throws IOException {
        if (!isClosed) {
          isClosed = true;
          closed.incrementAndGet();
        }
        super.close();
      }
    };
  }
}
