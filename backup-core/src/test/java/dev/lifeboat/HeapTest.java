package dev.lifeboat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.Reason;
import dev.lifeboat.sink.BackupSink;
import dev.lifeboat.sink.Content;
import dev.lifeboat.sink.Digest;
import dev.lifeboat.sink.ObjectName;
import dev.lifeboat.sink.StoredObject;
import dev.lifeboat.source.BackupSource;
import dev.lifeboat.source.Facts;
import dev.lifeboat.source.RestoreTarget;
import dev.lifeboat.source.Snapshot;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A backup of 300 MB in a virtual machine that has a fraction of that; of 10 GB with {@code -Dloops=34}. */
class HeapTest {
  private static final long MEGABYTES = 300L * Integer.getInteger("loops", 1);

  @TempDir
  Path temp;

  @Test
  void sixtyFourMegabytesSufficeForSmallParts() throws Exception {
    assertThat(backUpWith("-Xmx64m", 4 << 20)).isEqualTo("COMPLETE " + (MEGABYTES << 20));
  }

  @Test
  void aHundredTwentyEightMegabytesSufficeForPartsOfTheDefaultSize() throws Exception {
    assertThat(backUpWith("-Xmx128m", 16 << 20)).isEqualTo("COMPLETE " + (MEGABYTES << 20));
  }

  private String backUpWith(String heap, int partSize) throws Exception {
    Process child = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            heap,
            "-Dloops=" + Integer.getInteger("loops", 1),
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=off",
            "-cp",
            System.getProperty("java.class.path"),
            Child.class.getName(),
            temp.resolve("work").toString(),
            Integer.toString(partSize))
        .redirectErrorStream(true)
        .start();
    try (InputStream out = child.getInputStream()) {
      String said = new String(out.readAllBytes(), StandardCharsets.UTF_8);
      child.waitFor();
      return said.lines().reduce((a, b) -> b).orElse("nothing");
    } finally {
      child.destroyForcibly();
    }
  }

  /** What runs in there. */
  static final class Child {
    private Child() {}

    public static void main(String[] arguments) {
      Backup backup = Backups.builder("shop")
          .source(new Synthetic())
          .sink(new Forgetting())
          .partSize(Integer.parseInt(arguments[1]))
          .workDirectory(Path.of(arguments[0]))
          .build()
          .create(Reason.MANUAL);
      long plain = backup.manifest().components().get(0).details().orElseThrow().plain().stream()
          .mapToLong(Digest::size)
          .sum();
      System.out.println(backup.state() + " " + plain);
    }
  }

  /** Noise that is made while it is written. */
  private static final class Synthetic implements BackupSource {
    @Override
    public String name() {
      return "noise";
    }

    @Override
    public String type() {
      return "bin";
    }

    @Override
    public Snapshot open(Path scratch) {
      return new Snapshot() {
        @Override
        public Facts writeTo(OutputStream out) throws IOException {
          Random random = new Random(1);
          byte[] megabyte = new byte[1 << 20];
          for (int i = 0; i < MEGABYTES; i++) {
            random.nextBytes(megabyte);
            out.write(megabyte);
          }
          return Facts.NONE;
        }

        @Override
        public void close() {}
      };
    }

    @Override
    public RestoreTarget target() {
      throw new UnsupportedOperationException("never restored");
    }
  }

  /** Attests what it reads and keeps none of it, but for what is small. */
  private static final class Forgetting implements BackupSink {
    private final Map<ObjectName, StoredObject> objects = new ConcurrentSkipListMap<>();
    private final Map<ObjectName, byte[]> small = new ConcurrentHashMap<>();

    @Override
    public StoredObject put(ObjectName name, Content content) throws IOException {
      Digest digest;
      try (InputStream in = content.open()) {
        if (content.size() < 100_000) {
          byte[] bytes = in.readAllBytes();
          small.put(name, bytes);
          digest = Digest.of(bytes);
        } else {
          digest = Digest.of(in);
        }
      }
      StoredObject stored =
          new StoredObject(name, digest.size(), Instant.EPOCH, Optional.of(digest.sha256()));
      objects.put(name, stored);
      return stored;
    }

    @Override
    public InputStream open(ObjectName name) throws IOException {
      byte[] bytes = small.get(name);
      if (bytes == null) {
        throw new NoSuchFileException(name.value());
      }
      return new ByteArrayInputStream(bytes);
    }

    @Override
    public List<StoredObject> list(String folder) {
      return objects.values().stream()
          .filter(stored -> stored.name().isIn(folder))
          .toList();
    }

    @Override
    public void delete(ObjectName name) {
      objects.remove(name);
    }

    @Override
    public String description() {
      return "memory that forgets";
    }
  }
}
