package dev.lifeboat.retention;

import static dev.lifeboat.retention.RetentionPolicy.keepAll;
import static dev.lifeboat.retention.RetentionPolicy.keepLast;
import static dev.lifeboat.retention.TestBackup.at;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.Reason;
import dev.lifeboat.catalog.State;
import java.util.List;
import org.junit.jupiter.api.Test;

class SizeLimitTest {
  private static final String NOW = "2026-02-14T12:00:00Z";
  private static final String CUT =
      "more than maxTotalSize, 500 bytes, and the oldest that only rules keep go first";

  @Test
  void theOldestThatOnlyRulesKeepGoUntilTheRestFits() {
    RetentionPlan plan = Told.plan(
        keepLast(6).maxTotalSize(500), NOW, of(9), of(8), of(7), of(6), of(5), of(4), of(3));
    assertThat(Told.linesOfRules(plan))
        .endsWith(
            "keep 2026-02-05T00:00:00Z: last, 5 of 6",
            "remove 2026-02-04T00:00:00Z: " + CUT,
            "remove 2026-02-03T00:00:00Z: not one of the last 6");
    assertThat(plan.bytesFreed()).isEqualTo(200);
    assertThat(plan.warnings()).isEmpty();
  }

  @Test
  void whatGoesForItsSizeSaysOnlyThat() {
    RetentionPlan plan =
        Told.plan(keepLast(1).daily(4).maxTotalSize(300), NOW, of(9), of(8), of(7), of(6));
    assertThat(Told.causes(plan, of(6)))
        .containsExactly(new RetentionPlan.Cause(
            "size",
            "more than maxTotalSize, 300 bytes, and the oldest that only rules keep go first"));
  }

  @Test
  void whatFitsExactlyStays() {
    RetentionPlan plan =
        Told.plan(keepAll().maxTotalSize(500), NOW, of(9), of(8), of(7), of(6), of(5));
    assertThat(plan.removed()).isEmpty();
  }

  @Test
  void holdsAndGuardsAreStrongerThanTheLimit() {
    Backup pinned = at("2026-02-01T00:00:00Z").size(100).pinned("", "why").build();
    Backup until =
        at("2026-02-02T00:00:00Z").size(100).keepUntil("2027-01-01T00:00:00Z").build();
    Backup always =
        at("2026-02-03T00:00:00Z").size(100).reason(Reason.PRE_MIGRATION).build();
    RetentionPlan plan = Told.plan(
        keepAll().always(Reason.PRE_MIGRATION).maxTotalSize(450),
        NOW,
        of(9),
        of(8),
        of(7),
        of(6),
        always,
        until,
        pinned);
    assertThat(Told.ids(plan.removed())).containsExactly(of(6).id());
    assertThat(plan.warnings())
        .containsExactly("maxTotalSize is 450 bytes, but 600 bytes must stay in memory:a, held by"
            + " always (1, 100 bytes), guard (3, 300 bytes), keep-until (1, 100 bytes), pin (1, 100"
            + " bytes). Raise the limit, or unpin or delete some by hand.");
  }

  @Test
  void whatASuspectOneHoldsDoesNotMakeRoom() {
    Backup suspect = at("2026-02-08T12:00:00Z").size(100).state(State.SUSPECT).build();
    RetentionPlan plan =
        Told.plan(keepAll().maxTotalSize(100), NOW, of(9), suspect, of(8), of(7), of(6));
    assertThat(plan.removed()).isEmpty();
    assertThat(plan.warnings())
        .containsExactly("maxTotalSize is 100 bytes, but 500 bytes must stay in memory:a, held by"
            + " guard (3, 300 bytes), suspect (2, 200 bytes). Raise the limit, or unpin or delete"
            + " some by hand.");
  }

  @Test
  void aDamagedOneMakesRoomInItsTurn() {
    Backup damaged = at("2026-02-05T00:00:00Z").size(100).damaged().build();
    Backup[] backups = {of(9), of(8), of(7), of(6), damaged, of(4)};
    assertThat(Told.ids(Told.plan(keepAll().maxTotalSize(500), NOW, backups).removed()))
        .containsExactly(of(4).id());
    assertThat(Told.ids(Told.plan(keepAll().maxTotalSize(400), NOW, backups).removed()))
        .containsExactly(damaged.id(), of(4).id());
  }

  @Test
  void sizesBeyondALongAreTakenForTheLargest() {
    Backup[] backups = {huge(9), huge(8), huge(7), huge(6), huge(5)};
    RetentionPlan plan = Told.plan(keepLast(5).maxTotalSize(500), NOW, backups);
    assertThat(Told.ids(plan.removed())).containsExactly(backups[3].id(), backups[4].id());
    assertThat(plan.bytesFreed()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void aReasonMayHaveALimitOfItsOwn() {
    RetentionPolicy policy = RetentionPolicy.of(Reason.SCHEDULED, keepAll().maxTotalSize(300))
        .and(Reason.MANUAL, keepAll())
        .maxTotalSize(550);
    Backup[] manual = {manual(4), manual(3), manual(2), manual(1)};
    RetentionPlan plan = Told.plan(
        policy, NOW, of(9), of(8), of(7), of(6), manual[0], manual[1], manual[2], manual[3]);
    assertThat(plan.removed().stream()
            .map(d -> d.backup().id() + ": " + d.causes().get(0).text())
            .toList())
        .isEqualTo(
            List.of(
                of(6).id()
                    + ": more than maxTotalSize of scheduled, 300 bytes, and the oldest that only rules keep go first",
                manual[2].id()
                    + ": more than maxTotalSize, 550 bytes, and the oldest that only rules keep go first",
                manual[3].id()
                    + ": more than maxTotalSize, 550 bytes, and the oldest that only rules keep go first"));
    assertThat(plan.warnings()).isEmpty();
  }

  @Test
  void theLimitOfAReasonThatCannotBeKeptIsReported() {
    RetentionPolicy policy = RetentionPolicy.of(Reason.SCHEDULED, keepAll().maxTotalSize(100));
    assertThat(Told.plan(policy, NOW, of(9), of(8)).warnings())
        .containsExactly("maxTotalSize of scheduled is 100 bytes, but 200 bytes must stay in"
            + " memory:a, held by guard (2, 200 bytes). Raise the limit, or unpin or delete some by"
            + " hand.");
  }

  private static Backup of(int day) {
    return at("2026-02-0" + day + "T00:00:00Z").size(100).build();
  }

  private static Backup manual(int day) {
    return at("2026-01-0" + day + "T00:00:00Z").reason(Reason.MANUAL).size(100).build();
  }

  private static Backup huge(int day) {
    return at("2026-02-0" + day + "T00:00:00Z").size(Long.MAX_VALUE).build();
  }
}
