package dev.lifeboat.testkit;

import dev.lifeboat.source.BackupSource;
import dev.lifeboat.source.Facts;
import dev.lifeboat.source.RestoreTarget;
import dev.lifeboat.source.Snapshot;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A source whose live data are bytes in memory, and which does all else through its scratch and staging directories. */
final class StagedDocument implements BackupSource {
  private volatile Optional<byte[]> live;

  StagedDocument(Optional<byte[]> live) {
    this.live = live;
  }

  Optional<byte[]> live() {
    return live;
  }

  void set(byte[] content) {
    live = Optional.of(content);
  }

  @Override
  public String name() {
    return "orders";
  }

  @Override
  public String type() {
    return "document";
  }

  @Override
  public Snapshot open(Path scratch) throws IOException {
    Path copy = scratch.resolve("copy");
    Files.write(copy, live.orElseThrow(() -> new IOException("there is no document")));
    return new Snapshot() {
      @Override
      public Facts writeTo(OutputStream out) throws IOException {
        byte[] content = Files.readAllBytes(copy);
        out.write(content);
        return Facts.NONE.value("length", Integer.toString(content.length));
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public RestoreTarget target() {
    return new Target();
  }

  private final class Target implements RestoreTarget {
    @Override
    public String type() {
      return "document";
    }

    @Override
    public String description() {
      return "the document";
    }

    @Override
    public boolean holdsData() {
      return live.isPresent();
    }

    @Override
    public void stage(InputStream content, Facts recorded, Path staging) throws IOException {
      Files.copy(content, staging.resolve("new"));
    }

    @Override
    public Facts check(Path staging) throws IOException {
      return Facts.NONE.value("length", Long.toString(Files.size(staging.resolve("new"))));
    }

    @Override
    public void apply(Path staging) throws IOException {
      byte[] content = Files.readAllBytes(staging.resolve("new"));
      if (live.isPresent()) {
        Files.write(staging.resolve("old"), live.get());
      } else {
        Files.createFile(staging.resolve("none"));
      }
      Files.createFile(staging.resolve("begun"));
      live = Optional.of(content);
    }

    @Override
    public void undo(Path staging) throws IOException {
      if (Files.exists(staging.resolve("begun"))) {
        boolean none = Files.exists(staging.resolve("none"));
        live = none ? Optional.empty() : Optional.of(Files.readAllBytes(staging.resolve("old")));
      }
    }
  }
}
