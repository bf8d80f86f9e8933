package dev.lifeboat.postgres;

import dev.lifeboat.source.Facts;
import dev.lifeboat.source.RestoreTarget;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/** A place that nothing is brought back to, and why not. */
record RefusingTarget(String type, String description, String reason) implements RestoreTarget {
  @Override
  public boolean holdsData() {
    return true;
  }

  @Override
  public void stage(InputStream content, Facts recorded, Path staging) throws IOException {
    throw new IOException(reason);
  }

  @Override
  public Facts check(Path staging) throws IOException {
    throw new IOException(reason);
  }

  @Override
  public void apply(Path staging) throws IOException {
    throw new IOException(reason);
  }

  @Override
  public void undo(Path staging) {}
}
