package dev.lifeboat.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.math.BigInteger;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What people copy from paper is read, and what they mistype is noticed. */
class TextFormTest {
  private final byte[] key = new byte[32];

  TextFormTest() {
    new Random(7).nextBytes(key);
  }

  @Test
  void aTextIsWrittenAsTheFormatSays() throws Exception {
    for (TextForm form : TextForm.values()) {
      String prefix = "lifeboat-" + form.name().toLowerCase(Locale.ROOT) + "-";
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(prefix.getBytes(US_ASCII));
      byte[] checksum = digest.digest(key);
      byte[] all = Arrays.copyOf(key, 35);
      System.arraycopy(checksum, 0, all, 32, 3);
      // a second way to write base32: the digits 0-v of the JDK, and then ours for them
      String digits = new BigInteger(1, all).toString(32);
      digits = "0".repeat(56 - digits.length()) + digits;
      StringBuilder expected = new StringBuilder(prefix);
      for (int i = 0; i < 56; i++) {
        expected
            .append(i > 0 && i % 7 == 0 ? "-" : "")
            .append(
                "0123456789abcdefghjkmnpqrstvwxyz".charAt(Character.digit(digits.charAt(i), 32)));
      }
      assertThat(new String(form.write(key))).isEqualTo(expected.toString());
      assertThat(form.read(expected.toString().toCharArray())).isEqualTo(key);
    }
  }

  @Test
  void keysOfZerosAndOnesComeBack() {
    for (int value : new int[] {0, 0xff, 0x80, 1}) {
      Arrays.fill(key, (byte) value);
      assertThat(TextForm.KEY.read(TextForm.KEY.write(key))).isEqualTo(key);
    }
  }

  @Test
  void whatPaperDoesToItIsPassedOver() {
    String text = new String(TextForm.KEY.write(key));
    for (String copied : new String[] {
      text.toUpperCase(Locale.ROOT),
      text.replace("-", ""),
      text.replace("-", " \r\n\t"),
      " " + text + "\n",
      text.replace('0', 'o').replace('1', 'l'),
      text.replace('0', 'O').replace('1', 'I'),
      text.replace('o', '0').replace('l', '1').replace('i', '1')
    }) {
      assertThat(TextForm.KEY.read(copied.toCharArray())).as(copied).isEqualTo(key);
    }
  }

  @Test
  void everyOtherChangeOfOneCharacterIsNoticed() {
    char[] text = TextForm.IDENTITY.write(key);
    for (int at = 0; at < text.length; at++) {
      for (char c = ' '; c <= '~'; c++) {
        if (alike(c) != alike(text[at])) {
          char[] changed = text.clone();
          changed[at] = c;
          assertThat(catchThrowable(() -> TextForm.IDENTITY.read(changed)))
              .as("'%s' at %s", c, at)
              .isInstanceOf(IllegalArgumentException.class);
        }
      }
    }
  }

  /** What is read as the same. */
  private static char alike(char c) {
    char lower = Character.toLowerCase(c);
    return switch (lower) {
      case ' ' -> '-';
      case 'o' -> '0';
      case 'i', 'l' -> '1';
      default -> lower;
    };
  }

  @Test
  void everyTwoDigitsThatChangePlacesAreNoticed() {
    char[] text = TextForm.KEY.write(key);
    for (int at = "lifeboat-key-".length(); at < text.length - 1; at++) {
      char[] changed = text.clone();
      changed[at] = text[at + 1];
      changed[at + 1] = text[at];
      if (text[at] != text[at + 1] && text[at] != '-' && text[at + 1] != '-') {
        assertRefused(
            TextForm.KEY,
            new String(changed),
            "the checksum does not match: something in this text of a key is mistyped");
      }
    }
  }

  @Test
  void aTextOfAnotherKindIsNamed() {
    String recipient = new String(TextForm.RECIPIENT.write(key));
    String identity = new String(TextForm.IDENTITY.write(key));
    assertRefused(
        TextForm.IDENTITY,
        recipient,
        "an identity begins with lifeboat-identity-; this is a recipient");
    assertRefused(
        TextForm.RECIPIENT,
        identity,
        "a recipient begins with lifeboat-recipient-; this is an identity");
    assertRefused(TextForm.KEY, identity, "a key begins with lifeboat-key-; this is an identity");
    assertRefused(TextForm.KEY, "", "a key begins with lifeboat-key-");
    assertRefused(TextForm.KEY, "lifeboat", "a key begins with lifeboat-key-");
    assertRefused(
        TextForm.KEY,
        identity.replace("identity", "key"),
        "the checksum does not match: something in this text of a key is mistyped");
  }

  @Test
  void aTextOfAnotherLengthOrWithOtherDigitsIsNamed() {
    String text = new String(TextForm.KEY.write(key));
    assertRefused(
        TextForm.KEY,
        text.substring(0, text.length() - 1),
        "a key has 56 digits after lifeboat-key-; this has 55");
    assertRefused(
        TextForm.KEY, text + "00", "a key has 56 digits after lifeboat-key-; this has 58");
    assertRefused(
        TextForm.KEY, "lifeboat-key-", "a key has 56 digits after lifeboat-key-; this has 0");
    assertRefused(
        TextForm.KEY,
        "lifeboat-key-00u" + text.substring("lifeboat-key-000".length()),
        "digit 3 of a key is none that these texts have");
    assertRefused(
        TextForm.KEY,
        "lifeboat-key-\u0660" + text.substring("lifeboat-key-0".length()),
        "digit 1 of a key is none that these texts have");
  }

  private static void assertRefused(TextForm form, String text, String message) {
    assertThatThrownBy(() -> form.read(text.toCharArray()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }
}
