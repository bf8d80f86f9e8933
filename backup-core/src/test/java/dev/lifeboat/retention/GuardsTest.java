package dev.lifeboat.retention;

import static dev.lifeboat.retention.RetentionPolicy.keepLast;
import static dev.lifeboat.retention.RetentionPolicy.keepWithin;
import static dev.lifeboat.retention.TestBackup.SINK;
import static dev.lifeboat.retention.TestBackup.at;
import static dev.lifeboat.retention.TestBackup.good;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.Copy;
import dev.lifeboat.catalog.Reason;
import dev.lifeboat.retention.RetentionPlan.Cause;
import dev.lifeboat.retention.RetentionPlan.Decision;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GuardsTest {
  private static final String NOW = "2026-02-14T12:00:00Z";
  private static final RetentionPolicy HARDLY_ANYTHING = keepWithin(Duration.ofSeconds(1));

  @Test
  void theLastThreeGoodOnesStayWhateverThePolicySays() {
    RetentionPlan plan = Told.plan(
        HARDLY_ANYTHING,
        NOW,
        good("2020-01-04T00:00:00Z"),
        good("2020-01-03T00:00:00Z"),
        good("2020-01-02T00:00:00Z"),
        good("2020-01-01T00:00:00Z"));
    assertThat(Told.lines(plan))
        .containsExactly(
            "keep 2020-01-04T00:00:00Z: the newest good one | one of the last 3 good ones",
            "keep 2020-01-03T00:00:00Z: one of the last 3 good ones",
            "keep 2020-01-02T00:00:00Z: one of the last 3 good ones",
            "remove 2020-01-01T00:00:00Z: older than 1 second");
  }

  @Test
  void backupsBeforeARestoreAreNoneOfTheThreeButMayBeTheNewest() {
    Backup newest = before("2020-01-09T00:00:00Z");
    Backup second = before("2020-01-08T00:00:00Z");
    RetentionPlan plan = Told.plan(
        HARDLY_ANYTHING,
        NOW,
        newest,
        second,
        good("2020-01-03T00:00:00Z"),
        good("2020-01-02T00:00:00Z"),
        good("2020-01-01T00:00:00Z"));
    assertThat(Told.ids(plan.removed())).containsExactly(second.id());
    assertThat(Told.causes(plan, newest))
        .containsExactly(new Cause("guard", "the newest good one"));
  }

  @Test
  void pinnedOnesAreAmongTheThree() {
    Backup pinned = at("2020-01-09T00:00:00Z").pinned("", "why").build();
    Backup fourth = good("2020-01-01T00:00:00Z");
    RetentionPlan plan = Told.plan(
        HARDLY_ANYTHING,
        NOW,
        pinned,
        good("2020-01-03T00:00:00Z"),
        good("2020-01-02T00:00:00Z"),
        fourth);
    assertThat(Told.ids(plan.removed())).containsExactly(fourth.id());
  }

  @Test
  void whatIsDamagedOrInTheFutureIsNoneOfTheThree() {
    RetentionPlan plan = Told.plan(
        HARDLY_ANYTHING,
        NOW,
        good("2027-01-01T00:00:00Z"),
        at("2020-01-05T00:00:00Z").damaged().build(),
        good("2020-01-04T00:00:00Z"),
        good("2020-01-03T00:00:00Z"),
        good("2020-01-02T00:00:00Z"));
    assertThat(plan.removed()).isEmpty();
  }

  @Test
  void onlyCopiesThatAreInTheSinkAreInItsPlan() {
    Map<Copy.State, Backup> backups = new EnumMap<>(Copy.State.class);
    for (Copy.State state : Copy.State.values()) {
      backups.put(
          state,
          at("2020-01-01T00:00:00Z")
              .reason(Reason.of(state.name().toLowerCase(Locale.ROOT)))
              .copy("memory:b", Copy.State.HELD)
              .copy(SINK, state)
              .build());
    }
    List<Backup> all = new ArrayList<>(backups.values());
    all.add(at("2020-01-09T00:00:00Z").copy("memory:b", Copy.State.HELD).build());
    RetentionPlan plan = Told.plan(keepLast(9), NOW, all.toArray(Backup[]::new));
    assertThat(Told.ids(plan.decisions()))
        .containsExactly(
            requireNonNull(backups.get(Copy.State.HELD)).id(),
            requireNonNull(backups.get(Copy.State.DAMAGED)).id());
    assertThat(plan.decisions()).extracting(Decision::sink).containsOnly(SINK);
  }

  @Test
  void whatOtherSinksHoldGuardsNothingHere() {
    Backup elsewhere = at("2026-02-14T11:00:00Z")
        .copy("memory:b", Copy.State.HELD)
        .copy(SINK, Copy.State.LAGGING)
        .build();
    Backup here = good("2020-01-01T00:00:00Z");
    RetentionPlan plan = Told.plan(HARDLY_ANYTHING, NOW, elsewhere, here);
    assertThat(Told.lines(plan))
        .containsExactly(
            "keep 2020-01-01T00:00:00Z: the newest good one | one of the last 3 good ones");
  }

  @Test
  void aPlanThatWouldRemoveEverythingRemovesNothing() {
    List<String> warnings = new ArrayList<>();
    Cause why = new Cause("last", "not one of the last 1");
    Decision first = new Decision(good("2020-01-02T00:00:00Z"), SINK, false, List.of(why));
    Decision second = new Decision(good("2020-01-01T00:00:00Z"), SINK, false, List.of(why));
    List<Decision> guarded = Guards.neverEverything(List.of(first, second), warnings);
    List<Cause> causes = List.of(
        new Cause("guard", "nothing goes, for the plan would have removed everything"), why);
    assertThat(guarded)
        .containsExactly(
            new Decision(first.backup(), SINK, true, causes),
            new Decision(second.backup(), SINK, true, causes));
    assertThat(warnings)
        .containsExactly("The plan would have removed every backup in its sink (2), so it removes"
            + " none. Look at the policy and at the list of backups.");
  }

  private static Backup before(String time) {
    return at(time).reason(Reason.PRE_RESTORE).build();
  }
}
