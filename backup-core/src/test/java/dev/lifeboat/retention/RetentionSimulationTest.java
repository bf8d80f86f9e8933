package dev.lifeboat.retention;

import static dev.lifeboat.retention.RetentionPolicy.keepAll;
import static dev.lifeboat.retention.RetentionPolicy.keepLast;
import static dev.lifeboat.retention.RetentionPolicy.keepWithin;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.Copy;
import dev.lifeboat.catalog.Reason;
import dev.lifeboat.catalog.State;
import dev.lifeboat.retention.RetentionPlan.Decision;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Simulated years in which a host prunes after every backup. What fails names its seed: {@code -Dseed=…} makes that
 * voyage the first one.
 */
class RetentionSimulationTest {
  private static final long SEED = Long.getLong("seed", 20260214L);
  private static final int VOYAGES = Integer.getInteger("loops", 1);

  /** Ten years with three leap days, two changes of rules in Cairo, and the day that Apia left out. */
  private static final Instant BEGIN = Instant.parse("2007-06-01T00:00:00Z");

  private static final Instant END = Instant.parse("2017-06-01T00:00:00Z");

  private final List<Backup> held = new ArrayList<>();

  @ParameterizedTest
  @ValueSource(
      strings = {"UTC", "Europe/Berlin", "Australia/Lord_Howe", "Pacific/Apia", "Africa/Cairo"})
  void pruningAfterEveryBackupLeavesWhatPruningOnceWouldLeave(String zone) {
    for (long seed = SEED; seed < SEED + VOYAGES; seed++) {
      pruneAfterEveryBackup(ZoneId.of(zone), seed);
    }
  }

  private void pruneAfterEveryBackup(ZoneId zone, long seed) {
    RetentionPolicy policy = keepLast(3)
        .hourly(24)
        .daily(7)
        .weekly(4)
        .monthly(12)
        .yearly(5)
        .always(Reason.PRE_MIGRATION)
        .zone(zone);
    Voyage voyage = new Voyage(seed, BEGIN);
    List<Backup> history = new ArrayList<>();
    held.clear();
    while (voyage.now().isBefore(END)) {
      TestBackup next = voyage.next();
      Backup backup = (voyage.oneIn(100) ? next.pinned("", "why") : next).build();
      history.add(backup);
      held.add(backup);
      String context = "seed " + seed + ", " + zone + ", " + voyage.now();
      RetentionPlan plan = policy.plan(held, TestBackup.SINK, voyage.now());
      prune(plan);
      if (voyage.oneIn(20)) {
        Set<BackupId> expected = expected(history, zone);
        assertThat(ruled(plan)).as(context).isEqualTo(expected);
        removesNothingThoughYearsPass(policy, voyage, context);
      }
    }
  }

  /** Found another way: no texts for buckets, all of the history, every rule looked at alone. */
  private static Set<BackupId> expected(List<Backup> history, ZoneId zone) {
    List<Backup> counted = history.stream()
        .filter(backup -> !backup.isPinned() && !backup.reason().equals(Reason.PRE_MIGRATION))
        .sorted(Comparator.comparing(Backup::id).reversed())
        .toList();
    Set<BackupId> expected = new HashSet<>();
    counted.stream().limit(3).forEach(backup -> expected.add(backup.id()));
    newestOfEach(counted, zone, 24, t -> t.toOffsetDateTime().truncatedTo(ChronoUnit.HOURS))
        .forEach(expected::add);
    newestOfEach(counted, zone, 7, ZonedDateTime::toLocalDate).forEach(expected::add);
    newestOfEach(
            counted,
            zone,
            4,
            t -> t.toLocalDate().with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY)))
        .forEach(expected::add);
    newestOfEach(counted, zone, 12, YearMonth::from).forEach(expected::add);
    newestOfEach(counted, zone, 5, ZonedDateTime::getYear).forEach(expected::add);
    return expected;
  }

  private static Stream<BackupId> newestOfEach(
      List<Backup> newestFirst, ZoneId zone, int count, Function<ZonedDateTime, Object> bucket) {
    Set<Object> seen = new HashSet<>();
    return newestFirst.stream()
        .filter(backup -> seen.add(bucket.apply(backup.time().atZone(zone))))
        .map(Backup::id)
        .limit(count);
  }

  /** What rules keep, whether guards would too or not. */
  private static Set<BackupId> ruled(RetentionPlan plan) {
    Set<String> others = Set.of("guard", "pin", "always");
    Set<BackupId> ruled = new HashSet<>();
    for (Decision decision : plan.kept()) {
      if (decision.causes().stream().anyMatch(cause -> !others.contains(cause.rule()))) {
        ruled.add(decision.backup().id());
      }
    }
    return ruled;
  }

  private void removesNothingThoughYearsPass(
      RetentionPolicy policy, Voyage voyage, String context) {
    Instant later = voyage.now().plus(Duration.ofDays(voyage.random.nextInt(10_000)));
    assertThat(policy.plan(held, TestBackup.SINK, later).removed()).as(context).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTC", "Europe/Berlin", "Australia/Lord_Howe", "Pacific/Apia"})
  void sevenFourTwelveNeverKeepsMoreThanTwentyThreeAndWhatIsHeld(String zone) {
    RetentionPolicy policy = keepLast(1).daily(7).weekly(4).monthly(12).zone(ZoneId.of(zone));
    Voyage voyage = new Voyage(SEED, BEGIN);
    int most = 0;
    held.clear();
    while (voyage.now().isBefore(END)) {
      TestBackup next = voyage.next();
      held.add((voyage.oneIn(200) ? next.pinned("", "why") : next).build());
      RetentionPlan plan = policy.plan(held, TestBackup.SINK, voyage.now());
      prune(plan);
      String context = "seed " + SEED + ", " + zone + ", " + voyage.now();
      long pinned = held.stream().filter(Backup::isPinned).count();
      assertThat(ruled(plan)).as(context).hasSizeLessThanOrEqualTo(23);
      assertThat((long) held.size()).as(context).isLessThanOrEqualTo(23 + 3 + pinned);
      most = Math.max(most, ruled(plan).size());
    }
    assertThat(most).as("it fills its places at some time").isGreaterThanOrEqualTo(18);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Europe/Berlin", "Australia/Lord_Howe", "Pacific/Apia", "Africa/Cairo"})
  void everyHourKeepsItsNewestWhileTheClocksChange(String name) {
    ZoneId zone = ZoneId.of(name);
    RetentionPolicy policy = keepLast(1).hourly(12).zone(zone);
    ZoneOffsetTransition change = zone.getRules().nextTransition(BEGIN);
    while (change != null && change.getInstant().isBefore(END)) {
      List<Backup> history = new ArrayList<>();
      held.clear();
      for (int minutes = -240; minutes < 240; minutes += 7) {
        Instant now = change.getInstant().plus(Duration.ofMinutes(minutes));
        history.add(0, TestBackup.at(now).build());
        held.add(history.get(0));
        RetentionPlan plan = policy.plan(held, TestBackup.SINK, now);
        prune(plan);
        assertThat(ruled(plan))
            .as(change.toString())
            .isEqualTo(newestOfEach(
                    history, zone, 12, t -> t.toOffsetDateTime().truncatedTo(ChronoUnit.HOURS))
                .collect(Collectors.toSet()));
      }
      change = zone.getRules().nextTransition(change.getInstant());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTC", "Africa/Cairo"})
  void olderDaysSurviveAStormOfRestarts(String zone) {
    RetentionPolicy policy = keepLast(3).daily(7).weekly(4).monthly(12).zone(ZoneId.of(zone));
    Instant storm = Instant.parse("2026-02-14T10:00:00Z");
    held.clear();
    for (int day = 400; day > 0; day--) {
      held.add(TestBackup.at(storm.minus(Duration.ofDays(day))).build());
      prune(policy.plan(held, TestBackup.SINK, storm.minus(Duration.ofDays(day))));
    }
    List<Backup> before = List.copyOf(held);
    for (int i = 0; i < 100; i++) {
      Instant restart = storm.plusSeconds(36L * i);
      held.add(TestBackup.at(restart).tail(Voyage.tail(i)).build());
      prune(policy.plan(held, TestBackup.SINK, restart));
    }
    assertThat(held.stream().filter(backup -> !backup.time().isBefore(storm))).hasSize(3);
    List<Backup> lost = before.stream().filter(backup -> !held.contains(backup)).toList();
    assertThat(lost).as("what any new day would cost").hasSizeLessThanOrEqualTo(2);
    LocalDate today = LocalDate.ofInstant(storm, ZoneId.of(zone));
    assertThat(held.stream().map(backup -> LocalDate.ofInstant(backup.time(), ZoneId.of(zone))))
        .containsAll(today.minusDays(6).datesUntil(today.plusDays(1)).toList());
  }

  @ParameterizedTest
  @MethodSource("policies")
  void everyPlanHoldsWhatIsPromised(RetentionPolicy policy) {
    for (long seed = SEED; seed < SEED + VOYAGES; seed++) {
      sailThroughTrouble(policy, seed);
    }
  }

  static List<RetentionPolicy> policies() {
    RetentionPolicy usual = keepLast(3).daily(7).weekly(4).monthly(12);
    return List.of(
        usual.zone(ZoneId.of("Australia/Lord_Howe")).always(Reason.PRE_MIGRATION),
        keepWithin(Duration.ofMinutes(1)),
        keepWithin(Duration.ofDays(14)).hourly(24).yearly(3).zone(ZoneId.of("Africa/Cairo")),
        keepLast(1).maxTotalSize(1),
        usual.maxTotalSize(6_000).zone(ZoneId.of("Pacific/Apia")),
        keepAll().maxTotalSize(20_000),
        RetentionPolicy.of(Reason.SCHEDULED, usual)
            .and(Reason.MANUAL, keepWithin(Duration.ofDays(30)).maxTotalSize(4_000))
            .and(Reason.PRE_RESTORE, keepLast(1))
            .always(Reason.PRE_MIGRATION)
            .maxTotalSize(30_000)
            .zone(ZoneId.of("Europe/Berlin")));
  }

  private void sailThroughTrouble(RetentionPolicy policy, long seed) {
    Voyage voyage = new Voyage(seed, BEGIN);
    held.clear();
    for (int i = 0; i < 400; i++) {
      held.add(troubled(voyage).build());
      if (voyage.oneIn(15)) {
        held.replaceAll(backup -> voyage.oneIn(10) ? damaged(backup) : backup);
      }
      if (voyage.oneIn(10)) {
        held.removeIf(backup -> backup.state() == State.SUSPECT);
      }
      String context = "seed " + seed + ", " + policy + ", " + voyage.now();
      RetentionPlan plan = policy.plan(held, TestBackup.SINK, voyage.now());
      new Invariants(policy, List.copyOf(held), voyage.now(), context).check(plan, i);
      prune(plan);
    }
  }

  private static TestBackup troubled(Voyage voyage) {
    TestBackup backup = voyage.next();
    int dice = voyage.random.nextInt(100);
    if (dice < 15) {
      backup.state(State.INCOMPLETE);
    } else if (dice < 18) {
      backup.state(State.SUSPECT);
    } else if (dice < 20) {
      backup.pinned("anna", "audit");
    } else if (dice < 22) {
      backup.keepUntil(voyage.now().plus(Duration.ofDays(40)).toString());
    } else if (dice < 24) {
      backup.damaged();
    } else if (dice < 25) {
      return TestBackup.at(voyage.now().plus(Duration.ofDays(3)))
          .tail(Voyage.tail(voyage.random.nextInt(1 << 30)));
    }
    return backup;
  }

  private static Backup damaged(Backup backup) {
    List<Copy> copies = List.of(new Copy(TestBackup.SINK, Copy.State.DAMAGED, "a part is cut"));
    return new Backup(
        backup.manifest(), copies, backup.pins(), backup.proofs(), backup.untrusted());
  }

  private void prune(RetentionPlan plan) {
    Set<BackupId> kept = new HashSet<>(Told.ids(plan.kept()));
    held.removeIf(backup -> !kept.contains(backup.id()));
  }
}
