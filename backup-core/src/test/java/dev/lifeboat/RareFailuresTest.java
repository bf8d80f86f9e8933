package dev.lifeboat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeboat.BackupException.Kind;
import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.Reason;
import dev.lifeboat.codec.DamagedDataException;
import dev.lifeboat.sink.NoSpaceException;
import dev.lifeboat.testkit.FaultySink.Call;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Failures that come seldom and in odd places: each is told as what it is, and leaves things as the message says. */
class RareFailuresTest extends ShopTest {
  private static final String NEW = "orders 2, users 2, notes 2";
  private static final String UNTOUCHED = " What is live is as it was.";
  private static final String NOTHING_ADDED = " Nothing was added; earlier backups are untouched.";

  @Test
  void aGateThatDoesNotShutEndsTheBackupBeforeAnythingIsOpened() {
    Backups backups = shop()
        .quiesce(Gate.of(
            () -> {
              throw new IllegalStateException("the writers do not answer");
            },
            () -> log.add("reopened")))
        .build();

    BackupException e = failure(() -> backups.create(Reason.MANUAL));

    assertThat(e.kind()).isEqualTo(Kind.HOOK);
    assertThat(e)
        .hasMessage("Cannot back up \"shop\" in memory shelf: the quiesce gate could not be shut:"
            + " the writers do not answer. Nothing was done.");
    assertThat(log).doesNotContain("orders open");
    assertThat(backups.list()).isEmpty();
  }

  @Test
  void aGateThatDoesNotReopenMakesNoBackupThoughAllWasOpened() throws Exception {
    Backups backups = shop()
        .quiesce(Gate.of(() -> {}, () -> {
          throw new IllegalStateException("the writers do not answer");
        }))
        .build();

    BackupException e = failure(() -> backups.create(Reason.MANUAL));

    assertThat(e.kind()).isEqualTo(Kind.HOOK);
    assertThat(e).hasNoSuppressedExceptions();
    assertThat(backups.list()).isEmpty();
    assertThat(litter()).isEmpty();
  }

  @Test
  void anOptionalSourceThatLacksRoomOrIsInterruptedIsNotLeftOut() throws Exception {
    Backups backups = bare().source(orders).optionalSource(users).build();
    users.at("write", () -> {
      throw new NoSpaceException("no room for the copy", null);
    });
    BackupException full = failure(() -> backups.create(Reason.MANUAL));
    users.at("write", () -> {
      throw new InterruptedIOException("stop");
    });
    BackupException interrupted = failure(() -> backups.create(Reason.MANUAL));

    assertThat(full.kind()).isEqualTo(Kind.NO_SPACE);
    assertThat(full)
        .hasMessage("Cannot back up \"users\" to \"shop\" in memory shelf: no room for the copy."
            + NOTHING_ADDED);
    assertThat(interrupted.kind()).isEqualTo(Kind.INTERRUPTED);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(backups.list()).isEmpty();
    assertThat(litter()).isEmpty();
  }

  @Test
  void damageThatASourceMeetsIsNoDamageOfABackup() {
    orders.at("write", () -> {
      throw new DamagedDataException("page 7 is torn");
    });

    BackupException e = failure(() -> shop().build().create(Reason.MANUAL));

    assertThat(e.kind()).isEqualTo(Kind.SOURCE);
    assertThat(e)
        .hasMessage("Cannot back up \"orders\" to \"shop\" in memory shelf: page 7 is torn."
            + NOTHING_ADDED);
  }

  @Test
  void moreBackupsInASecondThanAMinuteHasSecondsAreStillAllKept() {
    Backups backups = bare().source(orders).build();
    for (int i = 0; i < 62; i++) {
      backups.create(Reason.MANUAL);
    }

    List<BackupId> ids = Shop.ids(backups.list());
    assertThat(ids).hasSize(62).doesNotHaveDuplicates();
    assertThat(ids.get(0).time()).isBefore(clock.instant().plusSeconds(60));
  }

  @Test
  void damageThatCannotBeMarkedIsTold() {
    Backups backups = shop().build();
    BackupId id = backedUp(backups);
    sink.corrupting(name -> name.value().contains("/users."))
        .failingFrom(Call.PUT, 1, () -> new NoSpaceException("full", null));

    BackupException e = failure(() -> backups.restore(id));

    assertThat(e.kind()).isEqualTo(Kind.DAMAGED);
    assertThat(e.getMessage())
        .startsWith("Cannot restore: backup " + id
            + " of \"shop\" in memory shelf is damaged, and could not be marked: users: ")
        .endsWith(UNTOUCHED);
    assertThat(live()).isEqualTo(NEW);
  }

  @Test
  void whereNoGateIsShutNoneIsSaidToStayShut() {
    Backups backups = shop().build();
    BackupId id = backedUp(backups);
    notes.at("apply", Paper.failing("disk went away"));
    orders.at("undo", Paper.failing("it is gone"));

    BackupException e = failure(() -> backups.restore(id));

    assertThat(e.kind()).isEqualTo(Kind.STUCK);
    assertThat(e.getMessage())
        .contains("disk went away. It could not be undone: orders: it is gone; ");
  }

  @Test
  void aTargetThatCanSuddenlyNotTellWhatIsLiveIsNotReplaced() {
    Backups backups = shop().build();
    BackupId id = backedUp(backups);
    AtomicInteger asked = new AtomicInteger();
    users.at("holds", () -> {
      if (asked.incrementAndGet() > 1) {
        throw new IOException("stale handle");
      }
    });

    BackupException e = failure(() -> backups.restore(id));

    assertThat(e.kind()).isEqualTo(Kind.SOURCE);
    assertThat(e)
        .hasMessage("Cannot restore " + id
            + " of \"shop\" in memory shelf: whether \"users\" is live cannot be told: stale handle."
            + UNTOUCHED);
    assertThat(live()).isEqualTo(NEW);
  }

  @Test
  void elsewhereItDoesNotMatterWhetherSomethingIsLive() {
    Backups backups = shop().build();
    BackupId id = backedUp(backups);
    users.at("holds", Paper.failing("not a paper"));

    RestorePlan plan = backups.planRestore(
        RestoreRequest.elsewhere(id, "users", users.file(temp.resolve("users"))));

    assertThat(plan.objections()).isEmpty();
  }

  @Test
  void aStrayFileAmongTheStagingIsSwept() throws Exception {
    Backups backups = shop().build();
    BackupId id = backedUp(backups);
    backups.restore(id);
    Files.write(work().resolve("staging").resolve("stray"), new byte[3]);

    backups.create(Reason.MANUAL);

    assertThat(litter()).isEmpty();
  }

  @Test
  void theRoomOfAWorkDirectoryToComeIsThatOfTheDiskItWillLieOn() throws Exception {
    WorkDirectory toCome = new WorkDirectory(temp.resolve("not/there/yet"));
    assertThat(toCome.free()).isPositive();
    assertThat(temp.resolve("not")).doesNotExist();
  }
}
