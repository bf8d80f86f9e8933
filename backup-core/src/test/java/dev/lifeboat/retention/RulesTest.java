package dev.lifeboat.retention;

import static dev.lifeboat.retention.RetentionPolicy.keepAll;
import static dev.lifeboat.retention.RetentionPolicy.keepLast;
import static dev.lifeboat.retention.RetentionPolicy.keepWithin;
import static dev.lifeboat.retention.TestBackup.at;
import static dev.lifeboat.retention.TestBackup.good;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeboat.catalog.Backup;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RulesTest {
  @Test
  void withoutBackupsThereIsNothingToDecide() {
    RetentionPlan plan = Told.plan(keepLast(3), "2026-02-14T12:00:00Z");
    assertThat(plan).isEqualTo(new RetentionPlan(List.of(), List.of()));
  }

  @Test
  void everythingIsKeptWhereThePolicySaysSo() {
    RetentionPlan plan = Told.plan(
        keepAll(),
        "2026-02-14T12:00:00Z",
        good("1999-01-01T00:00:00Z"),
        good("2026-02-14T11:00:00Z"));
    assertThat(Told.linesOfRules(plan))
        .containsExactly(
            "keep 2026-02-14T11:00:00Z: everything is kept",
            "keep 1999-01-01T00:00:00Z: everything is kept");
  }

  @Test
  void theLastOnesAreKeptWheneverTheyWereMade() {
    RetentionPlan plan = Told.plan(
        keepLast(4),
        "2026-02-14T12:00:00Z",
        good("2020-01-01T00:00:00Z"),
        good("2026-02-14T11:00:00Z"),
        good("2026-02-14T11:00:01Z"),
        good("2019-01-01T00:00:00Z"),
        good("2026-02-14T10:00:00Z"));
    assertThat(Told.lines(plan))
        .containsExactly(
            "keep 2026-02-14T11:00:01Z: last, 1 of 4 | the newest good one | one of the last 3 good ones",
            "keep 2026-02-14T11:00:00Z: last, 2 of 4 | one of the last 3 good ones",
            "keep 2026-02-14T10:00:00Z: last, 3 of 4 | one of the last 3 good ones",
            "keep 2020-01-01T00:00:00Z: last, 4 of 4",
            "remove 2019-01-01T00:00:00Z: not one of the last 4");
    assertThat(plan.warnings()).isEmpty();
  }

  @Test
  void backupsOfOneSecondAreOrderedById() {
    Backup a = at("2026-02-14T11:00:00Z").tail("aaaaaaaa").build();
    Backup b = at("2026-02-14T11:00:00Z").tail("bbbbbbbb").build();
    Backup c = at("2026-02-14T11:00:00Z").tail("cccccccc").build();
    Backup d = at("2026-02-14T11:00:00Z").tail("dddddddd").build();
    RetentionPlan plan = Told.plan(keepLast(1), "2026-02-14T12:00:00Z", b, d, a, c);
    assertThat(Told.ids(plan.decisions())).containsExactly(d.id(), c.id(), b.id(), a.id());
    assertThat(Told.ids(plan.removed())).containsExactly(a.id());
  }

  @Test
  void whatIsAsOldAsTheLimitStaysAndASecondLaterGoes() {
    RetentionPolicy policy = keepWithin(Duration.ofDays(30));
    Backup[] backups = {
      good("2026-01-01T12:00:00Z"),
      good("2026-01-29T00:00:00Z"),
      good("2026-01-30T00:00:00Z"),
      good("2026-01-31T00:00:00Z")
    };
    assertThat(Told.linesOfRules(Told.plan(policy, "2026-01-31T12:00:00Z", backups[0])))
        .containsExactly("keep 2026-01-01T12:00:00Z: within 30 days");
    assertThat(Told.linesOfRules(Told.plan(policy, "2026-01-31T12:00:01Z", backups)))
        .contains("remove 2026-01-01T12:00:00Z: older than 30 days");
  }

  @Test
  void aDurationTooLongForTheCalendarKeepsEverything() {
    RetentionPolicy policy = keepWithin(Duration.ofSeconds(Long.MAX_VALUE));
    assertThat(Told.plan(policy, "2026-02-14T12:00:00Z", good("0001-01-01T00:00:00Z"))
            .kept())
        .hasSize(1);
  }

  @Test
  void theNewestOfEachDayStandsForIt() {
    RetentionPlan plan = Told.plan(
        keepWithin(Duration.ofSeconds(1)).daily(3).zone(ZoneOffset.UTC),
        "2026-02-14T12:00:00Z",
        good("2026-02-14T11:00:00Z"),
        good("2026-02-14T10:00:00Z"),
        good("2026-02-13T23:59:59Z"),
        good("2026-02-13T00:00:00Z"),
        good("2026-01-01T05:00:00Z"),
        good("2025-12-31T05:00:00Z"));
    assertThat(Told.lines(plan))
        .containsExactly(
            "keep 2026-02-14T11:00:00Z: daily 2026-02-14, 1 of 3 | the newest good one | one of the last 3 good ones",
            "keep 2026-02-14T10:00:00Z: one of the last 3 good ones",
            "keep 2026-02-13T23:59:59Z: daily 2026-02-13, 2 of 3 | one of the last 3 good ones",
            "remove 2026-02-13T00:00:00Z: older than 1 second | daily 2026-02-13 has a newer one",
            "keep 2026-01-01T05:00:00Z: daily 2026-01-01, 3 of 3",
            "remove 2025-12-31T05:00:00Z: older than 1 second"
                + " | daily 2025-12-31 lies before the last 3 days that hold one");
  }

  @Test
  void aDayIsThatOfTheZone() {
    Rule policy = new BucketRule(Bucket.DAILY, 9);
    Backup late = good("2026-02-13T23:30:00Z");
    Backup early = good("2026-02-14T00:30:00Z");
    assertThat(labels(policy, ZoneOffset.UTC, late, early))
        .containsExactly("daily 2026-02-14, 1 of 9", "daily 2026-02-13, 2 of 9");
    assertThat(labels(policy, ZoneId.of("Europe/Berlin"), late, early))
        .containsExactly("daily 2026-02-14, 1 of 9", "daily 2026-02-14 has a newer one");
  }

  @Test
  void aWeekBeginsOnMondayAndBelongsToTheYearOfItsThursday() {
    assertThat(labels(
            new BucketRule(Bucket.WEEKLY, 9),
            ZoneOffset.UTC,
            good("2027-01-03T23:59:59Z"),
            good("2027-01-04T00:00:00Z"),
            good("2026-12-28T00:00:00Z"),
            good("2026-12-27T23:59:59Z")))
        .containsExactly(
            "weekly 2027-W01, 1 of 9",
            "weekly 2026-W53, 2 of 9",
            "weekly 2026-W53 has a newer one",
            "weekly 2026-W52, 3 of 9");
  }

  @Test
  void monthsAndYearsAreThoseOfTheCalendar() {
    Backup[] backups = {
      good("2028-03-01T00:00:00Z"),
      good("2028-02-29T23:59:59Z"),
      good("2028-02-01T00:00:00Z"),
      good("2027-12-31T23:59:59Z"),
      good("2026-12-31T23:59:59Z")
    };
    assertThat(labels(new BucketRule(Bucket.MONTHLY, 3), ZoneOffset.UTC, backups))
        .containsExactly(
            "monthly 2028-03, 1 of 3",
            "monthly 2028-02, 2 of 3",
            "monthly 2028-02 has a newer one",
            "monthly 2027-12, 3 of 3",
            "monthly 2026-12 lies before the last 3 months that hold one");
    assertThat(labels(new BucketRule(Bucket.YEARLY, 1), ZoneOffset.UTC, backups))
        .containsExactly(
            "yearly 2028, 1 of 1",
            "yearly 2028 has a newer one",
            "yearly 2028 has a newer one",
            "yearly 2027 lies before the last year that holds one",
            "yearly 2026 lies before the last year that holds one");
  }

  @Test
  void anHourThatTheClocksRepeatIsTwo() {
    assertThat(labels(
            new BucketRule(Bucket.HOURLY, 9),
            ZoneId.of("Europe/Berlin"),
            good("2026-10-24T23:30:00Z"),
            good("2026-10-25T00:10:00Z"),
            good("2026-10-25T00:50:00Z"),
            good("2026-10-25T01:10:00Z"),
            good("2026-10-25T01:50:00Z"),
            good("2026-10-25T02:10:00Z")))
        .containsExactly(
            "hourly 2026-10-25 03:00+01:00, 1 of 9",
            "hourly 2026-10-25 02:00+01:00, 2 of 9",
            "hourly 2026-10-25 02:00+01:00 has a newer one",
            "hourly 2026-10-25 02:00+02:00, 3 of 9",
            "hourly 2026-10-25 02:00+02:00 has a newer one",
            "hourly 2026-10-25 01:00+02:00, 4 of 9");
  }

  @Test
  void anHourThatTheClocksSkipIsNone() {
    assertThat(labels(
            new BucketRule(Bucket.HOURLY, 9),
            ZoneId.of("Europe/Berlin"),
            good("2026-03-29T00:59:59Z"),
            good("2026-03-29T01:00:00Z")))
        .containsExactly(
            "hourly 2026-03-29 03:00+02:00, 1 of 9", "hourly 2026-03-29 01:00+01:00, 2 of 9");
  }

  @Test
  void halfAnHourThatTheClocksRepeatIsABucketOfItsOwn() {
    // Lord Howe goes from 02:00+11:00 back to 01:30+10:30
    assertThat(labels(
            new BucketRule(Bucket.HOURLY, 9),
            ZoneId.of("Australia/Lord_Howe"),
            good("2026-04-04T14:40:00Z"),
            good("2026-04-04T15:10:00Z"),
            good("2026-04-04T15:40:00Z")))
        .containsExactly(
            "hourly 2026-04-05 02:00+10:30, 1 of 9",
            "hourly 2026-04-05 01:00+10:30, 2 of 9",
            "hourly 2026-04-05 01:00+11:00, 3 of 9");
  }

  @Test
  void aDayThatAZoneSkippedTakesNoPlace() {
    // Apia went from Thursday 29 to Saturday 31 December 2011
    assertThat(labels(
            new BucketRule(Bucket.DAILY, 2),
            ZoneId.of("Pacific/Apia"),
            good("2011-12-30T09:59:59Z"),
            good("2011-12-30T10:00:00Z")))
        .containsExactly("daily 2011-12-31, 1 of 2", "daily 2011-12-29, 2 of 2");
  }

  @Test
  void aDayInTwoPiecesIsOneBucket() {
    // St John's went from 00:01 on 2 November 2008 back to 23:01 on the 1st: that minute of the 2nd
    // came first
    Instant back = Instant.parse("2008-11-02T02:31:00Z");
    assertThat(labels(
            new BucketRule(Bucket.DAILY, 9),
            ZoneId.of("America/St_Johns"),
            at(back.minusSeconds(90)).build(),
            at(back.minusSeconds(30)).build(),
            at(back.plusSeconds(30)).build(),
            at(back.plusSeconds(3600)).build()))
        .containsExactly(
            "daily 2008-11-02, 1 of 9",
            "daily 2008-11-01, 2 of 9",
            "daily 2008-11-02 has a newer one",
            "daily 2008-11-01 has a newer one");
  }

  @Test
  void aBackupStaysIfAnyRuleKeepsIt() {
    RetentionPlan plan = Told.plan(
        keepLast(1).daily(2).monthly(2).zone(ZoneOffset.UTC),
        "2026-02-14T12:00:00Z",
        good("2026-02-14T11:00:00Z"),
        good("2026-02-13T11:00:00Z"),
        good("2026-02-12T11:00:00Z"),
        good("2026-02-11T11:00:00Z"),
        good("2026-01-31T11:00:00Z"));
    assertThat(Told.linesOfRules(plan))
        .containsExactly(
            "keep 2026-02-14T11:00:00Z: last, 1 of 1 | daily 2026-02-14, 1 of 2 | monthly 2026-02, 1 of 2",
            "keep 2026-02-13T11:00:00Z: daily 2026-02-13, 2 of 2",
            "remove 2026-02-11T11:00:00Z: not one of the last 1"
                + " | daily 2026-02-11 lies before the last 2 days that hold one"
                + " | monthly 2026-02 has a newer one",
            "keep 2026-01-31T11:00:00Z: monthly 2026-01, 2 of 2");
  }

  /** What one rule says, newest first. */
  private static List<String> labels(Rule rule, ZoneId zone, Backup... backups) {
    List<Backup> newestFirst =
        Stream.of(backups).sorted(Comparator.comparing(Backup::time).reversed()).toList();
    return rule.judge(newestFirst, zone, Instant.EPOCH).stream()
        .map(verdict -> verdict.cause().text())
        .toList();
  }
}
