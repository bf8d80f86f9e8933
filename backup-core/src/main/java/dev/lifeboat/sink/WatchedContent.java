package dev.lifeboat.sink;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * A content that remembers how it failed, so that its failures can be told from those of the sink that reads it. It
 * leaves {@code transferTo} to the interface: there, an exception could be either's.
 */
final class WatchedContent implements Content {
  private final Content content;
  private volatile Optional<IOException> failure = Optional.empty();

  WatchedContent(Content content) {
    this.content = content;
  }

  /** What the content threw last, if it threw. */
  Optional<IOException> failure() {
    return failure;
  }

  @Override
  public Digest digest() {
    return content.digest();
  }

  @Override
  public long size() {
    return content.size();
  }

  @Override
  public InputStream open() throws IOException {
    try {
      return new Watched(content.open());
    } catch (IOException e) {
      throw remembered(e);
    }
  }

  private IOException remembered(IOException e) {
    failure = Optional.of(e);
    return e;
  }

  private final class Watched extends FilterInputStream {
    Watched(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      try {
        return super.read();
      } catch (IOException e) {
        throw remembered(e);
      }
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      try {
        return super.read(bytes, offset, length);
      } catch (IOException e) {
        throw remembered(e);
      }
    }

    @Override
    public long skip(long count) throws IOException {
      try {
        return super.skip(count);
      } catch (IOException e) {
        throw remembered(e);
      }
    }

    @Override
    public void close() throws IOException {
      try {
        super.close();
      } catch (IOException e) {
        throw remembered(e);
      }
    }
  }
}
