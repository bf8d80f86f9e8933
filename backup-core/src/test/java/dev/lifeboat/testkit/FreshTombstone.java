package dev.lifeboat.testkit;

import dev.lifeboat.catalog.BackupId;
import java.time.Clock;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tombstones stay for a day after their backup was made, whatever names it: its manifest may still be under way. */
public final class FreshTombstone {
  private static final Pattern NAME =
      Pattern.compile("[a-z0-9-]+/catalog/([^/.]+)\\.deleted-[a-z2-7]{8}\\.json");

  private FreshTombstone() {}

  /** Whether an object of this name is one. */
  public static boolean is(String name, Clock clock) {
    Matcher matcher = NAME.matcher(name);
    return matcher.matches()
        && BackupId.tryParse(matcher.group(1))
            .filter(id -> id.time().isAfter(clock.instant().minus(Duration.ofDays(1))))
            .isPresent();
  }
}
