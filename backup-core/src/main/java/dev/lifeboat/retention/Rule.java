package dev.lifeboat.retention;

import dev.lifeboat.catalog.Backup;
import dev.lifeboat.retention.RetentionPlan.Cause;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;

/** One rule of a policy. A backup stays if any rule of its policy keeps it. */
sealed interface Rule permits EverythingRule, LastRule, WithinRule, BucketRule {
  /** Short and stable: no policy has two rules of the same key. */
  String key();

  /** What it keeps, as part of "keep …". */
  String words();

  /** What it says of each of the backups that count, which come newest first; in the same order. */
  List<Verdict> judge(List<Backup> counted, ZoneId zone, Instant now);

  /** Whether it speaks of incomplete backups too, which count for no other rule. */
  default boolean takesIncomplete() {
    return false;
  }

  /** Whether a backup may stay for this rule, and why or why not. */
  record Verdict(boolean keep, Cause cause) {}

  /** A verdict of this rule. */
  default Verdict verdict(boolean keep, String text) {
    return new Verdict(keep, new Cause(key(), text));
  }
}
