package dev.lifeboat.codec;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

/** What an application can and cannot do that has left zstd-jni out; to be loaded by {@link WithoutZstd}. */
public final class WithoutZstdProbe implements Callable<List<String>> {
  /** For reflection. */
  public WithoutZstdProbe() {}

  @Override
  public List<String> call() throws IOException {
    return List.of(
        attempt(Compression::zstd),
        attempt(() -> Compression.zstd(19, 2)),
        attempt(() -> Compression.ofId("zstd")),
        attempt(Compression::gzip) + ": " + roundTrip(Compression.gzip()),
        attempt(() -> Compression.ofId("none")) + ": " + roundTrip(Compression.none()));
  }

  private static String attempt(Supplier<Codec> codec) {
    try {
      return codec.get().id();
    } catch (IllegalStateException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private static String roundTrip(Codec codec) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (EncodingStream stream = codec.encode(out, Runnable::run)) {
      stream.write("all is well".getBytes(StandardCharsets.UTF_8));
      stream.finish();
    }
    byte[] back = codec.decode(new ByteArrayInputStream(out.toByteArray())).readAllBytes();
    return new String(back, StandardCharsets.UTF_8);
  }
}
