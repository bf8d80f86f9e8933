package dev.lifeboat.storage.webdav;

import java.util.Locale;

/** Text from a server, made fit for messages and logs: on one line, short, nothing in it can forge or colour. */
final class Printable {
  private static final int MAX_LENGTH = 200;

  private Printable() {}

  static String of(String text) {
    StringBuilder shown = new StringBuilder();
    text.codePoints().limit(MAX_LENGTH).forEach(c -> {
      if (isPlain(Character.getType(c))) {
        shown.appendCodePoint(c);
      } else {
        shown.append(String.format(Locale.ROOT, "\\u%04x", c));
      }
    });
    boolean cut = text.codePointCount(0, text.length()) > MAX_LENGTH;
    return cut ? shown.append('…').toString() : shown.toString();
  }

  private static boolean isPlain(int type) {
    return type != Character.CONTROL
        && type != Character.FORMAT
        && type != Character.SURROGATE
        && type != Character.LINE_SEPARATOR
        && type != Character.PARAGRAPH_SEPARATOR;
  }
}
