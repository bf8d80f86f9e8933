package dev.lifeboat.retention;

import static dev.lifeboat.retention.RetentionPolicy.keepAll;
import static dev.lifeboat.retention.RetentionPolicy.keepLast;
import static dev.lifeboat.retention.TestBackup.at;
import static dev.lifeboat.retention.TestBackup.good;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.Copy;
import dev.lifeboat.catalog.Reason;
import dev.lifeboat.catalog.State;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

/** Backups that count for nothing: incomplete, damaged, suspect, dated in the future. */
class UnsoundTest {
  private static final String NOW = "2026-02-14T12:00:00Z";

  @Test
  void anIncompleteOneStaysWhileItIsNewerThanTheNewestGoodOne() {
    RetentionPlan plan = Told.plan(
        keepLast(2),
        NOW,
        incomplete("2026-02-14T11:00:00Z"),
        incomplete("2026-02-14T10:00:00Z"),
        good("2026-02-14T09:00:00Z"),
        incomplete("2026-02-14T08:00:00Z"));
    assertThat(Told.lines(plan))
        .containsExactly(
            "keep 2026-02-14T11:00:00Z: incomplete, and newer than the newest good one",
            "keep 2026-02-14T10:00:00Z: incomplete, and newer than the newest good one",
            "keep 2026-02-14T09:00:00Z: last, 1 of 2 | the newest good one | one of the last 3 good ones",
            "remove 2026-02-14T08:00:00Z: incomplete, and 20260214T090000Z-scheduled-aaaaaaaa is newer and good");
  }

  @Test
  void aPinnedGoodOneOutdatesAnIncompleteOneToo() {
    RetentionPlan plan = Told.plan(
        keepLast(2),
        NOW,
        at("2026-02-14T09:00:00Z").pinned("", "why").build(),
        incomplete("2026-02-14T08:00:00Z"));
    assertThat(Told.lines(plan))
        .contains(
            "remove 2026-02-14T08:00:00Z: incomplete, and 20260214T090000Z-scheduled-aaaaaaaa is newer and good");
  }

  @Test
  void incompleteOnesStayWhileThereIsNoGoodOne() {
    RetentionPlan plan = Told.plan(
        keepLast(1), NOW, incomplete("2026-02-14T08:00:00Z"), incomplete("2020-02-14T08:00:00Z"));
    assertThat(Told.lines(plan))
        .containsExactly(
            "keep 2026-02-14T08:00:00Z: incomplete, and there is no good one",
            "keep 2020-02-14T08:00:00Z: incomplete, and there is no good one");
  }

  @Test
  void keepingEverythingKeepsTheIncompleteToo() {
    RetentionPlan plan = Told.plan(
        keepAll(),
        NOW,
        good("2026-02-14T09:00:00Z"),
        incomplete("2026-02-14T08:00:00Z"),
        at("2026-02-14T07:00:00Z").damaged().build());
    assertThat(Told.linesOfRules(plan))
        .containsExactly(
            "keep 2026-02-14T09:00:00Z: everything is kept",
            "keep 2026-02-14T08:00:00Z: everything is kept",
            "keep 2026-02-14T07:00:00Z: damaged, and kept as if it were sound: everything is kept"
                + " | damaged, and kept as if it were sound: one of the last 3 good ones");
  }

  @Test
  void anIncompleteOneTakesNoPlace() {
    RetentionPlan plan = Told.plan(
        keepLast(4),
        NOW,
        incomplete("2026-02-14T11:00:00Z"),
        good("2026-02-14T10:00:00Z"),
        good("2026-02-14T09:00:00Z"),
        good("2026-02-14T08:00:00Z"),
        good("2026-02-14T07:00:00Z"));
    assertThat(plan.removed()).isEmpty();
  }

  @Test
  void aDamagedOneStaysIfItWouldStayWereItSoundAndDisplacesNobody() {
    RetentionPlan plan = Told.plan(
        keepLast(1).daily(2).zone(ZoneOffset.UTC),
        NOW,
        good("2026-02-14T11:00:00Z"),
        good("2026-02-14T10:00:00Z"),
        good("2026-02-14T09:00:00Z"),
        at("2026-02-13T23:00:00Z").damaged().build(),
        good("2026-02-13T11:00:00Z"),
        at("2026-02-13T10:00:00Z").damaged().build(),
        at("2026-02-12T10:00:00Z").damaged().build());
    String newest = "damaged, and 20260214T110000Z-scheduled-aaaaaaaa is newer and good";
    assertThat(Told.linesOfRules(plan))
        .containsExactly(
            "keep 2026-02-14T11:00:00Z: last, 1 of 1 | daily 2026-02-14, 1 of 2",
            "keep 2026-02-13T23:00:00Z: damaged, and kept as if it were sound: daily 2026-02-13, 2 of 2",
            "keep 2026-02-13T11:00:00Z: daily 2026-02-13, 2 of 2",
            "remove 2026-02-13T10:00:00Z: " + newest
                + " | not one of the last 1 | daily 2026-02-13 has a newer one",
            "remove 2026-02-12T10:00:00Z: " + newest
                + " | not one of the last 1 | daily 2026-02-12 lies before the last 2 days that hold one");
  }

  @Test
  void aDamagedOneStaysWhileNoNewerOneIsGood() {
    RetentionPlan plan = Told.plan(
        keepLast(1),
        NOW,
        at("2026-02-14T11:00:00Z").damaged().build(),
        good("2026-02-14T10:00:00Z"));
    assertThat(Told.lines(plan))
        .containsExactly(
            "keep 2026-02-14T11:00:00Z: damaged, and newer than the newest good one",
            "keep 2026-02-14T10:00:00Z: last, 1 of 1 | the newest good one | one of the last 3 good ones");
    assertThat(Told.lines(
            Told.plan(keepLast(1), NOW, at("2026-02-14T11:00:00Z").damaged().build())))
        .containsExactly("keep 2026-02-14T11:00:00Z: damaged, and there is no good one");
  }

  @Test
  void aDamagedOneStaysIfAGuardWouldKeepItWereItSound() {
    Backup[] backups = {
      good("2026-02-14T11:00:00Z"),
      good("2026-02-14T10:00:00Z"),
      at("2026-02-14T09:00:00Z").damaged().build(),
      good("2026-02-14T08:00:00Z"),
      at("2026-02-14T07:00:00Z").damaged().build(),
      at("2026-02-14T09:30:00Z").damaged().reason(Reason.PRE_RESTORE).build()
    };
    RetentionPlan plan = Told.plan(keepLast(1), NOW, backups);
    assertThat(Told.lines(plan).get(3))
        .isEqualTo(
            "keep 2026-02-14T09:00:00Z: damaged, and kept as if it were sound: one of the last 3 good ones");
    assertThat(Told.ids(plan.removed())).containsExactly(backups[5].id(), backups[4].id());
  }

  @Test
  void aCopyDamagedHereCountsAsDamagedAlsoWhereAnotherSinkHasItWhole() {
    Backup healable =
        at("2026-02-14T11:00:00Z").damaged().copy("memory:b", Copy.State.HELD).build();
    RetentionPlan plan = Told.plan(keepLast(1), NOW, healable, good("2026-02-14T10:00:00Z"));
    assertThat(Told.lines(plan))
        .containsExactly(
            "keep 2026-02-14T11:00:00Z: damaged, and newer than the newest good one",
            "keep 2026-02-14T10:00:00Z: last, 1 of 1 | the newest good one | one of the last 3 good ones");
  }

  @Test
  void aDamagedIncompleteOneIsJudgedAsIncomplete() {
    Backup both = at("2026-02-14T08:00:00Z").state(State.INCOMPLETE).damaged().build();
    RetentionPlan plan = Told.plan(keepLast(9), NOW, good("2026-02-14T10:00:00Z"), both);
    assertThat(Told.lines(plan))
        .contains(
            "remove 2026-02-14T08:00:00Z: incomplete, and 20260214T100000Z-scheduled-aaaaaaaa is newer and good");
  }

  @Test
  void aSuspectOneStaysAndSoDoesAllThatIsOlder() {
    Backup[] backups = {
      good("2026-02-14T11:00:00Z"),
      good("2026-02-14T10:00:00Z"),
      good("2026-02-14T09:00:00Z"),
      good("2026-02-14T08:00:00Z"),
      suspect("2026-02-14T07:00:00Z"),
      good("2026-02-14T06:00:00Z"),
      incomplete("2026-02-14T05:00:00Z"),
      suspect("2026-02-14T04:00:00Z")
    };
    RetentionPlan plan = Told.plan(keepLast(3), NOW, backups);
    String older = "older than the suspect 20260214T070000Z-scheduled-aaaaaaaa";
    assertThat(Told.linesOfRules(plan))
        .endsWith(
            "remove 2026-02-14T08:00:00Z: not one of the last 3",
            "keep 2026-02-14T07:00:00Z: suspect, stays until it is accepted",
            "keep 2026-02-14T06:00:00Z: " + older,
            "keep 2026-02-14T05:00:00Z: " + older,
            "keep 2026-02-14T04:00:00Z: suspect, stays until it is accepted");
    assertThat(plan.warnings())
        .containsExactly(
            "Backup 20260214T070000Z-scheduled-aaaaaaaa is suspect, and nothing older goes from"
                + " memory:a until it is accepted: 2 backups stay for that alone. Look at it, then"
                + " accept or delete it.");
  }

  @Test
  void aSuspectOneThatHoldsNothingBackIsNoWarning() {
    RetentionPlan plan =
        Told.plan(keepLast(1), NOW, suspect("2026-02-14T11:00:00Z"), good("2026-02-14T10:00:00Z"));
    assertThat(Told.lines(plan))
        .containsExactly(
            "keep 2026-02-14T11:00:00Z: suspect, stays until it is accepted",
            "keep 2026-02-14T10:00:00Z: last, 1 of 1 | the newest good one | one of the last 3 good ones"
                + " | older than the suspect 20260214T110000Z-scheduled-aaaaaaaa");
    assertThat(plan.warnings()).isEmpty();
  }

  @Test
  void aSuspectOneHoldsWhatIsOlderAlsoInASinkThatLagsBehind() {
    Backup suspect = at("2026-02-14T11:00:00Z")
        .state(State.SUSPECT)
        .copy(TestBackup.SINK, Copy.State.LAGGING)
        .copy("memory:b", Copy.State.HELD)
        .build();
    RetentionPlan plan = Told.plan(
        keepLast(1),
        NOW,
        suspect,
        good("2026-02-14T10:00:00Z"),
        good("2026-02-14T09:00:00Z"),
        good("2026-02-14T08:00:00Z"),
        good("2026-02-14T07:00:00Z"));
    assertThat(plan.decision(suspect.id())).isEmpty();
    assertThat(plan.removed()).isEmpty();
    assertThat(plan.warnings())
        .containsExactly(
            "Backup 20260214T110000Z-scheduled-aaaaaaaa is suspect, and nothing older goes from"
                + " memory:a until it is accepted: 1 backup stays for that alone. Look at it, then"
                + " accept or delete it.");
  }

  @Test
  void aSuspectOneThatIsDamagedHoldsAsWell() {
    Backup both = at("2026-02-14T11:00:00Z").state(State.SUSPECT).damaged().build();
    RetentionPlan plan = Told.plan(
        keepLast(1),
        NOW,
        both,
        good("2026-02-14T10:00:00Z"),
        good("2026-02-14T09:00:00Z"),
        good("2026-02-14T08:00:00Z"),
        good("2026-02-14T07:00:00Z"));
    assertThat(plan.removed()).isEmpty();
  }

  @Test
  void oneDatedMoreThanFiveMinutesAheadIsKeptReportedAndNotCounted() {
    RetentionPlan plan = Told.plan(
        keepLast(1),
        NOW,
        good("2026-02-14T15:20:00Z"),
        good("2026-02-14T11:00:00Z"),
        incomplete("2026-02-14T11:30:00Z"));
    assertThat(Told.lines(plan))
        .containsExactly(
            "keep 2026-02-14T15:20:00Z: dated 3 hours ahead, counts for nothing",
            "keep 2026-02-14T11:30:00Z: incomplete, and newer than the newest good one",
            "keep 2026-02-14T11:00:00Z: last, 1 of 1 | the newest good one | one of the last 3 good ones");
    assertThat(plan.warnings())
        .containsExactly(
            "Backup 20260214T152000Z-scheduled-aaaaaaaa in memory:a is dated 3 hours ahead of now,"
                + " 2026-02-14T12:00:00Z. It stays and counts for nothing until then. Check the"
                + " clocks of this host and of the one that made it; if its date is wrong, delete"
                + " it by hand.");
  }

  @Test
  void fiveMinutesAheadIsStillNow() {
    RetentionPlan plan = Told.plan(keepLast(1), NOW, good("2026-02-14T12:05:00Z"));
    assertThat(Told.linesOfRules(plan)).containsExactly("keep 2026-02-14T12:05:00Z: last, 1 of 1");
    assertThat(plan.warnings()).isEmpty();
    assertThat(Told.linesOfRules(Told.plan(keepLast(1), NOW, good("2026-02-14T12:05:01Z"))))
        .containsExactly("keep 2026-02-14T12:05:01Z: dated 5 minutes ahead, counts for nothing");
  }

  @Test
  void aFutureOneThatIsUnsoundBesidesIsStillKept() {
    RetentionPlan plan = Told.plan(
        keepLast(1),
        NOW,
        good("2026-02-14T11:00:00Z"),
        at("2026-02-16T12:00:00Z").damaged().build(),
        incomplete("2026-02-15T12:00:00Z"),
        suspect("2026-02-14T13:00:00Z"));
    assertThat(Told.linesOfRules(plan))
        .startsWith(
            "keep 2026-02-16T12:00:00Z: dated 2 days ahead, counts for nothing",
            "keep 2026-02-15T12:00:00Z: dated 1 day ahead, counts for nothing",
            "keep 2026-02-14T13:00:00Z: dated 1 hour ahead, counts for nothing | suspect, stays until it is accepted");
    assertThat(plan.warnings()).hasSize(3);
  }

  private static Backup incomplete(String time) {
    return at(time).state(State.INCOMPLETE).build();
  }

  private static Backup suspect(String time) {
    return at(time).state(State.SUSPECT).build();
  }
}
