package dev.lifeboat.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.lifeboat.codec.Codec;
import dev.lifeboat.codec.DamagedDataException;
import dev.lifeboat.codec.EncodingStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Every change of a ciphertext is found, and nothing beyond what was proven is given. */
class FloeTest {
  private static final int SEGMENT = 64;
  private static final int CONTENT = SEGMENT - FloeParameters.OVERHEAD;
  private static final FloeParameters SMALL = new FloeParameters(SEGMENT, 1);

  private final byte[] plain = new byte[5 * CONTENT + 7];
  private final byte[] key = new byte[32];
  private final Codec codec = codec(key, "shop/20260214T143045Z-manual-k7f3q2ab/orders");

  FloeTest() {
    new Random(1).nextBytes(plain);
    new Random(2).nextBytes(key);
  }

  private static Codec codec(byte[] key, String context) {
    return new FloeCodec(SMALL, key, context.getBytes(US_ASCII));
  }

  @Test
  void contentOfEveryLengthAroundSegmentsComesBack() throws IOException {
    for (int length = 0; length <= plain.length; length++) {
      byte[] content = Arrays.copyOf(plain, length);
      byte[] sealed = seal(content);
      int segments = Math.max(1, (length + CONTENT - 1) / CONTENT);
      assertThat(sealed).hasSize(Floe.HEADER + length + segments * FloeParameters.OVERHEAD);
      assertThat(open(sealed)).isEqualTo(content);
    }
  }

  @Test
  void itComesBackInPiecesOfEveryLengthAndOnlyWhereItIsWanted() throws IOException {
    byte[] sealed = seal(plain);
    for (int piece = 1; piece <= 3 * CONTENT; piece++) {
      byte[] buffer = new byte[1 + piece + CONTENT];
      ByteArrayOutputStream pieces = new ByteArrayOutputStream();
      try (InputStream in = codec.decode(new ByteArrayInputStream(sealed))) {
        for (int n = in.read(buffer, 1, piece); n >= 0; n = in.read(buffer, 1, piece)) {
          pieces.write(buffer, 1, n);
        }
      }
      assertThat(pieces.toByteArray()).as("pieces of %d", piece).isEqualTo(plain);
      Arrays.fill(buffer, 1, 1 + piece, (byte) 0);
      assertThat(buffer).as("around pieces of %d", piece).containsOnly(0);
    }
  }

  @Test
  void whatDoesNotProveRightIsNotLeftInTheReadersArray() throws IOException {
    byte[] sealed = seal(Arrays.copyOf(plain, CONTENT + 7));
    sealed[sealed.length - 1] ^= 1;
    byte[] buffer = new byte[CONTENT];
    try (InputStream in = codec.decode(new ByteArrayInputStream(sealed))) {
      assertThat(in.read(buffer)).isEqualTo(CONTENT);
      assertThatThrownBy(() -> in.read(buffer)).isInstanceOf(DamagedDataException.class);
    }
    assertThat(Arrays.copyOf(buffer, 7)).containsOnly(0);
    assertThat(Arrays.copyOfRange(buffer, 7, CONTENT))
        .isEqualTo(Arrays.copyOfRange(plain, 7, CONTENT));
  }

  @Test
  void noTwoSegmentsHaveTheSameIv() throws IOException {
    Set<String> ivs = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      byte[] sealed = seal(plain);
      ivs.add(hex(sealed, Floe.PARAMETERS, Floe.IV));
      segments(sealed).forEach(segment -> ivs.add(hex(segment, Integer.BYTES, Floe.AEAD_IV)));
    }
    assertThat(ivs).hasSize(100 * (1 + 6));
  }

  private static String hex(byte[] bytes, int from, int length) {
    return HexFormat.of().formatHex(bytes, from, from + length);
  }

  @Test
  void everyBitThatIsChangedIsFound() throws IOException {
    byte[] sealed = seal(plain);
    for (int at = 0; at < sealed.length; at++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] changed = sealed.clone();
        changed[at] ^= (byte) (1 << bit);
        assertDamaged(changed, "bit " + bit + " of byte " + at);
      }
    }
  }

  @Test
  void everyCutAndEveryAdditionIsFound() throws IOException {
    for (int length : new int[] {0, 1, CONTENT, 2 * CONTENT, plain.length}) {
      byte[] sealed = seal(Arrays.copyOf(plain, length));
      for (int cut = 0; cut < sealed.length; cut++) {
        assertDamaged(Arrays.copyOf(sealed, cut), "cut to " + cut);
      }
      for (int more = 1; more <= 2 * SEGMENT; more++) {
        assertDamaged(Arrays.copyOf(sealed, sealed.length + more), more + " zeros more");
      }
    }
  }

  @Test
  void segmentsThatAreSwappedDroppedOrDoubledAreFound() throws IOException {
    byte[] sealed = seal(plain);
    List<byte[]> segments = segments(sealed);
    for (int i = 0; i < segments.size(); i++) {
      List<byte[]> dropped = new ArrayList<>(segments);
      dropped.remove(i);
      assertDamaged(join(sealed, dropped), "without " + i);
      for (int j = 0; j < segments.size(); j++) {
        List<byte[]> doubled = new ArrayList<>(segments);
        doubled.add(j, segments.get(i));
        assertDamaged(join(sealed, doubled), i + " doubled at " + j);
        if (i != j) {
          List<byte[]> replaced = new ArrayList<>(segments);
          replaced.set(j, segments.get(i));
          assertDamaged(join(sealed, replaced), i + " in place of " + j);
        }
      }
    }
  }

  @Test
  void aBodyUnderTheHeaderOfAnotherIsFound() throws IOException {
    byte[] one = seal(plain);
    byte[] other = seal(plain);
    System.arraycopy(other, 0, one, 0, Floe.HEADER);
    assertDamaged(one, "another header");
    byte[] mixed = seal(plain);
    System.arraycopy(other, Floe.HEADER, mixed, Floe.HEADER, SEGMENT);
    assertDamaged(mixed, "another's first segment");
  }

  @Test
  void anotherKeyOrContextOpensNothing() throws IOException {
    byte[] sealed = seal(plain);
    byte[] otherKey = key.clone();
    otherKey[31] ^= 1;
    String message =
        "the encrypted data is damaged, or belongs to another key, component or backup:"
            + " its header does not prove right";
    for (Codec other : List.of(
        codec(otherKey, "shop/20260214T143045Z-manual-k7f3q2ab/orders"),
        codec(key, "shop/20260214T143045Z-manual-k7f3q2ab/users"),
        codec(key, ""))) {
      assertThatThrownBy(() -> other.decode(new ByteArrayInputStream(sealed)).read())
          .isInstanceOf(DamagedDataException.class)
          .hasMessage(message);
    }
  }

  @Test
  void eachDamageIsNamed() throws IOException {
    byte[] sealed = seal(plain);
    assertMessage(new byte[0], "the encrypted data is cut short, within its header");
    assertMessage(
        Arrays.copyOf(sealed, Floe.HEADER), "the encrypted data is cut short, after 0 segments");
    assertMessage(
        Arrays.copyOf(sealed, Floe.HEADER + 2 * SEGMENT),
        "the encrypted data is cut short, after 2 segments");
    assertMessage(
        Arrays.copyOf(sealed, sealed.length - 1),
        "the encrypted data is damaged: segment 5 is not as long as it says, or something follows its"
            + " end");
    byte[] whole = seal(Arrays.copyOf(plain, CONTENT));
    assertMessage(
        Arrays.copyOf(whole, whole.length + 1),
        "the encrypted data is damaged: something follows its end");
    byte[] changed = sealed.clone();
    changed[Floe.HEADER + SEGMENT + 20] ^= 1;
    assertMessage(changed, "the encrypted data is damaged: segment 1 does not prove right");
    byte[] foreign = sealed.clone();
    foreign[0] = 'S';
    assertMessage(foreign, "not encrypted data of ours: it begins with other bytes");
  }

  @Test
  void aSegmentHoldsSomething() {
    assertThatThrownBy(() -> new FloeParameters(32, 20))
        .hasMessage("segmentLength must be more than 32");
  }

  private void assertMessage(byte[] sealed, String message) {
    assertThatThrownBy(() -> open(sealed))
        .isInstanceOf(DamagedDataException.class)
        .hasMessage(message);
  }

  /** What was given before it was found is the beginning of the content. */
  private void assertDamaged(byte[] sealed, String how) {
    ByteArrayOutputStream released = new ByteArrayOutputStream();
    Throwable thrown = catchThrowable(() -> {
      try (InputStream in = codec.decode(new ByteArrayInputStream(sealed))) {
        in.transferTo(released);
      }
    });
    assertThat(thrown).as(how).isInstanceOf(DamagedDataException.class);
    assertThat(released.toByteArray()).as(how).isEqualTo(Arrays.copyOf(plain, released.size()));
  }

  private byte[] seal(byte[] content) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (EncodingStream stream = codec.encode(out, Runnable::run)) {
      stream.write(content);
      stream.finish();
    }
    return out.toByteArray();
  }

  private byte[] open(byte[] sealed) throws IOException {
    try (InputStream in = codec.decode(new ByteArrayInputStream(sealed))) {
      return in.readAllBytes();
    }
  }

  private static List<byte[]> segments(byte[] sealed) {
    List<byte[]> segments = new ArrayList<>();
    for (int at = Floe.HEADER; at < sealed.length; at += SEGMENT) {
      segments.add(Arrays.copyOfRange(sealed, at, Math.min(at + SEGMENT, sealed.length)));
    }
    return segments;
  }

  private static byte[] join(byte[] sealed, List<byte[]> segments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(sealed, 0, Floe.HEADER);
    segments.forEach(out::writeBytes);
    return out.toByteArray();
  }
}
