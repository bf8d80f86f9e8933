package dev.lifeboat.retention;

import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.Copy;
import dev.lifeboat.catalog.State;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A backup that has a copy in the sink a plan is about.
 *
 * @param standing what that copy is worth
 * @param future whether it is dated further ahead than clocks may differ
 */
record Candidate(Backup backup, Standing standing, boolean future) {
  /** How far apart clocks may be. */
  private static final Duration SKEW = Duration.ofMinutes(5);

  /** What a copy is worth. Being odd or incomplete is a matter of what was written, so it comes before damage. */
  enum Standing {
    SOUND,
    DAMAGED,
    INCOMPLETE,
    SUSPECT,
    UNREAD,
    /** Its copy under another key counts for both. */
    REPLACED
  }

  /** The same, where a copy of it is there. */
  Candidate replaced() {
    return new Candidate(backup, Standing.REPLACED, future);
  }

  /** Whether its copy counts for it. */
  boolean isReplaced() {
    return standing == Standing.REPLACED;
  }

  /** Empty if it has none in there. */
  static Optional<Candidate> in(String sink, Backup backup, Instant now) {
    return backup.copies().stream()
        .filter(copy -> copy.sink().equals(sink))
        .filter(copy -> copy.state() == Copy.State.HELD || copy.state() == Copy.State.DAMAGED)
        .findFirst()
        .map(copy -> new Candidate(backup, standing(backup, copy), isFuture(backup, now)));
  }

  private static Standing standing(Backup backup, Copy copy) {
    if (isSuspect(backup)) {
      return Standing.SUSPECT;
    } else if (!stateButForDamage(backup).isGood()) {
      return Standing.INCOMPLETE;
    }
    if (copy.state() == Copy.State.DAMAGED) {
      return Standing.DAMAGED;
    }
    return backup.isProven() ? Standing.SOUND : Standing.UNREAD;
  }

  /** Whether it is suspect, in whatever sink and however damaged. */
  static boolean isSuspect(Backup backup) {
    return stateButForDamage(backup) == State.SUSPECT;
  }

  private static State stateButForDamage(Backup backup) {
    return backup.state() == State.DAMAGED ? backup.manifest().state() : backup.state();
  }

  private static boolean isFuture(Backup backup, Instant now) {
    return Duration.between(now, backup.time()).compareTo(SKEW) > 0;
  }

  /** Whether guards may count on it, and rules too unless something holds it. */
  boolean isGood() {
    return standing == Standing.SOUND && !future;
  }

  /** Whether it may count for what it was made of. */
  boolean isWhole() {
    return standing != Standing.DAMAGED && !future;
  }

  boolean isSuspect() {
    return standing == Standing.SUSPECT;
  }

  /** Sound as far as anybody knows, but nobody has read it back yet. */
  boolean isUnread() {
    return standing == Standing.UNREAD;
  }

  /** Damaged, and not dated in the future. */
  boolean isDamaged() {
    return standing == Standing.DAMAGED && !future;
  }

  /** Incomplete, and not dated in the future. */
  boolean isIncomplete() {
    return standing == Standing.INCOMPLETE && !future;
  }
}
