package dev.lifeboat.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeboat.Backups;
import dev.lifeboat.catalog.Backup;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.S3Client;

/** A backup of 200 MB into a real server, made and read again in a virtual machine that has 128. */
class S3HeapTest {
  private static final int MEGABYTES = 200 * Integer.getInteger("loops", 1);

  @TempDir
  Path temp;

  @Test
  void aHundredTwentyEightMegabytesSuffice() throws Exception {
    try (S3Server server = S3Server.over(Files.createDirectory(temp.resolve("server")))) {
      Process child = new ProcessBuilder(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-Xmx128m",
              "-Dloops=" + Integer.getInteger("loops", 1),
              "-Dorg.slf4j.simpleLogger.defaultLogLevel=off",
              "-cp",
              System.getProperty("java.class.path"),
              Child.class.getName(),
              server.endpoint().toString(),
              temp.resolve("work").toString())
          .redirectErrorStream(true)
          .start();
      try (InputStream out = child.getInputStream()) {
        String said = new String(out.readAllBytes(), StandardCharsets.UTF_8);
        child.waitFor();
        assertThat(said.lines().reduce((a, b) -> b).orElse("nothing"))
            .as(said)
            .isEqualTo("COMPLETE " + ((long) MEGABYTES << 20));
      } finally {
        child.destroyForcibly();
      }
    }
  }

  /** What runs in there. */
  static final class Child {
    private Child() {}

    public static void main(String[] arguments) throws IOException {
      try (S3Client client = S3Server.client(URI.create(arguments[0]))) {
        Backups backups = Backups.builder("shop")
            .source(new Noise())
            .sink(S3Sink.in(client, S3Server.BUCKET, "tenant"))
            .compression(Compression.none())
            .workDirectory(Path.of(arguments[1]))
            .build();
        Backup backup = backups.create(Reason.MANUAL);
        try (InputStream in = backups.open(backup.id(), "noise")) {
          System.out.println(backup.state() + " " + Digest.of(in).size());
        }
      }
    }
  }

  /** That is made while it is written. */
  private static final class Noise implements BackupSource {
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
}
