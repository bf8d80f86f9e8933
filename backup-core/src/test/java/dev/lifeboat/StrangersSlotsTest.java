package dev.lifeboat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeboat.Rewrapped.Outcome;
import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.Depth;
import dev.lifeboat.catalog.State;
import dev.lifeboat.crypto.BackupKey;
import dev.lifeboat.crypto.CountedPassphrase;
import dev.lifeboat.crypto.Encryption;
import dev.lifeboat.sink.ObjectName;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Passphrase slots that a stranger has put beside ours, to make us work: ours are found all the same, and he costs little. */
class StrangersSlotsTest extends RotationShop {
  private static final String SECRET = "correct horse battery";

  /** More than a listing does for nothing. */
  private static final int MANY = 40;

  /** Of ours, in a process that ended since. */
  private List<BackupId> genuine(int count) {
    clock.advance(Duration.ofDays(30));
    return made(stranger(new CountedPassphrase(SECRET).encryption()), count);
  }

  /** Whole ones, older than ours, each in a slot of another salt. */
  private List<BackupId> planted(int count, boolean dear) throws IOException {
    clock.advance(Duration.ofDays(-20));
    List<BackupId> planted = made(stranger(Encryption.key(BackupKey.generate())), count);
    for (BackupId id : planted) {
      CountedPassphrase other = new CountedPassphrase("staple of a thief");
      Encryption sealing = dear ? other.dearer() : other.encryption();
      ObjectName keys = new SeriesNames("shop").keys(id, 1);
      memory.delete(keys);
      plant(keys.value(), sealing.seal("shop", id.toString()).keys());
    }
    clock.advance(Duration.ofDays(20));
    events.clear();
    return planted;
  }

  private static List<BackupId> good(Backups backups) {
    return backups.list().stream()
        .filter(backup -> backup.state() == State.COMPLETE)
        .map(Backup::id)
        .sorted()
        .toList();
  }

  @Test
  void theyMakeNoneOfOursUntrustedOnAMachineThatKnowsNothing() throws IOException {
    List<BackupId> ours = genuine(3);
    planted(MANY, false);
    CountedPassphrase fresh = new CountedPassphrase(SECRET);
    Backups reader = stranger(fresh.encryption());
    assertThat(good(reader)).isEqualTo(ours);
    assertThat(reader.latest().map(Backup::id)).contains(ours.get(2));
    int worked = fresh.calls().size();
    assertThat(worked).isLessThanOrEqualTo(17); // one of them for ours
    assertThat(good(reader)).isEqualTo(ours);
    assertThat(fresh.calls()).hasSize(worked);
  }

  @Test
  void theyKeepNoneOfOursFromBeingReencrypted() throws IOException {
    List<BackupId> ours = genuine(2);
    List<BackupId> planted = planted(MANY, false);
    Encryption fresh = next().alsoReading(new CountedPassphrase(SECRET).encryption());
    assertThat(stranger(fresh).reencrypt())
        .filteredOn(one -> one.outcome() != Reencrypted.Outcome.SKIPPED)
        .extracting(Reencrypted::id)
        .isEqualTo(ours);
    assertThat(ids(stranger(next()))).containsAll(planted).hasSize(MANY + 2);
  }

  @Test
  void otherMachinesAndLaterProcessesGoOnWithTheSaltOfTheSeries() throws IOException {
    List<BackupId> ours = new ArrayList<>(genuine(1));
    planted(MANY, false);
    ours.addAll(made(stranger(new CountedPassphrase(SECRET).encryption()), 1));
    host(new CountedPassphrase(SECRET).encryption())
        .forceDelete(ours.get(0), "to have a tombstone");
    made(host(new CountedPassphrase(SECRET).encryption()), 1);
    CountedPassphrase fresh = new CountedPassphrase(SECRET);
    Backups reader = stranger(fresh.encryption());
    assertThat(good(reader)).hasSize(2).contains(ours.get(1));
    assertThat(fresh.calls().stream().distinct()).hasSizeLessThanOrEqualTo(17);
  }

  @Test
  void twoSeriesHaveTwoSalts() throws IOException {
    Map<String, String> salts = new java.util.HashMap<>();
    for (String name : List.of("shop", "club")) {
      CountedPassphrase one = new CountedPassphrase(SECRET);
      Backups.builder(name)
          .source(orders)
          .sink(memory)
          .clock(clock)
          .workDirectory(temp.resolve(name))
          .encryption(one.encryption())
          .build()
          .create(dev.lifeboat.catalog.Reason.MANUAL);
      salts.put(name, String.join(",", one.calls()));
    }
    assertThat(salts.get("shop")).isNotEqualTo(salts.get("club"));
  }

  @Test
  void aRewrapWorksForNoneOfThem() throws IOException {
    List<BackupId> ours = genuine(2);
    List<BackupId> planted = planted(MANY, true);
    CountedPassphrase old = new CountedPassphrase(SECRET);
    List<Rewrapped> report = stranger(next().alsoReading(old.encryption())).rewrap(next());
    assertThat(report)
        .filteredOn(one -> one.outcome() == Outcome.REWRAPPED)
        .extracting(Rewrapped::id)
        .isEqualTo(ours);
    assertThat(report)
        .filteredOn(one -> one.id().equals(planted.get(0)))
        .containsExactly(new Rewrapped(
            planted.get(0),
            false,
            Outcome.SKIPPED,
            "nothing proves who wrote it: it cannot be opened here and is not signed by anyone whom"
                + " this host trusts"));
    assertThat(old.calls()).hasSize(1);
    assertThat(good(stranger(next()))).isEqualTo(ours);
  }

  @Test
  void manyFilesOnOneBackupCostLittleAndKeepNobodyOut() throws IOException {
    BackupId ours = genuine(1).get(0);
    for (int i = 2; i < MANY; i++) {
      CountedPassphrase thief = new CountedPassphrase("staple of a thief");
      plant(
          new SeriesNames("shop").keys(ours, i).value(),
          thief.dearer().seal("shop", ours.toString()).keys());
    }
    CountedPassphrase fresh = new CountedPassphrase(SECRET);
    stranger(fresh.encryption()).verify(ours, Depth.CONTENT);
    assertThat(fresh.calls()).hasSize(1);

    CountedPassphrase wrong = new CountedPassphrase("another horse");
    BackupException failure =
        Shop.failure(() -> stranger(wrong.encryption()).verify(ours, Depth.CONTENT));
    assertThat(failure.kind()).isEqualTo(BackupException.Kind.WRONG_KEY);
    assertThat(wrong.calls()).hasSizeLessThanOrEqualTo(17 + 4);
  }

  @Test
  void whatATombstoneHoldsIsOpenedOnlyIfThatIsCheap() throws IOException {
    List<BackupId> ours = genuine(1);
    Mark tombstone = Mark.of(Mark.Kind.DELETED, ours.get(0), "shop", clock.instant(), "", "gone");
    CountedPassphrase thief = new CountedPassphrase("staple of a thief");
    for (int i = 0; i < MANY; i++) {
      plant(
          new SeriesNames("shop")
              .mark(ours.get(0), Mark.Kind.DELETED, BackupId.randomTail())
              .value(),
          new Marks("shop", Optional.of(thief.dearer())).write(tombstone, Optional.empty()));
    }
    CountedPassphrase fresh = new CountedPassphrase(SECRET);
    assertThat(good(stranger(fresh.encryption()))).isEqualTo(ours);
    assertThat(fresh.calls()).hasSize(1);
  }
}
