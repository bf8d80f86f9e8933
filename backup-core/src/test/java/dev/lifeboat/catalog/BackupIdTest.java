package dev.lifeboat.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BackupIdTest {
  private static final Instant TIME = Instant.parse("2026-02-14T14:30:45Z");

  @Test
  void itSaysWhenAndWhy() {
    BackupId id = new BackupId(TIME, Reason.PRE_MIGRATION, "k7f3q2ab");
    assertThat(id).hasToString("20260214T143045Z-pre-migration-k7f3q2ab");
    assertThat(BackupId.parse(id.toString())).isEqualTo(id);
    assertThat(BackupId.tryParse(id.toString())).contains(id);
  }

  @Test
  void itIsReadFromTheRight() {
    BackupId id = BackupId.parse("20260214T143045Z-a-b-c-aaaaaaaa");
    assertThat(id.reason().name()).isEqualTo("a-b-c");
    BackupId odd = BackupId.parse("20260214T143045Z-20260214t143045z-aaaaaaaa");
    assertThat(odd.reason().name()).isEqualTo("20260214t143045z");
    assertThat(BackupId.parse("20260214T143045Z-x-22222222").reason()).isEqualTo(Reason.of("x"));
  }

  @Test
  void theLongestReasonFits() {
    String reason = "a".repeat(40);
    assertThat(
            BackupId.parse("20260214T143045Z-" + reason + "-k7f3q2ab").reason().name())
        .isEqualTo(reason);
    assertThat(BackupId.tryParse("20260214T143045Z-" + reason + "a-k7f3q2ab")).isEmpty();
  }

  @Test
  void timesAreWholeSecondsOfFourDigitYears() {
    assertThat(new BackupId(TIME.plusNanos(999_999_999), Reason.MANUAL, "aaaaaaaa").time())
        .isEqualTo(TIME);
    for (String edge : List.of("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z")) {
      BackupId id = new BackupId(Instant.parse(edge), Reason.MANUAL, "aaaaaaaa");
      assertThat(BackupId.parse(id.toString())).isEqualTo(id);
    }
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new BackupId(Instant.parse("+10000-01-01T00:00:00Z"), Reason.MANUAL, "aaaaaaaa"))
        .withMessage("time must lie in the years 0001 to 9999, was +10000-01-01T00:00:00Z");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new BackupId(Instant.parse("0000-12-31T23:59:59Z"), Reason.MANUAL, "aaaaaaaa"))
        .withMessage("time must lie in the years 0001 to 9999, was 0000-12-31T23:59:59Z");
  }

  @Test
  void tailsAreBase32InLowerCase() {
    for (String tail : List.of("", "aaaaaaa", "aaaaaaaaa", "AAAAAAAA", "aaaaaaa1", "aaaaaaa\n")) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new BackupId(TIME, Reason.MANUAL, tail))
          .withMessage("tail must be 8 of a-z and 2-7, was " + Text.quoted(tail));
    }
  }

  @Test
  void nothingElseIsAnId() {
    for (String no : List.of(
        "",
        "-",
        "../20260214T143045Z-manual-k7f3q2ab",
        "20260214T143045Z-../../x-k7f3q2ab",
        "20260214T143045Z-..-k7f3q2ab",
        "20260214T143045Z-a/b-k7f3q2ab",
        "20260214T143045Z-a\\b-k7f3q2ab",
        "20260214T143045Z-manual\u0000-k7f3q2ab",
        "20260214T143045Z-manual-k7f3q2a\u0000",
        "20260214T143045Z-manual-k7f3q2ab\n",
        "\n20260214T143045Z-manual-k7f3q2ab",
        " 20260214T143045Z-manual-k7f3q2ab",
        "20260214T143045Z-manual-k7f3q2ab ",
        "20260214T143045Z-manual-k7f3q2ab.json",
        "20260214T143045Z-m\u0430nual-k7f3q2ab", // a Cyrillic a
        "20260214T143045Z-manual-k7f3q2\u0430b",
        "\u0662\u0660260214T143045Z-manual-k7f3q2ab", // Arabic digits
        "20260214T143045Z\u2010manual-k7f3q2ab", // another hyphen
        "20260214T143045Z-CON-k7f3q2ab",
        "20260214T143045Z-con-k7f3q2ab",
        "20260214T143045Z-lpt1-k7f3q2ab",
        "20260214T143045Z-keys-k7f3q2ab",
        "20260214T143045Z-MANUAL-k7f3q2ab",
        "20260214T143045Z--k7f3q2ab",
        "20260214T143045Z---k7f3q2ab",
        "20260214T143045Z--a-k7f3q2ab",
        "20260214T143045Z-a--k7f3q2ab",
        "20260214T143045Z-k7f3q2ab",
        "20260214T143045Z-manual",
        "20260214T143045Z-manual-k7f3q2a1",
        "20260214T143045Z-manual-K7F3Q2AB",
        "20260214t143045z-manual-k7f3q2ab",
        "20260231T143045Z-manual-k7f3q2ab",
        "20250229T143045Z-manual-k7f3q2ab",
        "20261301T143045Z-manual-k7f3q2ab",
        "20260001T143045Z-manual-k7f3q2ab",
        "20260100T143045Z-manual-k7f3q2ab",
        "20260214T240000Z-manual-k7f3q2ab",
        "20260214T236000Z-manual-k7f3q2ab",
        "20260214T235960Z-manual-k7f3q2ab",
        "00000101T000000Z-manual-k7f3q2ab",
        "-0010101T000000Z-manual-k7f3q2ab",
        "2026-02-14T14:30:45Z-manual-k7f3q2ab",
        "20260214143045Z-manual-k7f3q2ab")) {
      assertThat(BackupId.tryParse(no)).as(Text.quoted(no)).isEmpty();
      assertThatIllegalArgumentException()
          .isThrownBy(() -> BackupId.parse(no))
          .withMessage("not a backup id: " + Text.quoted(no));
    }
    assertThat(BackupId.tryParse("20240229T143045Z-manual-k7f3q2ab"))
        .as("a leap day")
        .isPresent();
  }

  @Test
  void aVeryLongTextIsRefusedAndNotQuotedWhole() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> BackupId.parse("x".repeat(300)))
        .withMessage("not a backup id: \"" + "x".repeat(200) + "…\"");
  }

  @Test
  void idsSortByTime() {
    BackupId early = BackupId.parse("20260214T143045Z-scheduled-zzzzzzzz");
    BackupId late = BackupId.parse("20260214T143046Z-manual-aaaaaaaa");
    assertThat(early).isLessThan(late);
    assertThat(early.toString()).isLessThan(late.toString());
  }

  @Test
  void everyNewOneHasATailOfItsOwn() {
    Set<String> tails = new HashSet<>();
    Set<Integer> letters = new HashSet<>();
    for (int i = 0; i < 1000; i++) {
      String tail = BackupId.create(TIME, Reason.MANUAL).tail();
      assertThat(BackupId.isTail(tail)).isTrue();
      tails.add(tail);
      tail.chars().forEach(letters::add);
    }
    assertThat(tails).hasSize(1000);
    assertThat(letters).as("all of base32").hasSize(32);
  }
}
