package dev.lifeboat.retention;

import static dev.lifeboat.retention.RetentionPolicy.keepAll;
import static dev.lifeboat.retention.RetentionPolicy.keepLast;
import static dev.lifeboat.retention.RetentionPolicy.keepWithin;
import static dev.lifeboat.retention.TestBackup.good;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.Reason;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class RetentionPolicyTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
  private static final RetentionPolicy BY_REASON = RetentionPolicy.of(
          Reason.SCHEDULED, keepLast(14))
      .and(Reason.MANUAL, keepWithin(Duration.ofDays(30)));

  @Test
  void itReadsItselfOut() {
    assertThat(keepLast(3).daily(7).weekly(4).monthly(12).always(Reason.PRE_MIGRATION))
        .hasToString("keep the last 3, 7 daily, 4 weekly, 12 monthly, always pre-migration");
    assertThat(keepWithin(Duration.ofDays(30)).monthly(12))
        .hasToString("keep everything within 30 days, 12 monthly");
    assertThat(keepAll()).hasToString("keep everything");
    assertThat(keepAll().maxTotalSize(10L << 30)).hasToString("keep everything, at most 10 GiB");
  }

  @Test
  void itReadsOutEveryOptionInOneOrderHoweverGiven() {
    RetentionPolicy policy = keepWithin(Duration.ofHours(36))
        .zone(BERLIN)
        .maxTotalSize(1536)
        .always(Reason.PRE_RESTORE, Reason.PRE_MIGRATION)
        .yearly(6)
        .monthly(5)
        .weekly(4)
        .daily(3)
        .hourly(2)
        .last(1);
    assertThat(policy)
        .hasToString("keep the last 1, everything within 36 hours, 2 hourly, 3 daily, 4 weekly,"
            + " 5 monthly, 6 yearly, always pre-migration and pre-restore, at most 1.5 KiB,"
            + " by the calendar of Europe/Berlin");
  }

  @Test
  void aPolicyByReasonReadsItselfOut() {
    assertThat(BY_REASON)
        .hasToString("scheduled: keep the last 14; manual: keep everything within 30 days;"
            + " any other reason: keep everything");
    assertThat(BY_REASON.always(Reason.PRE_MIGRATION).maxTotalSize(100).zone(BERLIN))
        .hasToString("scheduled: keep the last 14; manual: keep everything within 30 days;"
            + " any other reason: keep everything; always pre-migration; at most 100 bytes;"
            + " by the calendar of Europe/Berlin");
  }

  @Test
  void policiesThatSayTheSameAreEqual() {
    assertThat(keepLast(3).daily(7))
        .isEqualTo(keepLast(3).daily(7))
        .hasSameHashCodeAs(keepLast(3).daily(7))
        .isNotEqualTo(keepLast(3).daily(8))
        .isNotEqualTo("keep the last 3, 7 daily");
    assertThat(keepWithin(Duration.ofDays(1)).last(2))
        .isEqualTo(keepLast(2).within(Duration.ofDays(1)));
  }

  @Test
  void refiningAPolicyLeavesItAsItWas() {
    RetentionPolicy policy = keepLast(3);
    assertThat(policy.daily(7).always(Reason.MANUAL).zone(BERLIN).maxTotalSize(5))
        .isNotEqualTo(policy);
    assertThat(policy).hasToString("keep the last 3");
    RetentionPolicy one = RetentionPolicy.of(Reason.MANUAL, policy);
    assertThat(one.and(Reason.SCHEDULED, policy)).isNotEqualTo(one);
    assertThat(one).hasToString("manual: keep the last 3; any other reason: keep everything");
  }

  @Test
  void theZoneIsTheSystemsUnlessGiven() {
    assertThat(keepLast(1).zone()).isEqualTo(ZoneId.systemDefault());
    assertThat(keepLast(1).zone(BERLIN).zone()).isEqualTo(BERLIN);
  }

  @Test
  void aCountLessThanOneIsRefused() {
    refused(() -> keepLast(0), "keepLast must be at least 1, was 0");
    refused(() -> keepLast(-3), "keepLast must be at least 1, was -3");
    refused(() -> keepAllFor(1).last(0), "last must be at least 1, was 0");
    refused(() -> keepLast(1).hourly(0), "hourly must be at least 1, was 0");
    refused(() -> keepLast(1).daily(0), "daily must be at least 1, was 0");
    refused(() -> keepLast(1).weekly(0), "weekly must be at least 1, was 0");
    refused(() -> keepLast(1).monthly(-1), "monthly must be at least 1, was -1");
    refused(() -> keepLast(1).yearly(0), "yearly must be at least 1, was 0");
    refused(() -> keepLast(1).maxTotalSize(0), "maxTotalSize must be at least 1, was 0");
  }

  @Test
  void anAgeThatIsNotPositiveIsRefused() {
    refused(() -> keepWithin(Duration.ZERO), "keepWithin must be longer than nothing, was PT0S");
    refused(
        () -> keepLast(1).within(Duration.ofHours(-1)),
        "within must be longer than nothing, was PT-1H");
  }

  @Test
  void anOptionGivenTwiceIsRefused() {
    refused(() -> keepLast(1).last(1), "last is given twice");
    refused(() -> keepAllFor(1).within(Duration.ofDays(2)), "within is given twice");
    refused(() -> keepLast(1).hourly(1).hourly(1), "hourly is given twice");
    refused(() -> keepLast(1).daily(7).weekly(1).daily(7), "daily is given twice");
    refused(() -> keepLast(1).weekly(1).weekly(2), "weekly is given twice");
    refused(() -> keepLast(1).monthly(1).monthly(2), "monthly is given twice");
    refused(() -> keepLast(1).yearly(1).yearly(2), "yearly is given twice");
    refused(
        () -> keepLast(1).always(Reason.MANUAL).always(Reason.PRE_RESTORE),
        "always is given twice");
    refused(() -> keepLast(1).maxTotalSize(1).maxTotalSize(2), "maxTotalSize is given twice");
    refused(() -> keepLast(1).zone(BERLIN).zone(BERLIN), "zone is given twice");
    refused(() -> BY_REASON.and(Reason.MANUAL, keepLast(1)), "manual is given twice");
  }

  @Test
  void aRuleBesideKeepingEverythingIsRefused() {
    refused(() -> keepAll().daily(7), "daily adds nothing to a policy that keeps everything");
  }

  @Test
  void alwaysOfNothingIsRefused() {
    refused(() -> keepLast(1).always(), "always must name at least one reason");
  }

  @Test
  void aRuleForAllOnAPolicyByReasonIsRefused() {
    refused(
        () -> BY_REASON.daily(7),
        "daily belongs to the policy of one reason, this is one by reason: scheduled: keep the"
            + " last 14; manual: keep everything within 30 days; any other reason: keep"
            + " everything");
  }

  @Test
  void aReasonAddedToRulesForAllIsRefused() {
    refused(
        () -> keepLast(3).and(Reason.MANUAL, keepLast(1)),
        "and(manual, …) continues of(reason, policy), this policy has rules for all: keep the"
            + " last 3");
  }

  @Test
  void policiesByReasonDoNotNest() {
    String nested = " must have rules of its own, was one by reason: manual: keep the last 1; any"
        + " other reason: keep everything";
    RetentionPolicy inner = RetentionPolicy.of(Reason.MANUAL, keepLast(1));
    refused(() -> RetentionPolicy.of(Reason.SCHEDULED, inner), "the policy of scheduled" + nested);
    refused(() -> BY_REASON.and(Reason.PRE_RESTORE, inner), "the policy of pre-restore" + nested);
  }

  @Test
  void alwaysWithinAReasonIsRefused() {
    refused(
        () -> RetentionPolicy.of(Reason.SCHEDULED, keepLast(3).always(Reason.MANUAL)),
        "always belongs to the policy as a whole, the policy of scheduled was: keep the last 3,"
            + " always manual");
  }

  @Test
  @SuppressWarnings("NullAway") // what a caller without a null checker does
  void nothingMayBeNull() {
    Object nothing = null;
    assertThatNullPointerException()
        .isThrownBy(() -> keepLast(1).zone((ZoneId) nothing))
        .withMessage("zone");
    assertThatNullPointerException()
        .isThrownBy(() -> RetentionPolicy.of((Reason) nothing, keepLast(1)))
        .withMessage("reason");
    assertThatNullPointerException()
        .isThrownBy(() -> BY_REASON.and((Reason) nothing, keepLast(1)))
        .withMessage("reason");
    assertThatNullPointerException()
        .isThrownBy(() -> keepLast(1).plan(List.of(), (String) nothing, Instant.EPOCH))
        .withMessage("sink");
    assertThatNullPointerException()
        .isThrownBy(() -> keepLast(1).plan(List.of(), "a", (Instant) nothing))
        .withMessage("now");
  }

  @Test
  void aBackupThatComesTwiceIsRefused() {
    Backup backup = good("2026-02-14T14:30:45Z");
    refused(
        () -> keepLast(1).plan(List.of(backup, backup), TestBackup.SINK, Instant.EPOCH),
        "backup 20260214T143045Z-scheduled-aaaaaaaa is given twice");
  }

  private static RetentionPolicy keepAllFor(int days) {
    return keepWithin(Duration.ofDays(days));
  }

  private static void refused(ThrowingCallable call, String message) {
    assertThatIllegalArgumentException().isThrownBy(call).withMessage(message);
  }
}
