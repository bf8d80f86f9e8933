package dev.lifeboat.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What other readers of gzip accept and this one does not. */
class GzipDecoderTest {
  private static final byte[] CONTENT = new byte[1000];

  @Test
  void theSameContentAlwaysGivesTheSameBytes() throws IOException {
    assertThat(member()).isEqualTo(member()).startsWith(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff);
  }

  @Test
  void aSecondMemberIsRefused() throws IOException {
    byte[] two = Arrays.copyOf(member(), member().length * 2);
    System.arraycopy(member(), 0, two, member().length, member().length);
    assertDamaged(
        "the gzip data is damaged, after 1000 bytes of content: something follows its end", two);
  }

  @Test
  void whatFollowsIsRefusedAlsoWhenItComesLater() throws IOException {
    byte[] member = member();
    ByteArrayInputStream late = new ByteArrayInputStream(Arrays.copyOf(member, member.length + 1)) {
      @Override
      public synchronized int read(byte[] bytes, int offset, int length) {
        return super.read(bytes, offset, Math.min(length, Math.max(1, member.length - pos)));
      }
    };
    assertThatThrownBy(() -> Compression.gzip().decode(late).readAllBytes())
        .isInstanceOf(DamagedDataException.class)
        .hasMessage(
            "the gzip data is damaged, after 1000 bytes of content: something follows its end");
  }

  @Test
  void aHeaderWithOptionalFieldsIsRefused() throws IOException {
    byte[] named = member();
    named[3] = 8;
    assertDamaged("not gzip data of ours: its header has optional fields", named);
  }

  @Test
  void otherDataIsRefused() {
    assertDamaged("not gzip data: it begins with other bytes", new byte[100]);
    assertDamaged("the gzip data is cut short, after 0 bytes of content", new byte[9]);
  }

  @Test
  void wrongSumsAreFound() throws IOException {
    byte[] wrong = member();
    wrong[wrong.length - 5] ^= 1;
    assertDamaged(
        "the gzip data is damaged, after 1000 bytes of content: its CRC-32 is another", wrong);
    wrong = member();
    wrong[wrong.length - 1] ^= 1;
    assertDamaged(
        "the gzip data is damaged, after 1000 bytes of content: its length is another", wrong);
  }

  @Test
  void whatIsNotDeflatedIsFound() throws IOException {
    byte[] wrong = member();
    wrong[10] = 7; // a block type that does not exist
    assertDamaged("the gzip data is damaged, after 0 bytes of content: invalid block type", wrong);
  }

  @Test
  void whatIsCutIsCutShort() throws IOException {
    assertDamaged(
        "the gzip data is cut short, after 1000 bytes of content",
        Arrays.copyOf(member(), member().length - 1));
  }

  private static byte[] member() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (EncodingStream stream = Compression.gzip().encode(out, Runnable::run)) {
      stream.write(CONTENT);
      stream.finish();
    }
    return out.toByteArray();
  }

  private static void assertDamaged(String message, byte[] stored) {
    assertThatThrownBy(
            () -> Compression.gzip().decode(new ByteArrayInputStream(stored)).readAllBytes())
        .isInstanceOf(DamagedDataException.class)
        .hasMessage(message);
  }
}
