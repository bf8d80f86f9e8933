package dev.lifeboat.retention;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.State;
import dev.lifeboat.retention.RetentionPlan.Decision;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/** What holds for every plan of every policy. Backups are in one sink only, so their state is that of the copy. */
record Invariants(RetentionPolicy policy, List<Backup> backups, Instant now, String context) {
  void check(RetentionPlan plan, long shuffle) {
    decidesOnceForEachNewestFirst(plan);
    everyDecisionHasCauses(plan);
    keepsWhatMustStay(plan);
    doesNotDependOnTheOrder(plan, shuffle);
    removesNothingMoreWhenPlannedAgain(plan);
  }

  private void decidesOnceForEachNewestFirst(RetentionPlan plan) {
    assertThat(Told.ids(plan.decisions()))
        .as(context)
        .containsExactlyElementsOf(newestFirst(backups));
  }

  private void everyDecisionHasCauses(RetentionPlan plan) {
    assertThat(plan.decisions()).as(context).flatExtracting(Decision::causes).allSatisfy(cause -> {
      assertThat(cause.rule()).matches("[a-z-]+");
      assertThat(cause.text()).isNotBlank();
    });
  }

  private void keepsWhatMustStay(RetentionPlan plan) {
    List<Backup> good = sorted(backups).stream().filter(this::isGood).toList();
    List<BackupId> mustStay = new ArrayList<>();
    good.stream().limit(1).forEach(backup -> mustStay.add(backup.id()));
    good.stream().filter(Voyage::isRegular).limit(3).forEach(backup -> mustStay.add(backup.id()));
    for (Backup backup : backups) {
      boolean newerThanAllGood =
          good.isEmpty() || backup.time().isAfter(good.get(0).time());
      boolean olderThanSuspect = backups.stream()
          .anyMatch(other -> other.state() == State.SUSPECT && other.time().isAfter(backup.time()));
      if (backup.isPinned()
          || backup.keepUntil().filter(until -> until.isAfter(now)).isPresent()
          || backup.state() == State.SUSPECT
          || isFuture(backup)
          || newerThanAllGood
          || olderThanSuspect) {
        mustStay.add(backup.id());
      }
    }
    assertThat(Told.ids(plan.removed())).as(context).doesNotContainAnyElementsOf(mustStay);
    assertThat(plan.kept().isEmpty()).as(context).isEqualTo(backups.isEmpty());
  }

  private void doesNotDependOnTheOrder(RetentionPlan plan, long shuffle) {
    List<Backup> shuffled = new ArrayList<>(backups);
    Collections.shuffle(shuffled, new Random(shuffle));
    assertThat(policy.plan(shuffled, TestBackup.SINK, now)).as(context).isEqualTo(plan);
  }

  private void removesNothingMoreWhenPlannedAgain(RetentionPlan plan) {
    List<Backup> kept = plan.kept().stream().map(Decision::backup).toList();
    assertThat(policy.plan(kept, TestBackup.SINK, now).removed()).as(context).isEmpty();
  }

  private boolean isGood(Backup backup) {
    return backup.state().isGood() && !isFuture(backup);
  }

  private boolean isFuture(Backup backup) {
    return backup.time().isAfter(now.plus(Duration.ofMinutes(5)));
  }

  private static List<BackupId> newestFirst(List<Backup> backups) {
    return sorted(backups).stream().map(Backup::id).toList();
  }

  private static List<Backup> sorted(List<Backup> backups) {
    return backups.stream().sorted(Comparator.comparing(Backup::id).reversed()).toList();
  }
}
