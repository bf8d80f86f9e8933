package dev.lifeboat.storage.local;

import dev.lifeboat.sink.Digest;
import dev.lifeboat.source.Facts;
import dev.lifeboat.source.RestoreTarget;
import dev.lifeboat.source.UnprovenException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A place beside what is live, which may fail at one of its steps. */
final class Elsewhere implements RestoreTarget {
  private final String failing;
  private Optional<Digest> arrived = Optional.empty();

  /** One of {@code stage}, {@code check}, {@code apply}; or none. */
  Elsewhere(String failing) {
    this.failing = failing;
  }

  /** What is there now. */
  Optional<Digest> arrived() {
    return arrived;
  }

  @Override
  public String type() {
    return "bytes";
  }

  @Override
  public String description() {
    return "elsewhere";
  }

  @Override
  public boolean holdsData() {
    return false;
  }

  @Override
  public void stage(InputStream content, Facts recorded, Path staging) throws IOException {
    failAt("stage");
    Files.copy(content, staging.resolve("new"));
  }

  @Override
  public Facts check(Path staging) throws IOException {
    if (failing.equals("check")) {
      throw new UnprovenException(List.of("it does not please"));
    }
    return Facts.counting("bytes", Files.size(staging.resolve("new")));
  }

  @Override
  public void apply(Path staging) throws IOException {
    failAt("apply");
    arrived = Optional.of(Digest.of(Files.readAllBytes(staging.resolve("new"))));
  }

  @Override
  public void undo(Path staging) {
    arrived = Optional.empty();
  }

  private void failAt(String step) throws IOException {
    if (failing.equals(step)) {
      throw new IOException("elsewhere fails at " + step);
    }
  }
}
