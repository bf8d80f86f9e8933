package dev.lifeboat.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of the machine open what we write: content never depends on this library. */
class StockToolsTest {
  @TempDir
  Path directory;

  @Test
  void theZstdCommandOpensWhatZstdWrites() throws Exception {
    for (byte[] content : contents()) {
      Path stored = stored(Compression.zstd(3, 2), content);
      run("zstd", "-q", "-t", stored.toString());
      assertThat(run("zstd", "-q", "-d", "-c", stored.toString())).isEqualTo(content);
    }
  }

  @Test
  void theZstdCommandFindsAFlippedBit() throws Exception {
    Path stored = stored(Compression.zstd(), contents().get(4));
    byte[] bytes = Files.readAllBytes(stored);
    bytes[bytes.length / 2] ^= 1;
    Files.write(stored, bytes);
    assertThat(start("zstd", "-q", "-t", stored.toString()).waitFor()).isNotZero();
  }

  @Test
  void theGzipCommandOpensWhatGzipWrites() throws Exception {
    for (byte[] content : contents()) {
      Path stored = stored(Compression.gzip(), content);
      run("gzip", "-t", stored.toString());
      assertThat(run("gzip", "-d", "-c", stored.toString())).isEqualTo(content);
    }
  }

  @Test
  void gzipAndTheJdkReadEachOther() throws Exception {
    byte[] content = contents().get(3);
    ByteArrayOutputStream jdk = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(jdk)) {
      out.write(content);
    }
    assertThat(Compression.gzip().decode(new ByteArrayInputStream(jdk.toByteArray())))
        .hasBinaryContent(content);
    try (InputStream in =
        new GZIPInputStream(Files.newInputStream(stored(Compression.gzip(), content)))) {
      assertThat(in).hasBinaryContent(content);
    }
  }

  private static List<byte[]> contents() {
    byte[] noise = new byte[(2 << 20) + 3];
    new Random(4).nextBytes(noise);
    byte[] rows =
        "a row, and another row, and a row. ".repeat(100_000).getBytes(StandardCharsets.UTF_8);
    return List.of(new byte[0], new byte[1], new byte[1 << 20], rows, noise);
  }

  private Path stored(Codec codec, byte[] content) throws IOException {
    Path file = Files.createTempFile(directory, "content", "." + codec.suffix());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (EncodingStream stream = codec.encode(out, Runnable::run)) {
      stream.write(content);
      stream.finish();
    }
    return Files.write(file, out.toByteArray());
  }

  private static byte[] run(String... command) throws IOException, InterruptedException {
    Process process = start(command);
    byte[] out = process.getInputStream().readAllBytes();
    assertThat(process.waitFor()).as(String.join(" ", command)).isZero();
    return out;
  }

  private static Process start(String... command) throws IOException {
    return new ProcessBuilder(new ArrayList<>(List.of(command)))
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }
}
