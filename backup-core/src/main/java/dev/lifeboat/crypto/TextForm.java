package dev.lifeboat.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Keys as texts for people: a prefix that tells what it is, and digits that survive paper, with a checksum. */
enum TextForm {
  KEY("key", "a key"),
  RECIPIENT("recipient", "a recipient"),
  IDENTITY("identity", "an identity");

  private static final String DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";
  private static final int BITS = 5;
  private static final int KEY_LENGTH = 32;
  private static final int CHECKSUM = 3;
  private static final int COUNT = (KEY_LENGTH + CHECKSUM) * Byte.SIZE / BITS;
  private static final int GROUP = 7;

  private final String prefix;
  private final String name;

  TextForm(String kind, String name) {
    this.prefix = "lifeboat-" + kind + "-";
    this.name = name;
  }

  /** The text of 32 bytes; the caller wipes it. */
  char[] write(byte[] key) {
    byte[] bytes =
        ByteBuffer.allocate(KEY_LENGTH + CHECKSUM).put(key).put(checksum(key)).array();
    char[] text = new char[prefix.length() + COUNT + COUNT / GROUP - 1];
    prefix.getChars(0, prefix.length(), text, 0);
    int at = prefix.length();
    for (int digit = 0; digit < COUNT; digit++) {
      if (digit > 0 && digit % GROUP == 0) {
        text[at++] = '-';
      }
      text[at++] = DIGITS.charAt(digit(bytes, digit));
    }
    Arrays.fill(bytes, (byte) 0);
    return text;
  }

  /**
   * The 32 bytes of a text.
   *
   * @throws IllegalArgumentException if it is none, or mistyped; the message quotes nothing of it
   */
  byte[] read(char[] text) {
    char[] plain = new char[text.length];
    try {
      int length = plain(text, plain);
      int begin = plain(prefix.toCharArray(), new char[prefix.length()]);
      if (!startsWith(plain, length)) {
        throw new IllegalArgumentException(name + " begins with " + prefix + other(plain, length));
      }
      return read(plain, begin, length);
    } finally {
      Arrays.fill(plain, '\0');
    }
  }

  /** Whether it begins as one of these texts does, of whatever kind. */
  static boolean isMeant(char[] text) {
    char[] plain = new char[text.length];
    try {
      int length = plain(text, plain);
      return Arrays.stream(values()).anyMatch(form -> form.startsWith(plain, length));
    } finally {
      Arrays.fill(plain, '\0');
    }
  }

  private byte[] read(char[] plain, int begin, int length) {
    byte[] bytes = new byte[KEY_LENGTH + CHECKSUM];
    try {
      for (int i = begin; i < length; i++) {
        int value = DIGITS.indexOf(plain[i]);
        if (value < 0) {
          throw new IllegalArgumentException(
              "digit " + (i - begin + 1) + " of " + name + " is none that these texts have");
        } else if (i - begin < COUNT) {
          put(bytes, i - begin, value);
        }
      }
      if (length - begin != COUNT) {
        throw new IllegalArgumentException(
            name + " has " + COUNT + " digits after " + prefix + "; this has " + (length - begin));
      }
      byte[] key = Arrays.copyOf(bytes, KEY_LENGTH);
      if (!Arrays.equals(checksum(key), Arrays.copyOfRange(bytes, KEY_LENGTH, bytes.length))) {
        Arrays.fill(key, (byte) 0);
        throw new IllegalArgumentException(
            "the checksum does not match: something in this text of " + name + " is mistyped");
      }
      return key;
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  private byte[] checksum(byte[] key) {
    return Arrays.copyOf(Fingerprint.sha256(prefix.getBytes(US_ASCII), key), CHECKSUM);
  }

  private String other(char[] plain, int length) {
    for (TextForm form : values()) {
      if (form.startsWith(plain, length)) {
        return "; this is " + form.name;
      }
    }
    return "";
  }

  private boolean startsWith(char[] plain, int length) {
    char[] begin = new char[prefix.length()];
    int count = plain(prefix.toCharArray(), begin);
    return length >= count && Arrays.equals(plain, 0, count, begin, 0, count);
  }

  /** Takes out what reading passes over, and makes digits of what is taken for them. */
  private static int plain(char[] text, char[] plain) {
    int length = 0;
    for (char c : text) {
      char lower = c >= 'A' && c <= 'Z' ? (char) (c - 'A' + 'a') : c;
      switch (lower) {
        case ' ', '\t', '\r', '\n', '-' -> {}
        case 'o' -> plain[length++] = '0';
        case 'i', 'l' -> plain[length++] = '1';
        default -> plain[length++] = lower;
      }
    }
    return length;
  }

  private static int digit(byte[] bytes, int digit) {
    int value = 0;
    for (int bit = digit * BITS; bit < (digit + 1) * BITS; bit++) {
      int set = bytes[bit / Byte.SIZE] >> (Byte.SIZE - 1 - bit % Byte.SIZE);
      value = (value << 1) | (set & 1);
    }
    return value;
  }

  private static void put(byte[] bytes, int digit, int value) {
    for (int i = 0; i < BITS; i++) {
      int bit = digit * BITS + i;
      int set = (value >> (BITS - 1 - i)) & 1;
      bytes[bit / Byte.SIZE] |= (byte) (set << (Byte.SIZE - 1 - bit % Byte.SIZE));
    }
  }
}
