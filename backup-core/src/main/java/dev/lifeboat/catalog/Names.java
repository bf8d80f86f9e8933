package dev.lifeboat.catalog;

import dev.lifeboat.sink.ObjectName;
import java.util.Set;
import java.util.regex.Pattern;

/** The grammar of series, component names and reasons: {@code [a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?}. */
public final class Names {
  private static final Pattern GRAMMAR = Pattern.compile("[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?");
  private static final Set<String> TAKEN = Set.of("catalog", "lease", "series", "keys");

  private Names() {}

  /**
   * The name itself.
   *
   * @param what whose name, for the message: {@code "series"}
   * @throws IllegalArgumentException if it does not match, or is taken by the format or by Windows
   */
  public static String require(String what, String name) {
    if (!GRAMMAR.matcher(name).matches()) {
      throw new IllegalArgumentException(
          what + " must be 1 to 40 of a-z, 0-9 and -, with no - at either end, was "
              + Text.quoted(name));
    } else if (TAKEN.contains(name) || ObjectName.isDevice(name)) {
      throw new IllegalArgumentException(
          what + " must be another name than \"" + name + "\", which is taken");
    }
    return name;
  }
}
