package dev.lifeboat.sink;

import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The name of an object: folders and a last segment, joined by {@code "/"}, at most 200 characters.
 *
 * <p>A segment starts with a letter or a digit and goes on with {@code [A-Za-z0-9._-]}; it does not end with a dot, has
 * no two dots in a row, and is no device name of Windows ({@code con}, {@code nul.txt}). So every name is a valid
 * relative path everywhere, and none leaves its folder. No two names that differ only in case are ever used together.
 */
public record ObjectName(String value) implements Comparable<ObjectName> {
  /** The most characters a name may have. */
  public static final int MAX_LENGTH = 200;

  /** But for the dot that must not be its end: that it is not looked for in here makes the most frequent check fast. */
  private static final Pattern SEGMENT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*+");

  private static final Set<String> DEVICES = Set.of(
      "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8",
      "com9", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9");

  public ObjectName {
    Objects.requireNonNull(value, "value");
    if (!isValid(value)) {
      throw new IllegalArgumentException("not an object name: " + printable(value));
    }
  }

  /**
   * The same as the constructor.
   *
   * @throws IllegalArgumentException if it is not a valid name
   */
  public static ObjectName of(String value) {
    return new ObjectName(value);
  }

  /** Whether this text is a name. For sinks, to leave out what others have put into the store. */
  public static boolean isValid(String text) {
    if (text.isEmpty() || text.length() > MAX_LENGTH || text.contains("..")) {
      return false;
    }
    for (String segment : text.split("/", -1)) {
      if (!SEGMENT.matcher(segment).matches() || segment.endsWith(".") || isDevice(segment)) {
        return false;
      }
    }
    return true;
  }

  /** Whether Windows takes this for a device, whatever its extension. */
  public static boolean isDevice(String segment) {
    int dot = segment.indexOf('.');
    String base = dot < 0 ? segment : segment.substring(0, dot);
    return DEVICES.contains(base.toLowerCase(Locale.ROOT));
  }

  /** Whether it lies in this folder or below: {@code ""} holds all, {@code "shop/"} holds {@code "shop/series.json"}. */
  public boolean isIn(String folder) {
    return value.startsWith(requireFolder(folder));
  }

  /**
   * The folder itself.
   *
   * @throws IllegalArgumentException if it is neither empty nor a valid name followed by {@code "/"}
   */
  public static String requireFolder(String folder) {
    boolean valid = folder.isEmpty()
        || (folder.endsWith("/") && isValid(folder.substring(0, folder.length() - 1)));
    if (!valid) {
      throw new IllegalArgumentException("not a folder: " + printable(folder));
    }
    return folder;
  }

  /** The last segment. */
  public String last() {
    return value.substring(value.lastIndexOf('/') + 1);
  }

  @Override
  public int compareTo(ObjectName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }

  /** Text from outside, fit for a message: control characters escaped, cut to 80 characters. */
  private static String printable(String text) {
    StringBuilder shown = new StringBuilder("\"");
    text.codePoints().limit(80).forEach(c -> {
      if (c < 0x20 || c > 0x7e) {
        shown.append(String.format(Locale.ROOT, "\\u%04x", c));
      } else {
        shown.appendCodePoint(c);
      }
    });
    return shown.append(text.length() > 80 ? "…\"" : "\"").toString();
  }
}
