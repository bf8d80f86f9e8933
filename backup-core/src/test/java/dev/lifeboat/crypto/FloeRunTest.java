package dev.lifeboat.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lifeboat.codec.DamagedDataException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is sealed in memory is the same as what is sealed on the way, with less memory. */
class FloeRunTest {
  private static final byte[] CONTEXT = "shop/20260214T143045Z-manual-k7f3q2ab".getBytes(US_ASCII);

  private final byte[] key = new byte[32];

  FloeRunTest() {
    new Random(1).nextBytes(key);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 31, 32, 33, 1000, 65503, 65504, 65505, 131007, 131008, 131009})
  void contentOfEveryLengthComesBackInBothWays(int length) throws IOException {
    byte[] content = content(length);
    byte[] sealed = FloeRun.seal(key, CONTEXT, content);
    assertThat(FloeRun.open(key, CONTEXT, sealed)).isEqualTo(content);
    try (InputStream in = new FloeCodec(key, CONTEXT).decode(new ByteArrayInputStream(sealed))) {
      assertThat(in.readAllBytes()).isEqualTo(content);
    }
  }

  @Test
  void nothingThatIsCutIsContent() {
    byte[] sealed = FloeRun.seal(key, CONTEXT, content(100));
    for (int length = 0; length < sealed.length; length++) {
      byte[] cut = Arrays.copyOf(sealed, length);
      assertThatThrownBy(() -> FloeRun.open(key, CONTEXT, cut))
          .isInstanceOf(DamagedDataException.class)
          .hasMessage(
              length < Floe.HEADER
                  ? "the encrypted data is cut short, within its header"
                  : length < Floe.HEADER + FloeParameters.OVERHEAD
                      ? "the encrypted data is cut short, after 0 segments"
                      : "the encrypted data is damaged: segment 0 is not as long as it says,"
                          + " or something follows its end");
    }
  }

  @Test
  void nothingThatGoesOnIsContent() {
    byte[] sealed = FloeRun.seal(key, CONTEXT, content(100));
    for (int more = 1; more <= 64; more++) {
      byte[] longer = Arrays.copyOf(sealed, sealed.length + more);
      assertThatThrownBy(() -> FloeRun.open(key, CONTEXT, longer))
          .isInstanceOf(DamagedDataException.class)
          .hasMessage("the encrypted data is damaged: segment 0 is not as long as it says,"
              + " or something follows its end");
    }
  }

  @Test
  void aShortRunThatSaysOthersFollowIsCutShort() {
    byte[] sealed = FloeRun.seal(key, CONTEXT, content(100));
    Arrays.fill(sealed, Floe.HEADER, Floe.HEADER + Integer.BYTES, (byte) 0xff);
    assertThatThrownBy(() -> FloeRun.open(key, CONTEXT, sealed))
        .isInstanceOf(DamagedDataException.class)
        .hasMessage("the encrypted data is cut short, after 0 segments");
  }

  private static byte[] content(int length) {
    byte[] content = new byte[length];
    new Random(length).nextBytes(content);
    return content;
  }
}
