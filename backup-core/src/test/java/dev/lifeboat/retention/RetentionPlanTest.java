package dev.lifeboat.retention;

import static dev.lifeboat.retention.TestBackup.at;
import static dev.lifeboat.retention.TestBackup.good;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.Reason;
import dev.lifeboat.retention.RetentionPlan.Cause;
import dev.lifeboat.retention.RetentionPlan.Decision;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RetentionPlanTest {
  private static final Cause GUARD = new Cause("guard", "the newest good one");
  private static final Cause LAST = new Cause("last", "not one of the last 3");
  private static final Backup MIGRATION =
      at("2026-02-14T14:30:45Z").reason(Reason.PRE_MIGRATION).size(1536).build();
  private static final Backup MANUAL =
      at("2026-02-13T14:30:45Z").reason(Reason.MANUAL).size(300 << 20).build();
  private static final Decision STAYS =
      new Decision(MIGRATION, "memory:a", true, List.of(new Cause("last", "last, 1 of 3"), GUARD));
  private static final Decision GOES = new Decision(MANUAL, "memory:a", false, List.of(LAST));

  @Test
  void itIsATableForPeople() {
    assertThat(new RetentionPlan(List.of(STAYS, GOES), List.of("Look at this.")))
        .hasToString("""
            keep    20260214T143045Z-pre-migration-aaaaaaaa     1.5 KiB  last, 1 of 3; the newest good one
            remove  20260213T143045Z-manual-aaaaaaaa            300 MiB  not one of the last 3
            warning: Look at this.
            1 stay, 1 go, 300 MiB freed""");
  }

  @Test
  void aPlanAboutSeveralSinksNamesThem() {
    Decision there = new Decision(MANUAL, "memory:b\n", true, List.of(GUARD));
    assertThat(new RetentionPlan(List.of(GOES, there), List.of())).hasToString("""
            remove  20260213T143045Z-manual-aaaaaaaa     300 MiB  in memory:a: not one of the last 3
            keep    20260213T143045Z-manual-aaaaaaaa     300 MiB  in memory:b\\u000a: the newest good one
            1 stay, 1 go, 300 MiB freed""");
  }

  @Test
  void anEmptyPlanSaysSo() {
    assertThat(new RetentionPlan(List.of(), List.of())).hasToString("0 stay, 0 go, 0 bytes freed");
  }

  @Test
  void itTellsWhatStaysAndWhatGoes() {
    RetentionPlan plan = new RetentionPlan(List.of(STAYS, GOES), List.of());
    assertThat(plan.kept()).containsExactly(STAYS);
    assertThat(plan.removed()).containsExactly(GOES);
    assertThat(plan.bytesFreed()).isEqualTo(300 << 20);
    assertThat(plan.decision(MANUAL.id())).contains(GOES);
    assertThat(plan.decision(good("2020-01-01T00:00:00Z").id())).isEmpty();
  }

  @Test
  void itDoesNotChangeWithTheListsItWasMadeOf() {
    List<Decision> decisions = new ArrayList<>(List.of(STAYS));
    List<String> warnings = new ArrayList<>(List.of("Look."));
    RetentionPlan plan = new RetentionPlan(decisions, warnings);
    decisions.clear();
    warnings.clear();
    assertThat(plan).isEqualTo(new RetentionPlan(List.of(STAYS), List.of("Look.")));
  }

  @Test
  void aDecisionWithoutACauseIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Decision(MANUAL, "memory:a", true, List.of()))
        .withMessage("a decision has at least one cause");
  }

  @Test
  void sizesAreSaidInTheUnitThatFits() {
    assertThat(List.of(0L, 1L, 1023L, 1024L, 1536L, 1L << 20, 3L << 30, Long.MAX_VALUE))
        .extracting(Words::size)
        .containsExactly(
            "0 bytes", "1 byte", "1023 bytes", "1 KiB", "1.5 KiB", "1 MiB", "3 GiB", "8 EiB");
  }

  @Test
  void durationsAreSaidExactlyOrRoughly() {
    assertThat(List.of("P30D", "P1D", "PT36H", "PT90M", "PT61S", "PT1.5S"))
        .extracting(Duration::parse)
        .extracting(Words::exactly)
        .containsExactly("30 days", "1 day", "36 hours", "90 minutes", "61 seconds", "PT1.5S");
    assertThat(List.of("P3DT4H", "PT36H", "PT119M", "PT5M59S", "PT1.5S", "PT0.5S"))
        .extracting(Duration::parse)
        .extracting(Words::roughly)
        .containsExactly("3 days", "1 day", "1 hour", "5 minutes", "1 second", "0 seconds");
  }
}
