package dev.lifeboat.catalog;

import java.lang.reflect.RecordComponent;
import java.util.Locale;
import java.util.StringJoiner;

/** Text from outside, made fit for messages and logs: nobody can forge a line or colour a terminal with it. */
public final class Text {
  private static final int MAX_LENGTH = 200;
  private static final int MAX_RECORD = 5000;

  private Text() {}

  /** On one line, control and formatting characters escaped, at most 200 characters. */
  public static String printable(String text) {
    return escaped(text, MAX_LENGTH);
  }

  private static String escaped(String text, int most) {
    StringBuilder shown = new StringBuilder();
    text.codePoints().limit(most).forEach(c -> {
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
    return text.codePointCount(0, text.length()) > most
        ? shown.append('…').toString()
        : shown.toString();
  }

  /** A record as it tells itself, on one line; what is long in it is cut. */
  public static String shown(Record value) {
    StringJoiner shown = new StringJoiner(", ", value.getClass().getSimpleName() + "[", "]");
    for (RecordComponent part : value.getClass().getRecordComponents()) {
      try {
        shown.add(part.getName() + "="
            + escaped(String.valueOf(part.getAccessor().invoke(value)), MAX_RECORD));
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("a record's accessors are its own", e);
      }
    }
    return shown.toString();
  }

  /** The same, in quotes. */
  public static String quoted(String text) {
    return '"' + printable(text) + '"';
  }
}
