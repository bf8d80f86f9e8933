package dev.lifeboat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.Depth;
import dev.lifeboat.catalog.Reason;
import dev.lifeboat.sink.Digest;
import dev.lifeboat.testkit.Oracle;
import dev.lifeboat.testkit.Oracle.Harm;
import dev.lifeboat.testkit.Report;
import dev.lifeboat.testkit.Report.Making;
import dev.lifeboat.testkit.Report.What;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rules of the oracle: each holds, and is missed when it does not. */
class OracleTest {
  @TempDir
  Path temp;

  private final Oracle oracle = new Oracle();
  private Shop shop;
  private Backups backups;

  @BeforeEach
  void build() {
    shop = new Shop(temp);
    backups = shop.backups();
  }

  private BackupId made() {
    Making making = making();
    oracle.accept(Report.making(making));
    BackupId id = backups.create(Reason.MANUAL).id();
    oracle.accept(Report.of(What.MADE, id));
    shop.clock.advance(Duration.ofHours(1));
    return id;
  }

  private Making making() {
    return Making.of(Map.of("orders", Digest.of(shop.nextContent())));
  }

  private void tell(What what, BackupId id) {
    oracle.accept(Report.of(what, id));
  }

  private void look() {
    oracle.look(backups.list());
  }

  private void missed(String message) {
    assertThatThrownBy(this::look).isInstanceOf(AssertionError.class).hasMessage(message);
  }

  @Test
  void whatWasMadeMustBeListed() {
    BackupId id = made();
    look();
    backups.forceDelete(id, "behind its back");
    missed(id + " was made, and is not listed");
  }

  @Test
  void whatWasDeletedMustNotBeListed() {
    BackupId id = made();
    tell(What.DELETED, id);
    missed(id + " does not exist, and is listed");
  }

  @Test
  void whatNobodyMadeMustNotBeListed() {
    BackupId id = shop.make(backups).id();
    missed(id + " is listed, and nobody made it");
  }

  @Test
  void aCreateThatWasCutShortMayHaveMadeWhatItWasSavingAndNothingElse() {
    oracle.accept(Report.making(making()));
    look();
    BackupId id = backups.create(Reason.MANUAL).id();
    missed(id + " is listed, and nobody made it"); // a look settles what was open

    Oracle other = new Oracle();
    Making saved = Making.of(Map.of("orders", Digest.of(shop.live())));
    other.accept(Report.making(Making.of(Map.of("orders", Digest.of(new byte[0])))));
    other.accept(Report.making(saved));
    other.look(backups.list());
    assertThat(other.making(id)).isEqualTo(saved);
    other.look(backups.list());
  }

  @Test
  void aDeleteThatWasCutShortMayGoEitherWayAndStaysAsItIsFound() {
    BackupId one = made();
    BackupId two = made();
    tell(What.DELETING, one);
    tell(What.DELETING, two);
    backups.forceDelete(one, "cut short");
    look();
    assertThat(oracle.existing()).containsExactly(two);
    backups.forceDelete(two, "behind its back");
    missed(two + " was made, and is not listed");
  }

  @Test
  void itMustHoldWhatWasSaved() {
    oracle.accept(Report.making(making()));
    shop.nextContent();
    BackupId id = backups.create(Reason.MANUAL).id();
    tell(What.MADE, id);
    missed(id + " does not hold what was saved");
  }

  @Test
  void theNewestComesFirst() {
    made();
    BackupId newest = made();
    List<Backup> listed = new ArrayList<>(backups.list());
    Collections.reverse(listed);
    assertThatThrownBy(() -> oracle.look(listed)).hasMessage(newest + " is listed out of order");
  }

  @Test
  void pinsAreAsTold() {
    BackupId id = made();
    backups.pin(id, "kept");
    missed(id + " pinned: true");
    tell(What.PINNED, id);
    look();
    backups.unpin(id);
    missed(id + " pinned: false");
    tell(What.PINNING, id);
    look();
    assertThat(oracle.isPinned(id)).isFalse();
  }

  @Test
  void marksOfDamageAreAsTold() {
    BackupId id = made();
    tell(What.DAMAGED, id);
    missed(id + " marked as damaged: false");
    tell(What.JUDGING, id);
    look();
    shop.replace(Shop.manifest(id), new byte[0]);
    assertThatCode(() -> backups.verify(id, Depth.STORED)).isInstanceOf(BackupException.class);
    assertThat(oracle.isMarked(id)).isFalse();
  }

  @Test
  void oneWhoseRecordIsHarmedMayBeListedOrNot() {
    BackupId id = made();
    byte[] manifest = shop.get(Shop.manifest(id));
    shop.replace(Shop.manifest(id), new byte[0]);
    oracle.harm(id, Harm.RECORD);
    look();
    assertThat(oracle.existing()).containsExactly(id);
    tell(What.DELETING, id);
    look();
    assertThat(oracle.unsure()).containsExactly(id);
    tell(What.KEPT, id);
    shop.replace(Shop.manifest(id), manifest);
    oracle.heal(id);
    look();
    backups.forceDelete(id, "behind its back");
    missed(id + " was made, and is not listed");
  }

  @Test
  void whatTwoTouchedAtOnceIsOpenButDeletedIsDeleted() {
    BackupId pinned = made();
    BackupId deleted = made();
    oracle.acceptAll(List.of(
        List.of(Report.of(What.PINNED, pinned), Report.of(What.DELETED, deleted)),
        List.of(Report.of(What.UNPINNED, pinned), Report.of(What.KEPT, deleted))));
    assertThatThrownBy(() -> oracle.look(backups.list()))
        .hasMessage(deleted + " does not exist, and is listed");
    backups.forceDelete(deleted, "as told");
    backups.pin(pinned, "who knows");
    look();
    assertThat(oracle.isPinned(pinned)).isTrue();
  }

  @Test
  void pinsTheNewestAndTheLastThreeGoodOnesAreHeld() {
    BackupId oldest = made();
    BackupId pinned = made();
    tell(What.PINNED, pinned);
    BackupId third = made();
    BackupId damaged = made();
    tell(What.DAMAGED, damaged);
    BackupId second = made();
    BackupId newest = made();
    Instant now = shop.clock.instant();
    assertThat(oracle.held(now)).containsExactlyInAnyOrder(pinned, third, second, newest);
    assertThat(oracle.latest(now)).isEqualTo(Optional.of(newest));
    Instant before = newest.time().minus(Duration.ofMinutes(10));
    assertThat(oracle.latest(before)).isEqualTo(Optional.of(second));
    assertThat(oracle.held(before)).contains(pinned, second).doesNotContain(newest, oldest);
  }

  @Test
  void whatIsToldCanBeWrittenAndRead() {
    Making making = new Making(
        Map.of("orders", Digest.of(new byte[3]), "notes", Digest.of(new byte[0])),
        false,
        true,
        Optional.of(Instant.parse("2026-02-14T14:30:45Z")));
    for (Report report : List.of(
        Report.making(making),
        Report.making(Making.of(Map.of("orders", Digest.of(new byte[1])))),
        Report.notMade(),
        Report.of(What.PINNING, made()))) {
      assertThat(Report.parse(report.toString())).isEqualTo(report);
    }
  }
}
