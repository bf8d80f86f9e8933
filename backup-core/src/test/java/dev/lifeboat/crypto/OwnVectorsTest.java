package dev.lifeboat.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeboat.codec.DamagedDataException;
import dev.lifeboat.codec.EncodingStream;
import dev.lifeboat.testkit.FaultCount;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Known answers of our own, one failure each, with a digest of all that is released before it is found. */
class OwnVectorsTest {
  /** What came of it. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Answer(String result, byte[] released) {}

  static Stream<Vector> vectors() throws IOException {
    List<Vector> all = new ArrayList<>();
    for (String file : List.of("floe", "floe-64k", "keys", "sealed", "texts")) {
      all.addAll(Vector.of(file));
    }
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void everyVectorGivesItsAnswer(Vector vector) throws IOException {
    Answer answer = answer(vector);
    assertThat(answer.result()).isEqualTo(vector.text("expect"));
    assertThat(answer.released()).hasSize(vector.number("length"));
    assertThat(hex(answer.released())).isEqualTo(vector.text("released"));
  }

  @Test
  void thereAreManyAndNoTwoHaveOneName() throws IOException {
    List<String> names = vectors().map(Vector::toString).toList();
    assertThat(names).doesNotHaveDuplicates().hasSizeGreaterThan(120);
    FaultCount.tried(getClass(), "a known answer of our own", names.size());
  }

  static Answer answer(Vector vector) throws IOException {
    return switch (vector.text("what")) {
      case "floe" ->
        opened(
            new FloeParameters(vector.number("segment"), vector.number("rotation")),
            vector,
            vector.bytes("input"));
      case "floe-recipe" -> opened(FloeParameters.LIFEBOAT, vector, recipe(vector));
      case "keys" -> ofKeys(vector);
      case "sealed" -> ofSealed(vector);
      case "component" -> ofComponent(vector);
      case "text" -> ofText(vector);
      default -> throw new IllegalArgumentException(vector.text("what"));
    };
  }

  private static Answer opened(FloeParameters parameters, Vector vector, byte[] sealed)
      throws IOException {
    ByteArrayOutputStream released = new ByteArrayOutputStream();
    byte[] aad = vector.text("aad", "").getBytes(UTF_8);
    try (InputStream in = new FloeCodec(parameters, vector.bytes("key"), aad)
        .decode(new ByteArrayInputStream(sealed))) {
      in.transferTo(released);
      return new Answer("ok", released.toByteArray());
    } catch (DamagedDataException e) {
      return new Answer("damaged", released.toByteArray());
    }
  }

  private static Answer ofKeys(Vector vector) throws IOException {
    try (Seal seal = encryption(vector.text("reader"))
        .open(vector.bytes("input"), vector.text("series"), vector.text("backup"))) {
      return new Answer("ok", seal.dataKey().bytes());
    } catch (WrongKeyException e) {
      return nothing(e.isFromNewerVersion() ? "newer" : "wrong-key");
    } catch (DamagedDataException e) {
      return nothing("damaged");
    }
  }

  static Encryption encryption(String reader) {
    String[] words = reader.split(" ", 2);
    return switch (words[0]) {
      case "passphrase" -> Encryption.passphrase(words[1].toCharArray());
      case "key" -> Encryption.key(BackupKey.parse(words[1].toCharArray()));
      case "identity" -> Encryption.identity(Identity.parse(words[1].toCharArray()));
      default -> throw new IllegalArgumentException(words[0]);
    };
  }

  private static Answer ofSealed(Vector vector) {
    Place place = new Place(vector.text("series"), vector.text("backup"));
    try (Seal seal = new Seal(new DataKey(vector.bytes("key"), place), new byte[0], "")) {
      return new Answer("ok", seal.reveal(vector.text("input"), vector.text("of")));
    } catch (DamagedDataException e) {
      return nothing("damaged");
    }
  }

  private static Answer ofComponent(Vector vector) throws IOException {
    Place place = new Place(vector.text("series"), vector.text("backup"));
    ByteArrayOutputStream released = new ByteArrayOutputStream();
    try (Seal seal = new Seal(new DataKey(vector.bytes("key"), place), new byte[0], "");
        InputStream in = seal.codec(vector.text("component"))
            .decode(new ByteArrayInputStream(vector.bytes("input")))) {
      in.transferTo(released);
      return new Answer("ok", released.toByteArray());
    } catch (DamagedDataException e) {
      return new Answer("damaged", released.toByteArray());
    }
  }

  private static Answer ofText(Vector vector) {
    String text = new String(vector.bytes("input"), UTF_8);
    try {
      return new Answer(
          "ok",
          switch (vector.text("of")) {
            case "key" -> BackupKey.parse(text.toCharArray()).bytes();
            case "identity" -> Identity.parse(text.toCharArray()).bytes();
            default -> Recipient.parse(text).publicKey();
          });
    } catch (IllegalArgumentException e) {
      return nothing("refused");
    }
  }

  private static Answer nothing(String result) {
    return new Answer(result, new byte[0]);
  }

  /** The ciphertext that a recipe tells, whose digest must be right before anything is done to it. */
  static byte[] recipe(Vector vector) throws IOException {
    byte[] sealed = sealed(
        vector.bytes("made-with"),
        vector.text("made-for"),
        vector.number("content"),
        vector.text("seed"));
    assertThat(hex(sealed)).as("the ciphertext of %s", vector).isEqualTo(vector.text("ciphertext"));
    return edited(sealed, vector.text("edit", "none"), FloeParameters.LIFEBOAT.segmentLength());
  }

  static byte[] content(int length) {
    byte[] content = new byte[length];
    for (int i = 0; i < length; i++) {
      content[i] = (byte) (i % 251);
    }
    return content;
  }

  static byte[] sealed(byte[] key, String aad, int length, String seed) throws IOException {
    return sealed(FloeParameters.LIFEBOAT, key, aad, content(length), seed);
  }

  static byte[] sealed(
      FloeParameters parameters, byte[] key, String aad, byte[] content, String seed)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Floe floe = Floe.begin(parameters, key, aad.getBytes(UTF_8), new Told(seed));
    try (EncodingStream stream = new FloeEncoder(floe, parameters.plainLength(), out)) {
      stream.write(content);
      stream.finish();
    }
    return out.toByteArray();
  }

  /** {@code cut 74}, {@code flip 100 3}, {@code append 16}, {@code swap 0 1}, {@code drop 0}, {@code double 0}, {@code last 0}, {@code more 3}. */
  static byte[] edited(byte[] sealed, String edit, int segment) {
    String[] words = edit.split(" ", -1);
    int at = words.length > 1 ? Integer.parseInt(words[1]) : 0;
    switch (words[0]) {
      case "none" -> {
        return sealed;
      }
      case "cut", "append" -> {
        return Arrays.copyOf(sealed, words[0].equals("cut") ? at : sealed.length + at);
      }
      case "flip" -> {
        byte[] flipped = sealed.clone();
        flipped[at] ^= (byte) (1 << Integer.parseInt(words[2]));
        return flipped;
      }
      default -> {}
    }
    List<byte[]> segments = new ArrayList<>();
    for (int from = Floe.HEADER; from < sealed.length; from += segment) {
      segments.add(Arrays.copyOfRange(sealed, from, Math.min(from + segment, sealed.length)));
    }
    switch (words[0]) {
      case "swap" -> Collections.swap(segments, at, Integer.parseInt(words[2]));
      case "drop" -> segments.remove(at);
      case "double" -> segments.add(at, segments.get(at));
      case "last" ->
        System.arraycopy(
            new byte[] {
              (byte) (segment >> 24), (byte) (segment >> 16), (byte) (segment >> 8), (byte) segment
            },
            0,
            segments.get(at),
            0,
            4);
      case "more" -> Arrays.fill(segments.get(at), 0, 4, (byte) 0xff);
      default -> throw new IllegalArgumentException(edit);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(sealed, 0, Floe.HEADER);
    segments.forEach(out::writeBytes);
    return out.toByteArray();
  }

  static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(Fingerprint.sha256(bytes));
  }

  /** The n-th draw, from 0, is the beginning of SHA-256 of {@code <seed> <n>}. */
  private static final class Told extends SecureRandom {
    private static final long serialVersionUID = 1;

    private final String seed;
    private int drawn;

    Told(String seed) {
      this.seed = seed;
    }

    @Override
    public void nextBytes(byte[] bytes) {
      byte[] next = Fingerprint.sha256((seed + " " + drawn++).getBytes(UTF_8));
      System.arraycopy(next, 0, bytes, 0, bytes.length);
    }
  }
}
