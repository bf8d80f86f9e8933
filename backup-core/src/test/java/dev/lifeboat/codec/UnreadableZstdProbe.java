package dev.lifeboat.codec;

import dev.lifeboat.BackupException;
import dev.lifeboat.Backups;
import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.Reason;
import dev.lifeboat.sink.Content;
import dev.lifeboat.sink.Digest;
import dev.lifeboat.sink.MemorySink;
import dev.lifeboat.sink.ObjectName;
import dev.lifeboat.source.BytesSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.Function;

/** What an application hears that has left zstd-jni out and opens a backup that needs it; for {@link WithoutZstd}. */
public final class UnreadableZstdProbe implements Function<Path, String> {
  /** For reflection. */
  public UnreadableZstdProbe() {}

  @Override
  public String apply(Path work) {
    MemorySink sink = new MemorySink("shop");
    Backups backups = Backups.builder("shop")
        .source(BytesSource.of("settings", () -> new byte[] {1}, document -> {}))
        .sink(sink)
        .compression(Compression.gzip())
        .workDirectory(work)
        .build();
    BackupId id = backups.create(Reason.MANUAL).id();
    try {
      sayThatItIsZstd(sink, "shop/catalog/" + id);
      backups.open(id, "settings").close();
      return "opened";
    } catch (BackupException e) {
      return e.kind() + ": " + e.getMessage();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void sayThatItIsZstd(MemorySink sink, String record) throws IOException {
    ObjectName manifest = ObjectName.of(record + ".json");
    String json;
    try (InputStream in = sink.open(manifest)) {
      json = new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\"gzip\"", "\"zstd\"");
    }
    Digest digest = Digest.of(json.getBytes(StandardCharsets.UTF_8));
    replace(sink, manifest, json);
    replace(
        sink,
        ObjectName.of(record + ".auth"),
        "{\"format\": 1, \"size\": " + digest.size() + ", \"sha256\": \"" + digest.sha256()
            + "\"}");
  }

  private static void replace(MemorySink sink, ObjectName name, String text) throws IOException {
    sink.delete(name);
    sink.put(name, Content.of(text.getBytes(StandardCharsets.UTF_8)));
  }
}
