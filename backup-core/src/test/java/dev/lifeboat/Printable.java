package dev.lifeboat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Whether a text could forge a line, colour a terminal, or flood a log. */
final class Printable {
  private static final int MOST = 20_000;

  private Printable() {}

  /** What is wrong with it; empty if nothing is. */
  static List<String> objections(String where, String text) {
    List<String> found = new ArrayList<>();
    if (text.length() > MOST) {
      found.add(where + " has " + text.length() + " characters: " + text.substring(0, 100));
    }
    text.codePoints()
        .filter(c -> switch (Character.getType(c)) {
          case Character.CONTROL,
              Character.FORMAT,
              Character.SURROGATE,
              Character.LINE_SEPARATOR,
              Character.PARAGRAPH_SEPARATOR -> true;
          default -> false;
        })
        .findFirst()
        .ifPresent(c -> found.add(where + " holds " + Integer.toHexString(c) + ": "
            + text.substring(0, Math.min(300, text.length()))));
    return found;
  }

  /** The same of an exception, its causes and all that a log would show of them. */
  static List<String> objections(Throwable thrown) {
    List<String> found = new ArrayList<>();
    collect(thrown, new HashSet<>(), found);
    return found;
  }

  private static void collect(Throwable thrown, Set<Throwable> seen, List<String> found) {
    if (!seen.add(thrown)) {
      return;
    }
    found.addAll(objections("the " + thrown.getClass().getSimpleName(), thrown.toString()));
    if (thrown instanceof BackupException ours) {
      ours.details().stream().limit(100).forEach(d -> found.addAll(objections("a detail", d)));
    }
    if (thrown.getCause() != null) {
      collect(thrown.getCause(), seen, found);
    }
    for (Throwable suppressed : thrown.getSuppressed()) {
      collect(suppressed, seen, found);
    }
  }
}
