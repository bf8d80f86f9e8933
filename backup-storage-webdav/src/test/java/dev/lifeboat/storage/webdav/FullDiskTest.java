package dev.lifeboat.storage.webdav;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lifeboat.sink.Content;
import dev.lifeboat.sink.NoSpaceException;
import dev.lifeboat.sink.ObjectName;
import dev.lifeboat.sink.StoredObject;
import dev.lifeboat.testkit.Tmpfs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The server's disk is full: 1 MiB free, 3 MB to be kept. Every server says something else to that. */
class FullDiskTest {
  /** Which server, and whether it can be told from its answer, or its quota, that the disk is full. */
  enum Kind {
    APACHE(true),
    NGINX(false),
    SABRE(true),
    TOMCAT(false);

    private final boolean tells;

    Kind(boolean tells) {
      this.tells = tells;
    }

    DavServer start(Path directory) throws IOException {
      return switch (this) {
        case APACHE -> new ApacheServer(directory);
        case NGINX -> new NginxServer(directory);
        case SABRE -> new SabreServer(directory);
        case TOMCAT -> new TomcatServer(directory);
      };
    }
  }

  @ParameterizedTest
  @EnumSource
  void aFullDiskKeepsWhatItHoldsAndNothingOfTheNext(Kind kind, @TempDir Path directory)
      throws Exception {
    Path files = Files.createDirectories(directory.resolve("files"));
    try (Tmpfs disk = Tmpfs.at(files, "size=16m");
        DavServer server = kind.start(directory)) {
      WebDavSink sink = server.sink("");
      byte[] earlier = noise(100_000);
      sink.put(ObjectName.of("shop/earlier"), Content.of(earlier));
      disk.leaveFree(1 << 20);
      ObjectName name = ObjectName.of("shop/next");
      byte[] next = noise(3_000_000);
      IOException full =
          catchThrowableOfType(IOException.class, () -> sink.put(name, Content.of(next)));
      assertThat(full).as(kind.toString()).isNotNull();
      if (kind.tells) {
        assertThat(full)
            .isExactlyInstanceOf(NoSpaceException.class)
            .hasMessageContaining("(needs 3000000 bytes");
      }
      assertThat(sink.list(""))
          .extracting(StoredObject::name)
          .containsExactly(ObjectName.of("shop/earlier"));
      try (var in = sink.open(ObjectName.of("shop/earlier"))) {
        assertThat(in.readAllBytes()).isEqualTo(earlier);
      }
      disk.empty();
      sink.put(name, Content.of(next));
      try (var in = sink.open(name)) {
        assertThat(in.readAllBytes()).isEqualTo(next);
      }
    }
  }

  private static byte[] noise(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }
}
