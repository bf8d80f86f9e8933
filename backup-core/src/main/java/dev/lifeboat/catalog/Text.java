package dev.lifeboat.catalog;

import java.util.Locale;

/** Text from outside, made fit for messages and logs: nobody can forge a line or colour a terminal with it. */
public final class Text {
  private static final int MAX_LENGTH = 200;

  private Text() {}

  /** On one line, control and formatting characters escaped, at most 200 characters. */
  public static String printable(String text) {
    StringBuilder shown = new StringBuilder();
    text.codePoints().limit(MAX_LENGTH).forEach(c -> {
      int type = Character.getType(c);
      boolean plain = type != Character.CONTROL
          && type != Character.FORMAT
          && type != Character.SURROGATE
          && type != Character.LINE_SEPARATOR
          && type != Character.PARAGRAPH_SEPARATOR;
      if (plain) {
        shown.appendCodePoint(c);
      } else {
        shown.append(String.format(Locale.ROOT, "\\u%04x", c));
      }
    });
    return text.codePointCount(0, text.length()) > MAX_LENGTH
        ? shown.append('…').toString()
        : shown.toString();
  }

  /** The same, in quotes. */
  public static String quoted(String text) {
    return '"' + printable(text) + '"';
  }
}
