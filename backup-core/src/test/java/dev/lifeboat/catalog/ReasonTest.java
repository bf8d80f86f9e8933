package dev.lifeboat.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class ReasonTest {
  @Test
  void theHousesOwnAreNamedAsInIds() {
    assertThat(List.of(Reason.MANUAL, Reason.SCHEDULED, Reason.PRE_MIGRATION, Reason.PRE_RESTORE))
        .extracting(Reason::toString)
        .containsExactly("manual", "scheduled", "pre-migration", "pre-restore");
    assertThat(Reason.of("manual")).isEqualTo(Reason.MANUAL);
  }

  @Test
  void hostsHaveReasonsOfTheirOwn() {
    for (String name : List.of("a", "7", "end-of-day", "a--b", "x".repeat(40))) {
      assertThat(Reason.of(name).name()).isEqualTo(name);
    }
  }

  @Test
  void otherNamesAreRefused() {
    for (String name :
        List.of("", "-", "-a", "a-", "A", "a b", "a_b", "a.b", "a/b", "ä", "a\n", "x".repeat(41))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Reason.of(name))
          .withMessage("reason must be 1 to 40 of a-z, 0-9 and -, with no - at either end, was "
              + Text.quoted(name));
    }
    for (String name : List.of("catalog", "lease", "series", "keys", "con", "nul", "com1")) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Reason.of(name))
          .withMessage("reason must be another name than \"" + name + "\", which is taken");
    }
  }

  @Test
  void theySortByName() {
    assertThat(Reason.MANUAL).isLessThan(Reason.SCHEDULED);
    assertThat(Reason.MANUAL).isEqualByComparingTo(Reason.of("manual"));
  }
}
