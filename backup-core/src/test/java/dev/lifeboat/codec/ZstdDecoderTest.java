package dev.lifeboat.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdCompressCtx;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is valid zstd data, or nearly so, and yet not what was written. */
class ZstdDecoderTest {
  private static final byte[] BLOCK = noise(100_000);

  @Test
  void framesOfOtherSizesAreReadToo() throws IOException {
    byte[] large = new byte[8 << 20];
    assertThat(read(frame(BLOCK), frame(large), end(BLOCK.length + large.length)))
        .hasSize(BLOCK.length + large.length)
        .startsWith(BLOCK);
  }

  @Test
  void contentWithoutItsEndIsCutShort() {
    assertDamaged("the zstd data is cut short, after 100000 bytes of content", frame(BLOCK));
    assertDamaged("the zstd data is cut short, after 0 bytes of content");
  }

  @Test
  void aLostOrDoubledFrameIsFound() {
    assertDamaged(
        "the zstd data is damaged, after 100000 bytes of content: its end frame says 200000 bytes",
        frame(BLOCK),
        end(200_000));
    assertDamaged(
        "the zstd data is damaged, after 200000 bytes of content: its end frame says 100000 bytes",
        frame(BLOCK),
        frame(BLOCK),
        end(100_000));
    assertDamaged(
        "the zstd data is damaged, after 0 bytes of content: its end frame says -1 bytes", end(-1));
  }

  @Test
  void nothingFollowsTheEnd() {
    assertDamaged(
        "the zstd data is damaged, after 0 bytes of content: something follows its end",
        end(0),
        new byte[1]);
    assertDamaged(
        "the zstd data is damaged, after 100000 bytes of content: something follows its end",
        frame(BLOCK),
        end(100_000),
        end(100_000));
  }

  @Test
  void theEndHasOneShapeOnly() {
    byte[] longer = end(0);
    longer[4] = 9;
    assertDamaged(
        "the zstd data is damaged, after 0 bytes of content: its end frame has another length",
        longer);
    byte[] otherMagic = end(0);
    otherMagic[0]++;
    assertDamaged(
        "the zstd data is damaged, after 0 bytes of content: no frame begins there", otherMagic);
  }

  @Test
  void aFrameWithoutChecksumIsRefused() {
    assertDamaged(
        "the zstd data is damaged, after 0 bytes of content: a frame has no checksum",
        frame(BLOCK, false, true),
        end(100_000));
  }

  @Test
  void aFrameThatStatesNoSizeOrTooLargeAOneIsRefused() {
    String message = "the zstd data is damaged, after 0 bytes of content: a frame states no size,"
        + " or one beyond 8 MiB";
    assertDamaged(message, frame(BLOCK, true, false), end(100_000));
    assertDamaged(message, frame(new byte[(8 << 20) + 1]), end((8 << 20) + 1));
    assertDamaged(message, header(0xe4, Long.MAX_VALUE));
    assertDamaged(message, header(0xe4, -1));
    assertDamaged(message, header(0xe4, 0));
  }

  @Test
  void aFrameThatNeedsADictionaryIsRefused() {
    assertDamaged(
        "the zstd data is damaged, after 0 bytes of content: a frame needs a dictionary, or what is"
            + " not known here",
        header(0xe5, 1000));
  }

  @Test
  void blocksWithoutEndAreRefusedBeforeTheyFillTheHeap() {
    byte[] raw = new byte[3 + (128 << 10)]; // not the last one
    raw[2] = 0x10;
    assertDamaged(
        "the zstd data is damaged, after 0 bytes of content: a frame is longer than its content"
            + " allows",
        header(0xe4, 1000),
        raw,
        raw);
    byte[] noBytes = new byte[3 * 1000];
    assertDamaged(
        "the zstd data is damaged, after 0 bytes of content: a frame is longer than its content"
            + " allows",
        header(0xe4, 1000),
        noBytes);
    byte[] tooLong = {0, 0, 0x20};
    assertDamaged(
        "the zstd data is damaged, after 0 bytes of content: a block is of no known kind, or too"
            + " long",
        header(0xe4, 8 << 20),
        tooLong);
    byte[] reserved = {6, 0, 0};
    assertDamaged(
        "the zstd data is damaged, after 0 bytes of content: a block is of no known kind, or too"
            + " long",
        header(0xe4, 8 << 20),
        reserved);
  }

  @Test
  void aFrameThatHoldsAnotherSizeThanItStatesIsRefused() {
    byte[] lastOfOneByte = {(byte) (1 | 1 << 3), 0, 0, 42, 0, 0, 0, 0};
    assertThatThrownBy(() -> read(header(0xe4, 2), lastOfOneByte))
        .isInstanceOf(DamagedDataException.class)
        .hasMessageStartingWith("the zstd data is damaged, after 0 bytes of content: ");
  }

  @Test
  void aWrongChecksumIsFoundBeforeAnyOfTheFrameIsGiven() throws IOException {
    byte[] wrong = frame(BLOCK);
    wrong[50_000] ^= 1;
    InputStream in = Compression.zstd().decode(stream(frame(BLOCK), wrong, end(200_000)));
    assertThat(in.readNBytes(100_000)).isEqualTo(BLOCK);
    assertThatThrownBy(in::read)
        .isInstanceOf(DamagedDataException.class)
        .hasMessage("the zstd data is damaged, after 100000 bytes of content: Restored data doesn't"
            + " match checksum");
  }

  @Test
  void availableTellsWhatIsDecodedAlready() throws IOException {
    InputStream in = Compression.zstd().decode(stream(frame(BLOCK), end(100_000)));
    assertThat(in.available()).isZero();
    assertThat(in.read()).isEqualTo(BLOCK[0] & 0xff);
    assertThat(in.available()).isEqualTo(99_999);
  }

  private static byte[] frame(byte[] content) {
    return frame(content, true, true);
  }

  private static byte[] frame(byte[] content, boolean checksum, boolean size) {
    try (ZstdCompressCtx context = new ZstdCompressCtx()) {
      return context.setLevel(1).setChecksum(checksum).setContentSize(size).compress(content);
    }
  }

  /** Magic, descriptor, and the size in eight bytes. */
  private static byte[] header(int descriptor, long size) {
    return ByteBuffer.allocate(13)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(ZstdFormat.FRAME_MAGIC)
        .put((byte) descriptor)
        .putLong(size)
        .array();
  }

  private static byte[] end(long length) {
    return ByteBuffer.allocate(16)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(0x184D2A5B)
        .putInt(8)
        .putLong(length)
        .array();
  }

  private static InputStream stream(byte[]... pieces) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    Arrays.stream(pieces).forEach(all::writeBytes);
    return new ByteArrayInputStream(all.toByteArray());
  }

  private static byte[] read(byte[]... pieces) throws IOException {
    return Compression.zstd().decode(stream(pieces)).readAllBytes();
  }

  private static void assertDamaged(String message, byte[]... pieces) {
    assertThatThrownBy(() -> read(pieces))
        .isInstanceOf(DamagedDataException.class)
        .hasMessage(message);
  }

  private static byte[] noise(int length) {
    byte[] bytes = new byte[length];
    new Random(7).nextBytes(bytes);
    return bytes;
  }
}
