package dev.lifeboat;

import dev.lifeboat.source.Facts;
import dev.lifeboat.source.Snapshot;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.OptionalLong;

/** A component of an old backup as the source of a new one: what was proven then is known already. */
final class OldContent implements Snapshot {
  private static final int BUFFER = 256 << 10;

  private final InputStream content;
  private final long size;
  private final Facts facts;

  OldContent(InputStream content, long size, Facts facts) {
    this.content = content;
    this.size = size;
    this.facts = facts;
  }

  @Override
  public OptionalLong estimate() {
    return OptionalLong.of(size);
  }

  /** Ends only if every byte is what the old manifest says. */
  @Override
  public Facts writeTo(OutputStream out) throws IOException {
    byte[] buffer = new byte[BUFFER];
    int n = content.read(buffer, 0, BUFFER);
    while (n >= 0) {
      out.write(buffer, 0, n);
      n = content.read(buffer, 0, BUFFER);
    }
    return facts;
  }

  @Override
  public void close() throws IOException {
    content.close();
  }
}
