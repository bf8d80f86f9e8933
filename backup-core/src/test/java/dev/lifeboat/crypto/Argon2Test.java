package dev.lifeboat.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;
import org.junit.jupiter.api.Test;

/** Known answers for Argon2id, and the bounds of its cost. */
class Argon2Test {
  @Test
  void whatComputesItPassesTheAnswerOfTheRfc() {
    Argon2BytesGenerator generator = new Argon2BytesGenerator();
    generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
        .withVersion(Argon2Parameters.ARGON2_VERSION_13)
        .withSalt(filled(16, 2))
        .withSecret(filled(8, 3))
        .withAdditional(filled(12, 4))
        .withMemoryAsKB(32)
        .withIterations(3)
        .withParallelism(4)
        .build());
    byte[] key = new byte[32];
    generator.generateBytes(filled(32, 1), key);
    assertThat(key)
        .isEqualTo(hex("0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659"));
  }

  @Test
  void oursPassesTheAnswersOfTheReferenceImplementation() throws IOException {
    assertAnswer(
        new Cost(256, 2, 1), "9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe");
    assertAnswer(
        new Cost(256, 2, 2), "6d093c501fd5999645e0ea3bf620d7b8be7fd2db59c20d9fff9539da2bf57037");
  }

  private static void assertAnswer(Cost cost, String answer) throws IOException {
    byte[] password = "password".getBytes(US_ASCII);
    assertThat(new Argon2(1 << 20).derive(password, "somesalt".getBytes(US_ASCII), cost))
        .isEqualTo(hex(answer));
  }

  @Test
  void moreThanHalfOfTheHeapIsNeverTaken() throws IOException {
    Argon2 small = new Argon2(127 << 20);
    assertThatThrownBy(() -> small.derive(new byte[8], new byte[16], Cost.DEFAULT))
        .isExactlyInstanceOf(TooCostlyException.class)
        .hasMessage("the passphrase takes 64 MiB of memory to check, more than half of this heap of"
            + " 127 MiB: give the JVM more with -Xmx");
    assertThat(small.derive(new byte[8], new byte[16], new Cost(8, 1, 1))).hasSize(32);
  }

  @Test
  void theBoundsOfReadingAreThoseOfTheFormat() {
    assertThat(new Cost(8, 1, 1).isReadable()).isTrue();
    assertThat(new Cost(128, 16, 16).isReadable()).isTrue();
    assertThat(new Cost(1 << 20, 16, 16).isReadable()).isTrue();
    assertThat(new Cost(7, 1, 1).isReadable()).isFalse();
    assertThat(new Cost(127, 1, 16).isReadable()).isFalse();
    assertThat(new Cost((1 << 20) + 1, 1, 1).isReadable()).isFalse();
    assertThat(new Cost(1 << 10, 0, 1).isReadable()).isFalse();
    assertThat(new Cost(1 << 10, 17, 1).isReadable()).isFalse();
    assertThat(new Cost(1 << 10, 1, 0).isReadable()).isFalse();
    assertThat(new Cost(1 << 10, 1, 17).isReadable()).isFalse();
    assertThat(new Cost(Long.MIN_VALUE, 1, Long.MIN_VALUE).isReadable()).isFalse();
  }

  @Test
  void whatIsTooCheapOrTooDearIsNotWritten() {
    assertThat(new Cost(19 << 10, 2, 1).requireWritable()).isEqualTo(new Cost(19456, 2, 1));
    assertThat(Cost.DEFAULT.requireWritable()).isEqualTo(new Cost(65536, 3, 4));
    for (Cost cost :
        new Cost[] {new Cost(19455, 2, 1), new Cost(19456, 1, 1), new Cost((1 << 20) + 1, 2, 1)}) {
      assertThatThrownBy(cost::requireWritable)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("Argon2id must cost at least 19456 KiB and 2 passes, at most 1048576 KiB,"
              + " 16 passes and 16 lanes; this is " + cost.memoryKiB() + " KiB, " + cost.passes()
              + " passes, 1 lanes");
    }
  }

  private static byte[] filled(int length, int value) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text);
  }
}
