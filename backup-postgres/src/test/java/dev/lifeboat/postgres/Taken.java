package dev.lifeboat.postgres;

import dev.lifeboat.source.BackupSource;
import dev.lifeboat.source.Facts;
import dev.lifeboat.source.Snapshot;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a source gives, all of it, in memory. */
final class Taken {
  private final byte[] content;
  private final Facts facts;

  private Taken(byte[] content, Facts facts) {
    this.content = content;
    this.facts = facts;
  }

  static Taken of(BackupSource source, Path directory) throws IOException {
    try (Snapshot snapshot = source.open(Files.createTempDirectory(directory, "scratch"))) {
      snapshot.capture();
      Facts examined = snapshot.examine();
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      Facts written = snapshot.writeTo(out);
      return new Taken(out.toByteArray(), examined.and(written));
    }
  }

  byte[] content() {
    return content;
  }

  Facts facts() {
    return facts;
  }
}
