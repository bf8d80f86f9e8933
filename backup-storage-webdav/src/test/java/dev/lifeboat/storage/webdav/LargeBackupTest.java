package dev.lifeboat.storage.webdav;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeboat.Backups;
import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.Depth;
import dev.lifeboat.catalog.Reason;
import dev.lifeboat.codec.Compression;
import dev.lifeboat.sink.Digest;
import dev.lifeboat.source.BackupSource;
import dev.lifeboat.source.Facts;
import dev.lifeboat.source.RestoreTarget;
import dev.lifeboat.source.Snapshot;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A backup of 200 MB, made, proven and read again by a virtual machine of 96 MB. */
@Tag("harness")
class LargeBackupTest {
  private static final int MEGABYTES = 200;

  @TempDir
  Path directory;

  @Test
  void apacheKeepsTwoHundredMegabytes() throws Exception {
    try (DavServer server = new ApacheServer(directory)) {
      assertThat(backUpTo(server)).isEqualTo("COMPLETE " + digest());
    }
  }

  @Test
  void nginxKeepsTwoHundredMegabytes() throws Exception {
    try (DavServer server = new NginxServer(directory)) {
      assertThat(backUpTo(server)).isEqualTo("COMPLETE " + digest());
    }
  }

  private String backUpTo(DavServer server) throws Exception {
    Process child = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx96m",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=off",
            "-cp",
            System.getProperty("java.class.path"),
            Child.class.getName(),
            server.uri().toString(),
            directory.resolve("work").toString())
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

  private static Digest digest() {
    Digest.Counter counter = new Digest.Counter();
    for (int i = 0; i < MEGABYTES; i++) {
      counter.update(megabyte(i), 0, 1 << 20);
    }
    return counter.digest();
  }

  private static byte[] megabyte(int number) {
    byte[] bytes = new byte[1 << 20];
    new Random(number).nextBytes(bytes);
    return bytes;
  }

  /** What runs in there. */
  static final class Child {
    private Child() {}

    public static void main(String[] arguments) throws IOException {
      Backups backups = Backups.builder("shop")
          .source(new Noise())
          .sink(WebDavSink.at(URI.create(arguments[0]))
              .basic(DavServer.USER, DavServer.PASSWORD::toCharArray)
              .allowPlainHttp())
          .compression(Compression.none())
          .partSize(4 << 20)
          .workDirectory(Path.of(arguments[1]))
          .build();
      Backup backup = backups.create(Reason.MANUAL);
      backups.verify(backup.id(), Depth.STORED);
      try (InputStream in = backups.open(backup.id(), "noise")) {
        System.out.println(backup.state() + " " + Digest.of(in));
      }
    }
  }

  private static final class Noise implements BackupSource {
    @Override
    public String name() {
      return "noise";
    }

    @Override
    public String type() {
      return "noise";
    }

    @Override
    public Snapshot open(Path scratch) {
      return new Snapshot() {
        @Override
        public Facts writeTo(OutputStream out) throws IOException {
          for (int i = 0; i < MEGABYTES; i++) {
            out.write(megabyte(i));
          }
          return Facts.NONE;
        }

        @Override
        public void close() {}
      };
    }

    @Override
    public RestoreTarget target() {
      throw new UnsupportedOperationException();
    }
  }
}
