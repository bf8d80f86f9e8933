package dev.lifeboat.retention;

import static java.time.temporal.IsoFields.WEEK_BASED_YEAR;
import static java.time.temporal.IsoFields.WEEK_OF_WEEK_BASED_YEAR;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.SignStyle;
import java.util.Locale;

/** A span of the calendar that one backup may stand for. */
enum Bucket {
  /** With its offset: an hour that a clock repeats is two, and each may keep one. */
  HOURLY("hour", DateTimeFormatter.ofPattern("uuuu-MM-dd HH:'00'xxxxx", Locale.ROOT)),
  DAILY("day", DateTimeFormatter.ofPattern("uuuu-MM-dd", Locale.ROOT)),
  /** Of ISO 8601: from Monday on, the first one of a year holds its first Thursday. */
  WEEKLY(
      "week",
      new DateTimeFormatterBuilder()
          .appendValue(WEEK_BASED_YEAR, 4, 10, SignStyle.EXCEEDS_PAD)
          .appendLiteral("-W")
          .appendValue(WEEK_OF_WEEK_BASED_YEAR, 2)
          .toFormatter(Locale.ROOT)),
  MONTHLY("month", DateTimeFormatter.ofPattern("uuuu-MM", Locale.ROOT)),
  YEARLY("year", DateTimeFormatter.ofPattern("uuuu", Locale.ROOT));

  private final String unit;
  private final DateTimeFormatter label;

  Bucket(String unit, DateTimeFormatter label) {
    this.unit = unit;
    this.label = label;
  }

  /** {@code "daily"}. */
  String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** {@code "day"}. */
  String unit() {
    return unit;
  }

  /** Which one a moment falls into: equal texts, same bucket. */
  String labelOf(Instant time, ZoneId zone) {
    return label.format(time.atZone(zone));
  }
}
