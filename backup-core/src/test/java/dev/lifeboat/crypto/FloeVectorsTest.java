package dev.lifeboat.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeboat.codec.EncodingStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What others have written in FLOE is read, and what we write is the same, byte for byte. */
class FloeVectorsTest {
  private static final byte[] KEY = new byte[32];
  private static final byte[] CONTEXT = "This is AAD".getBytes(US_ASCII);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cpp_GCM256_IV256_4K",
        "cpp_GCM256_IV256_64",
        "cpp_rotation",
        "go_GCM256_IV256_4K",
        "go_GCM256_IV256_64",
        "go_rotation",
        "java_GCM256_IV256_4K",
        "java_GCM256_IV256_64",
        "java_lastSegAligned",
        "java_lastSegEmpty",
        "java_rotation",
        "pub_java_GCM256_IV256_4K",
        "pub_java_GCM256_IV256_64",
        "pub_java_rotation",
        "rust_GCM256_IV256_4K",
        "rust_GCM256_IV256_64",
        "rust_rotation"
      })
  void knownAnswersPassInBothDirections(String name) throws IOException {
    FloeParameters parameters = parameters(name);
    byte[] plain = vector(name + "_pt.txt");
    byte[] sealed = vector(name + "_ct.txt");
    InputStream in =
        new FloeCodec(parameters, KEY, CONTEXT).decode(new ByteArrayInputStream(sealed));
    assertThat(in.readAllBytes()).isEqualTo(plain);
    if (!name.endsWith(
        "lastSegEmpty")) { // a last segment without content, which we write only if there is none
      // at all
      assertThat(encode(parameters, plain, sealed)).isEqualTo(sealed);
    }
  }

  private static byte[] encode(FloeParameters parameters, byte[] plain, byte[] sealed)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Floe floe = Floe.begin(parameters, KEY, CONTEXT, new Replayed(sealed, parameters));
    try (EncodingStream encoder = new FloeEncoder(floe, parameters.plainLength(), out)) {
      encoder.write(plain);
      encoder.finish();
    }
    return out.toByteArray();
  }

  private static FloeParameters parameters(String name) {
    if (name.endsWith("_4K")) {
      return new FloeParameters(4096, 20);
    }
    return new FloeParameters(name.endsWith("_64") ? 64 : 40, name.endsWith("rotation") ? 2 : 20);
  }

  private static byte[] vector(String file) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(FloeVectorsTest.class.getResourceAsStream("floe/" + file), file)) {
      return HexFormat.of().parseHex(new String(in.readAllBytes(), US_ASCII).strip());
    }
  }

  /** The random bytes with which a ciphertext was made. */
  private static final class Replayed extends SecureRandom {
    private static final long serialVersionUID = 1;

    private final transient ByteBuffer bytes;

    Replayed(byte[] sealed, FloeParameters parameters) {
      ByteArrayOutputStream drawn = new ByteArrayOutputStream();
      drawn.write(sealed, Floe.PARAMETERS, Floe.IV);
      for (int at = Floe.HEADER; at < sealed.length; at += parameters.segmentLength()) {
        drawn.write(sealed, at + Integer.BYTES, Floe.AEAD_IV);
      }
      bytes = ByteBuffer.wrap(drawn.toByteArray());
    }

    @Override
    public void nextBytes(byte[] drawn) {
      bytes.get(drawn);
    }
  }
}
