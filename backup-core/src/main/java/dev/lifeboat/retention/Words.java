package dev.lifeboat.retention;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;

/** Sizes and durations as people say them. */
final class Words {
  private static final List<ChronoUnit> UNITS =
      List.of(ChronoUnit.DAYS, ChronoUnit.HOURS, ChronoUnit.MINUTES, ChronoUnit.SECONDS);
  private static final String BINARY_PREFIXES = "KMGTPE";

  private Words() {}

  /** {@code "30 days"}, {@code "36 hours"}: in the largest unit that says it exactly. */
  static String exactly(Duration duration) {
    for (ChronoUnit unit : UNITS) {
      long count = duration.dividedBy(unit.getDuration());
      if (unit.getDuration().multipliedBy(count).equals(duration)) {
        return count(count, unit);
      }
    }
    return duration.toString();
  }

  /** {@code "12 days"}: in the largest unit of which it has at least one, the rest left out. */
  static String roughly(Duration duration) {
    for (ChronoUnit unit : UNITS) {
      long count = duration.dividedBy(unit.getDuration());
      if (count > 0) {
        return count(count, unit);
      }
    }
    return count(0, ChronoUnit.SECONDS);
  }

  private static String count(long count, ChronoUnit unit) {
    String units = unit.toString().toLowerCase(Locale.ROOT);
    return count + " " + (count == 1 ? units.substring(0, units.length() - 1) : units);
  }

  /** {@code "512 bytes"}, {@code "1.5 GiB"}. */
  static String size(long bytes) {
    if (bytes < 1024) {
      return bytes + (bytes == 1 ? " byte" : " bytes");
    }
    int prefix = (63 - Long.numberOfLeadingZeros(bytes)) / 10;
    double value = bytes / (double) (1L << (10 * prefix));
    String number = String.format(Locale.ROOT, "%.1f", value);
    return (number.endsWith(".0") ? number.substring(0, number.length() - 2) : number)
        + " "
        + BINARY_PREFIXES.charAt(prefix - 1)
        + "iB";
  }
}
