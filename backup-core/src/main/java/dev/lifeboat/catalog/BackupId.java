package dev.lifeboat.catalog;

import java.security.SecureRandom;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * {@code 20260214T143045Z-pre-migration-k7f3q2ab}: when (UTC, to the second), why, and 40 random bits. Sorts by time.
 *
 * @param time when the backup began, in whole seconds, years 0001 to 9999
 * @param reason why it was made
 * @param tail 8 of {@code [a-z2-7]} (base32 of RFC 4648, in lower case)
 */
public record BackupId(Instant time, Reason reason, String tail) implements Comparable<BackupId> {
  private static final int TIME_LENGTH = "20260214T143045Z".length();
  private static final int TAIL_LENGTH = 8;
  private static final int MAX_LENGTH = TIME_LENGTH + 1 + 40 + 1 + TAIL_LENGTH;
  private static final String BASE32 = "abcdefghijklmnopqrstuvwxyz234567";
  private static final Pattern TAIL = Pattern.compile("[a-z2-7]{8}");
  private static final Pattern TIME = Pattern.compile("[0-9]{8}T[0-9]{6}Z");
  private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern(
          "uuuuMMdd'T'HHmmss'Z'", Locale.ROOT)
      .withResolverStyle(ResolverStyle.STRICT);
  private static final Comparator<BackupId> ORDER = Comparator.comparing(BackupId::time)
      .thenComparing(BackupId::reason)
      .thenComparing(BackupId::tail);
  private static final SecureRandom RANDOM = new SecureRandom();

  public BackupId {
    Objects.requireNonNull(reason, "reason");
    int year = time.atOffset(ZoneOffset.UTC).getYear();
    if (year < 1 || year > 9999) {
      throw new IllegalArgumentException("time must lie in the years 0001 to 9999, was " + time);
    }
    time = time.truncatedTo(ChronoUnit.SECONDS);
    if (!isTail(tail)) {
      throw new IllegalArgumentException("tail must be 8 of a-z and 2-7, was " + Text.quoted(tail));
    }
  }

  /** A new one, with random bits of its own. */
  public static BackupId create(Instant time, Reason reason) {
    return new BackupId(time, reason, randomTail());
  }

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static BackupId parse(String text) {
    return tryParse(text)
        .orElseThrow(() -> new IllegalArgumentException("not a backup id: " + Text.quoted(text)));
  }

  /** Reads one, from the right; empty if it is none. */
  public static Optional<BackupId> tryParse(String text) {
    int tailAt = text.length() - TAIL_LENGTH;
    boolean framed = text.length() <= MAX_LENGTH
        && tailAt > TIME_LENGTH + 2
        && text.charAt(tailAt - 1) == '-'
        && text.charAt(TIME_LENGTH) == '-'
        && TIME.matcher(text.substring(0, TIME_LENGTH)).matches();
    if (!framed) {
      return Optional.empty();
    }
    try {
      Instant time =
          LocalDateTime.parse(text.substring(0, TIME_LENGTH), FORMAT).toInstant(ZoneOffset.UTC);
      Reason reason = Reason.of(text.substring(TIME_LENGTH + 1, tailAt - 1));
      return Optional.of(new BackupId(time, reason, text.substring(tailAt)));
    } catch (DateTimeException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** 40 random bits in base32, as ids and marks carry them. */
  public static String randomTail() {
    StringBuilder tail = new StringBuilder(TAIL_LENGTH);
    for (int i = 0; i < TAIL_LENGTH; i++) {
      tail.append(BASE32.charAt(RANDOM.nextInt(BASE32.length())));
    }
    return tail.toString();
  }

  static boolean isTail(String text) {
    return TAIL.matcher(text).matches();
  }

  @Override
  public int compareTo(BackupId other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return FORMAT.format(LocalDateTime.ofInstant(time, ZoneOffset.UTC)) + '-' + reason + '-' + tail;
  }
}
