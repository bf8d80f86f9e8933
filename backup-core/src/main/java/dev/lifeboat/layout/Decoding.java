package dev.lifeboat.layout;

import dev.lifeboat.codec.Codec;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** The stages of writing, backwards. */
final class Decoding {
  private Decoding() {}

  /** Closes {@code in} if a stage refuses it. */
  static InputStream decode(List<Codec> codecs, InputStream in) throws IOException {
    InputStream decoded = in;
    try {
      for (int i = codecs.size() - 1; i >= 0; i--) {
        decoded = codecs.get(i).decode(decoded);
      }
      return decoded;
    } catch (IOException | RuntimeException e) {
      decoded.close();
      throw e;
    }
  }
}
