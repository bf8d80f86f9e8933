package dev.lifeboat.examples.benchmarks;

import dev.lifeboat.source.BackupSource;
import dev.lifeboat.source.Facts;
import dev.lifeboat.source.RestoreTarget;
import dev.lifeboat.source.Snapshot;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** A file that nobody writes to, only to be read. */
final class FileSource implements BackupSource {
  private final Path file;

  FileSource(Path file) {
    this.file = file;
  }

  @Override
  public String name() {
    return "file";
  }

  @Override
  public String type() {
    return "bytes";
  }

  @Override
  public Snapshot open(Path scratch) throws IOException {
    long size = Files.size(file);
    return new Snapshot() {
      @Override
      public OptionalLong estimate() {
        return OptionalLong.of(size);
      }

      @Override
      public Facts writeTo(OutputStream out) throws IOException {
        Files.copy(file, out);
        return Facts.NONE;
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public RestoreTarget target() {
    throw new UnsupportedOperationException("a benchmark restores nothing");
  }
}
