package dev.lifeboat.postgres;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A version of PostgreSQL, 10 and newer: {@code 15.18}. */
record Version(int major, int minor) implements Comparable<Version> {
  private static final Pattern OF_TOOL = Pattern.compile("\\)\\s+(\\d{1,3})(?:\\.(\\d{1,3}))?");
  private static final Comparator<Version> ORDER =
      Comparator.comparingInt(Version::major).thenComparingInt(Version::minor);

  /** Of what {@code --version} prints: {@code pg_dump (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)}. */
  static Optional<Version> ofTool(String line) {
    Matcher matcher = OF_TOOL.matcher(line);
    if (!matcher.find()) {
      return Optional.empty();
    }
    String minor = matcher.group(2);
    return Optional.of(new Version(
        Integer.parseInt(matcher.group(1)), minor == null ? 0 : Integer.parseInt(minor)));
  }

  /** Of a server's {@code server_version_num}: 150018. */
  static Version ofNumber(int number) {
    return number >= 100_000
        ? new Version(number / 10_000, number % 10_000)
        : new Version(number / 10_000, number / 100 % 100);
  }

  boolean isBefore(Version other) {
    return compareTo(other) < 0;
  }

  @Override
  public int compareTo(Version other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return major + "." + minor;
  }
}
