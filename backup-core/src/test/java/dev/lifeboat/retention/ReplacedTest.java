package dev.lifeboat.retention;

import static dev.lifeboat.retention.RetentionPolicy.keepLast;
import static dev.lifeboat.retention.TestBackup.at;
import static dev.lifeboat.retention.TestBackup.good;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.Copy;
import dev.lifeboat.catalog.State;
import org.junit.jupiter.api.Test;

/** A backup and its copy under another key are one, until the first of them is gone. */
class ReplacedTest {
  private static final String NOW = "2026-02-14T12:00:00Z";

  private static String day(int day) {
    return "2026-02-0" + day + "T12:00:00Z";
  }

  private static Backup copyOf(Backup original, String tail) {
    return at(original.time()).tail(tail).replacing(original).build();
  }

  @Test
  void duplicatesTakeNobodysPlace() {
    Backup five = good(day(5));
    Backup four = good(day(4));
    RetentionPlan plan = Told.plan(
        keepLast(3),
        NOW,
        five,
        copyOf(five, "bbbbbbbb"),
        four,
        copyOf(four, "bbbbbbbb"),
        good(day(3)),
        good(day(2)));
    assertThat(Told.lines(plan))
        .containsExactly(
            "keep 2026-02-05T12:00:00Z: last, 1 of 3 | the newest good one | one of the last 3 good ones",
            "keep 2026-02-05T12:00:00Z: its copy 20260205T120000Z-scheduled-bbbbbbbb counts for both",
            "keep 2026-02-04T12:00:00Z: last, 2 of 3 | one of the last 3 good ones",
            "keep 2026-02-04T12:00:00Z: its copy 20260204T120000Z-scheduled-bbbbbbbb counts for both",
            "keep 2026-02-03T12:00:00Z: last, 3 of 3 | one of the last 3 good ones",
            "remove 2026-02-02T12:00:00Z: not one of the last 3");
    assertThat(plan.warnings())
        .containsExactly(
            "2 backups in memory:a have a copy under another key there, which counts for"
                + " both. The next reencrypt removes them.");
  }

  @Test
  void ofAPairAtLeastOneStays() {
    Backup old = good(day(1));
    RetentionPlan plan = Told.plan(
        keepLast(3), NOW, good(day(5)), good(day(4)), good(day(3)), old, copyOf(old, "bbbbbbbb"));
    assertThat(Told.lines(plan).subList(3, 5))
        .containsExactly(
            "remove 2026-02-01T12:00:00Z: not one of the last 3",
            "keep 2026-02-01T12:00:00Z: its copy 20260201T120000Z-scheduled-bbbbbbbb counts for both");
  }

  @Test
  void aCopyThatIsDamagedOrNotThereCountsForNothing() {
    Backup five = good(day(5));
    Backup four = good(day(4));
    RetentionPlan plan = Told.plan(
        keepLast(3),
        NOW,
        five,
        at(five.time()).tail("bbbbbbbb").replacing(five).damaged().build(),
        four,
        at(four.time())
            .tail("bbbbbbbb")
            .replacing(four)
            .copy("elsewhere", Copy.State.HELD)
            .build(),
        good(day(3)),
        good(day(2)));
    assertThat(Told.lines(plan))
        .filteredOn(line -> !line.contains("damaged"))
        .containsExactly(
            "keep 2026-02-05T12:00:00Z: last, 1 of 3 | the newest good one | one of the last 3 good ones",
            "keep 2026-02-04T12:00:00Z: last, 2 of 3 | one of the last 3 good ones",
            "keep 2026-02-03T12:00:00Z: last, 3 of 3 | one of the last 3 good ones",
            "remove 2026-02-02T12:00:00Z: not one of the last 3");
    assertThat(plan.warnings()).isEmpty();
  }

  @Test
  void theLastCopyOfCopiesCounts() {
    Backup first = good(day(5));
    Backup second = copyOf(first, "bbbbbbbb");
    Backup third = copyOf(second, "cccccccc");
    RetentionPlan plan =
        Told.plan(keepLast(3), NOW, first, second, third, good(day(4)), good(day(3)), good(day(2)));
    assertThat(Told.lines(plan))
        .containsExactly(
            "keep 2026-02-05T12:00:00Z: last, 1 of 3 | the newest good one | one of the last 3 good ones",
            "keep 2026-02-05T12:00:00Z: its copy 20260205T120000Z-scheduled-cccccccc counts for both",
            "keep 2026-02-05T12:00:00Z: its copy 20260205T120000Z-scheduled-bbbbbbbb counts for both",
            "keep 2026-02-04T12:00:00Z: last, 2 of 3 | one of the last 3 good ones",
            "keep 2026-02-03T12:00:00Z: last, 3 of 3 | one of the last 3 good ones",
            "remove 2026-02-02T12:00:00Z: not one of the last 3");
  }

  @Test
  void inACircleAllAreKept() {
    Backup first = good(day(5));
    Backup second = copyOf(first, "bbbbbbbb");
    Backup circle = at(first.time()).replacing(second).build();
    RetentionPlan plan = Told.plan(keepLast(1), NOW, circle, second, good(day(4)));
    assertThat(plan.removed()).isEmpty();
  }

  @Test
  void whatIsIncompleteIsOneWithItsCopyToo() {
    Backup old = at(day(3)).state(State.INCOMPLETE).build();
    Backup copy =
        at(day(3)).tail("bbbbbbbb").state(State.INCOMPLETE).replacing(old).build();
    RetentionPlan plan = Told.plan(keepLast(3), NOW, good(day(5)), old, copy);
    assertThat(Told.lines(plan))
        .containsExactly(
            "keep 2026-02-05T12:00:00Z: last, 1 of 3 | the newest good one | one of the last 3 good ones",
            "remove 2026-02-03T12:00:00Z: incomplete, and 20260205T120000Z-scheduled-aaaaaaaa is newer"
                + " and good",
            "keep 2026-02-03T12:00:00Z: its copy 20260203T120000Z-scheduled-bbbbbbbb counts for both");
  }
}
