package dev.lifeboat.retention;

import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.retention.RetentionPlan.Cause;
import dev.lifeboat.retention.RetentionPlan.Decision;
import java.time.Instant;
import java.util.List;

/** Plans as texts, so that tests assert all of them. */
final class Told {
  private Told() {}

  static RetentionPlan plan(RetentionPolicy policy, String now, Backup... backups) {
    return policy.plan(List.of(backups), TestBackup.SINK, Instant.parse(now));
  }

  /** {@code "keep 2026-02-14T14:30:00Z: last, 1 of 3 | the newest good one"}, newest first. */
  static List<String> lines(RetentionPlan plan) {
    return plan.decisions().stream().map(Told::line).toList();
  }

  /** The same without what the guards say, and without what they alone keep. */
  static List<String> linesOfRules(RetentionPlan plan) {
    return plan.decisions().stream()
        .filter(d -> d.causes().stream().anyMatch(cause -> !cause.rule().equals("guard")))
        .map(d -> new Decision(
            d.backup(),
            d.sink(),
            d.keep(),
            d.causes().stream().filter(cause -> !cause.rule().equals("guard")).toList()))
        .map(Told::line)
        .toList();
  }

  private static String line(Decision decision) {
    return (decision.keep() ? "keep " : "remove ") + decision.backup().time() + ": "
        + String.join(" | ", decision.causes().stream().map(Cause::text).toList());
  }

  static List<BackupId> ids(List<Decision> decisions) {
    return decisions.stream().map(decision -> decision.backup().id()).toList();
  }

  static List<Cause> causes(RetentionPlan plan, Backup backup) {
    return plan.decision(backup.id()).orElseThrow().causes();
  }
}
