package dev.lifeboat.retention;

import static dev.lifeboat.retention.RetentionPolicy.keepAll;
import static dev.lifeboat.retention.RetentionPolicy.keepLast;
import static dev.lifeboat.retention.RetentionPolicy.keepWithin;
import static dev.lifeboat.retention.TestBackup.at;
import static dev.lifeboat.retention.TestBackup.good;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.Reason;
import dev.lifeboat.catalog.State;
import dev.lifeboat.retention.RetentionPlan.Cause;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

/** What people said: pins, keepUntil, always, and rules for each reason. */
class HoldsTest {
  private static final String NOW = "2026-02-14T12:00:00Z";
  private static final Backup[] FOUR = {
    good("2026-02-14T11:00:00Z"),
    good("2026-02-14T10:00:00Z"),
    good("2026-02-14T09:00:00Z"),
    good("2026-02-14T08:00:00Z")
  };

  @Test
  void whatIsPinnedStaysAndTakesNoPlace() {
    Backup pinned = at("2026-02-14T11:30:00Z").pinned("", "tax law, until 2037").build();
    RetentionPlan plan = Told.plan(keepLast(4), NOW, with(pinned));
    assertThat(Told.lines(plan))
        .containsExactly(
            "keep 2026-02-14T11:30:00Z: pinned: tax law, until 2037 | the newest good one | one of the last 3 good ones",
            "keep 2026-02-14T11:00:00Z: last, 1 of 4 | one of the last 3 good ones",
            "keep 2026-02-14T10:00:00Z: last, 2 of 4 | one of the last 3 good ones",
            "keep 2026-02-14T09:00:00Z: last, 3 of 4",
            "keep 2026-02-14T08:00:00Z: last, 4 of 4");
    assertThat(Told.causes(plan, pinned))
        .startsWith(new Cause("pin", "pinned: tax law, until 2037"));
  }

  @Test
  void aPinSaysWhoSetItAndWhy() {
    Backup old = at("2020-01-01T00:00:00Z")
        .pinned("anna", "audit\n\u001b[31m")
        .pinned("", "")
        .build();
    assertThat(Told.causes(Told.plan(keepLast(1), NOW, with(old)), old))
        .containsExactly(
            new Cause("pin", "pinned by anna: audit\\u000a\\u001b[31m"),
            new Cause("pin", "pinned"));
  }

  @Test
  void aPinHoldsWhatIsDamagedIncompleteOrInTheFuture() {
    Backup damaged = at("2020-01-01T00:00:00Z").damaged().pinned("", "why").build();
    Backup incomplete =
        at("2020-01-02T00:00:00Z").state(State.INCOMPLETE).pinned("", "why").build();
    Backup future = at("2027-01-01T00:00:00Z").pinned("", "why").build();
    RetentionPlan plan = Told.plan(keepLast(1), NOW, with(damaged, incomplete, future));
    assertThat(Told.causes(plan, damaged)).containsExactly(new Cause("pin", "pinned: why"));
    assertThat(Told.causes(plan, incomplete)).containsExactly(new Cause("pin", "pinned: why"));
    assertThat(Told.causes(plan, future))
        .containsExactly(
            new Cause("pin", "pinned: why"),
            new Cause("future", "dated 320 days ahead, counts for nothing"));
    assertThat(plan.warnings()).hasSize(1);
  }

  @Test
  void whatIsToBeKeptUntilADayStaysUntilThenAndTakesNoPlace() {
    Backup held = at("2020-01-01T00:00:00Z").keepUntil("2026-02-14T12:00:00Z").build();
    RetentionPlan before = Told.plan(keepLast(1), "2026-02-14T11:59:59Z", with(held));
    assertThat(before.decision(held.id()).orElseThrow().keep()).isTrue();
    assertThat(Told.causes(before, held))
        .containsExactly(new Cause("keep-until", "to be kept until 2026-02-14T12:00:00Z"));
    RetentionPlan then = Told.plan(keepLast(1), "2026-02-14T12:00:00Z", with(held));
    assertThat(Told.lines(then)).contains("remove 2020-01-01T00:00:00Z: not one of the last 1");
  }

  @Test
  void whatIsAlwaysKeptTakesNoPlace() {
    Backup migration = at("2026-02-14T11:30:00Z").reason(Reason.PRE_MIGRATION).build();
    Backup older = at("2020-01-01T00:00:00Z").reason(Reason.PRE_MIGRATION).build();
    RetentionPlan plan =
        Told.plan(keepLast(4).always(Reason.PRE_MIGRATION), NOW, with(migration, older));
    assertThat(Told.linesOfRules(plan))
        .containsExactly(
            "keep 2026-02-14T11:30:00Z: always kept: pre-migration",
            "keep 2026-02-14T11:00:00Z: last, 1 of 4",
            "keep 2026-02-14T10:00:00Z: last, 2 of 4",
            "keep 2026-02-14T09:00:00Z: last, 3 of 4",
            "keep 2026-02-14T08:00:00Z: last, 4 of 4",
            "keep 2020-01-01T00:00:00Z: always kept: pre-migration");
  }

  @Test
  void everyReasonIsJudgedByItsOwnRulesAlone() {
    RetentionPolicy policy = RetentionPolicy.of(Reason.SCHEDULED, keepLast(2))
        .and(Reason.MANUAL, keepWithin(Duration.ofDays(30)));
    RetentionPlan plan = Told.plan(
        policy,
        NOW,
        with(
            at("2026-02-14T07:00:00Z").reason(Reason.MANUAL).build(),
            at("2025-12-01T07:00:00Z").reason(Reason.MANUAL).build(),
            at("2020-01-01T00:00:00Z").reason(Reason.of("nightly")).build()));
    assertThat(Told.linesOfRules(plan))
        .containsExactly(
            "keep 2026-02-14T11:00:00Z: last, 1 of 2",
            "keep 2026-02-14T10:00:00Z: last, 2 of 2",
            "remove 2026-02-14T08:00:00Z: not one of the last 2",
            "keep 2026-02-14T07:00:00Z: within 30 days",
            "remove 2025-12-01T07:00:00Z: older than 30 days",
            "keep 2020-01-01T00:00:00Z: no rule for nightly, so it stays");
  }

  @Test
  void aReasonWithoutARuleKeepsWhatIsIncompleteOrDamagedToo() {
    Backup incomplete =
        at("2020-01-01T00:00:00Z").reason(Reason.MANUAL).state(State.INCOMPLETE).build();
    Backup damaged = at("2020-01-02T00:00:00Z").reason(Reason.MANUAL).damaged().build();
    RetentionPlan plan = Told.plan(
        RetentionPolicy.of(Reason.SCHEDULED, keepLast(4)), NOW, with(incomplete, damaged));
    assertThat(plan.removed()).isEmpty();
    Cause cause = new Cause("no-rule", "no rule for manual, so it stays");
    assertThat(Told.causes(plan, incomplete)).containsExactly(cause);
    assertThat(Told.causes(plan, damaged)).containsExactly(cause);
  }

  @Test
  void aPolicyByReasonMayKeepSomeReasonsAlways() {
    Backup migration = at("2020-01-01T00:00:00Z").reason(Reason.PRE_MIGRATION).build();
    RetentionPolicy policy =
        RetentionPolicy.of(Reason.SCHEDULED, keepLast(4)).always(Reason.PRE_MIGRATION);
    assertThat(Told.causes(Told.plan(policy, NOW, with(migration)), migration))
        .startsWith(new Cause("always", "always kept: pre-migration"));
  }

  @Test
  void aReasonGoesByItsOwnZoneElseByThatOfTheWhole() {
    Backup backup = good("2026-02-13T23:30:00Z");
    RetentionPolicy whole =
        RetentionPolicy.of(Reason.SCHEDULED, keepLast(1).daily(1)).zone(ZoneId.of("Asia/Tokyo"));
    assertThat(Told.lines(Told.plan(whole, NOW, backup)).get(0))
        .contains("daily 2026-02-14, 1 of 1");
    RetentionPolicy own = RetentionPolicy.of(
            Reason.SCHEDULED, keepLast(1).daily(1).zone(ZoneOffset.UTC))
        .zone(ZoneId.of("Asia/Tokyo"));
    assertThat(Told.lines(Told.plan(own, NOW, backup)).get(0)).contains("daily 2026-02-13, 1 of 1");
  }

  @Test
  void aReasonMayKeepEverything() {
    RetentionPolicy policy =
        RetentionPolicy.of(Reason.SCHEDULED, keepLast(1)).and(Reason.MANUAL, keepAll());
    Backup manual = at("2020-01-01T00:00:00Z").reason(Reason.MANUAL).build();
    assertThat(Told.causes(Told.plan(policy, NOW, with(manual)), manual))
        .containsExactly(new Cause("all", "everything is kept"));
  }

  private static Backup[] with(Backup... more) {
    Backup[] all = new Backup[FOUR.length + more.length];
    System.arraycopy(FOUR, 0, all, 0, FOUR.length);
    System.arraycopy(more, 0, all, FOUR.length, more.length);
    return all;
  }
}
