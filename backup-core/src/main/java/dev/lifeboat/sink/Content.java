package dev.lifeboat.sink;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * The bytes of one put: small, known before they are sent, and opened anew for every attempt. So any sink can send a
 * Content-Length and a checksum, and any put can be tried again.
 */
public interface Content {
  /** What the bytes are; the same at every call. */
  Digest digest();

  /** The bytes from the first; the caller closes the stream. */
  InputStream open() throws IOException;

  /** How many bytes. */
  default long size() {
    return digest().size();
  }

  /** Writes all of them; {@code out} stays open. */
  default void transferTo(OutputStream out) throws IOException {
    try (InputStream in = open()) {
      in.transferTo(out);
    }
  }

  /** These bytes, which must not be changed afterwards. */
  static Content of(byte[] bytes) {
    Digest digest = Digest.of(bytes);
    return new Content() {
      @Override
      public Digest digest() {
        return digest;
      }

      @Override
      public InputStream open() {
        return new ByteArrayInputStream(bytes);
      }
    };
  }
}
