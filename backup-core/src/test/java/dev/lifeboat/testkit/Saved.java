package dev.lifeboat.testkit;

import dev.lifeboat.source.BackupSource;
import dev.lifeboat.source.Facts;
import dev.lifeboat.source.Snapshot;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a backup would hold of a source: the engine's calls in the engine's order. */
final class Saved {
  private final byte[] content;
  private final Facts facts;

  Saved(byte[] content, Facts facts) {
    this.content = content;
    this.facts = facts;
  }

  /** As the source is now. */
  static Saved of(BackupSource source, Path directory) throws IOException {
    try (Snapshot snapshot = source.open(Files.createTempDirectory(directory, "scratch"))) {
      return of(snapshot);
    }
  }

  /** A snapshot that was opened and nothing else. */
  static Saved of(Snapshot snapshot) throws IOException {
    snapshot.capture();
    return ofCaptured(snapshot);
  }

  /** A snapshot that was captured. */
  static Saved ofCaptured(Snapshot snapshot) throws IOException {
    Facts examined = snapshot.examine();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Facts written = snapshot.writeTo(out);
    return new Saved(out.toByteArray(), examined.and(written));
  }

  byte[] content() {
    return content;
  }

  Facts facts() {
    return facts;
  }
}
