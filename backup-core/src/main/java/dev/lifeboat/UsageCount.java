package dev.lifeboat;

import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.Reason;
import dev.lifeboat.retention.RetentionPlan;
import dev.lifeboat.sum.Sum;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Adds up what backups occupy. */
final class UsageCount {
  private UsageCount() {}

  static Usage of(List<Backup> backups, RetentionPlan plan) {
    long total = 0;
    Map<Reason, Long> byReason = new TreeMap<>();
    Map<String, Long> byRule = new TreeMap<>();
    for (Backup backup : backups) {
      long size = backup.storedSize();
      total = Sum.of(total, size);
      byReason.merge(backup.reason(), size, Sum::of);
      String rule = plan.decision(backup.id())
          .filter(RetentionPlan.Decision::keep)
          .map(decision -> decision.causes().get(0).rule())
          .orElse("none");
      byRule.merge(rule, size, Sum::of);
    }
    return new Usage(total, byReason, byRule);
  }
}
