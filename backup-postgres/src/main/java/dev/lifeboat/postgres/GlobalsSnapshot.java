package dev.lifeboat.postgres;

import dev.lifeboat.source.Facts;
import dev.lifeboat.source.Snapshot;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** Roles and tablespaces that were written into the scratch directory when it was opened. */
final class GlobalsSnapshot implements Snapshot {
  private final Path sql;
  private final Facts facts;

  GlobalsSnapshot(Path sql, Facts facts) {
    this.sql = sql;
    this.facts = facts;
  }

  @Override
  public OptionalLong estimate() {
    try {
      return OptionalLong.of(Files.size(sql));
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }

  @Override
  public Facts writeTo(OutputStream out) throws IOException {
    Files.copy(sql, out);
    return facts;
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(sql);
  }
}
