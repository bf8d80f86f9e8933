package dev.lifeboat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeboat.BackupException.Kind;
import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.Component;
import dev.lifeboat.catalog.Reason;
import dev.lifeboat.catalog.State;
import dev.lifeboat.source.Facts;
import dev.lifeboat.source.UnprovenException;
import dev.lifeboat.testkit.FaultySink.Call;
import dev.lifeboat.testkit.FaultySink.Moment;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RestoreInPlaceTest extends ShopTest {
  private static final String OLD = "orders 1, users 1, notes 1";
  private static final String NEW = "orders 2, users 2, notes 2";

  @Test
  void allIsStagedAndCheckedThenTheGateShutsThenTheBackupBeforeIsMadeThenAllIsApplied()
      throws Exception {
    Backups backups =
        shop().maintenance(gate("maintenance")).quiesce(gate("quiesce")).build();
    BackupId id = backedUp(backups);

    Restored restored = backups.restore(id);

    assertThat(live()).isEqualTo(OLD);
    assertThat(log)
        .filteredOn(step -> !step.matches(".* (holds|space|target)"))
        .containsExactly(
            "orders stage",
            "orders check",
            "users stage",
            "users check",
            "notes stage",
            "notes check",
            "maintenance shut",
            "quiesce shut",
            "orders open",
            "users open",
            "notes open",
            "quiesce reopened",
            "orders capture",
            "users capture",
            "notes capture",
            "orders write",
            "users write",
            "notes write",
            "orders apply",
            "orders applied",
            "users apply",
            "users applied",
            "notes apply",
            "notes applied",
            "maintenance reopened",
            "orders discard",
            "users discard",
            "notes discard");
    Backup before = restored.before().orElseThrow();
    assertThat(before.reason()).isEqualTo(Reason.PRE_RESTORE);
    assertThat(before.manifest().details().orElseThrow().note())
        .isEqualTo("before the restore of " + id);
    assertThat(restored.from()).isEqualTo(id);
    assertThat(restored.components()).containsExactly("orders", "users", "notes");
    assertThat(restored.took()).isGreaterThan(restored.applied());
    assertThat(restored.applied()).isGreaterThan(Duration.ZERO);
    assertThat(litter()).isEmpty();

    backups.restore(before.id());
    assertThat(live()).isEqualTo(NEW);
  }

  @Test
  void onlyWhatIsNamedIsRestoredAndTheBackupBeforeHoldsAll() {
    Backups backups = shop().build();
    BackupId id = backedUp(backups);

    Restored restored = backups.restore(RestoreRequest.inPlace(id, "notes", "orders"));

    assertThat(live()).isEqualTo("orders 1, users 2, notes 1");
    assertThat(restored.components()).containsExactly("orders", "notes");
    assertThat(restored.before().orElseThrow().manifest().components())
        .extracting(Component::isCaptured)
        .containsExactly(true, true, true);
  }

  @Test
  void whereNothingIsLiveNothingIsBackedUpBefore() {
    Backups backups = shop().build();
    BackupId id = backedUp(backups);
    orders.live = null;
    users.live = null;
    notes.live = null;

    Restored restored = backups.restore(id);

    assertThat(restored.before()).isEmpty();
    assertThat(live()).isEqualTo(OLD);
    assertThat(backups.list()).hasSize(1);
  }

  @Test
  void whereSomeIsLiveThatIsBackedUpBefore() {
    Backups backups = shop().build();
    BackupId id = backedUp(backups);
    users.live = null;

    Backup before = backups.restore(id).before().orElseThrow();

    assertThat(live()).isEqualTo(OLD);
    assertThat(before.manifest().components())
        .extracting(Component::isCaptured)
        .containsExactly(true, false, true);
    assertThat(before
            .manifest()
            .component("users")
            .orElseThrow()
            .details()
            .orElseThrow()
            .missing())
        .contains("nothing was live");
  }

  @Test
  void withoutBackupBeforeAndLiveIsBrokenMakeNone() {
    Backups backups = shop().build();
    BackupId id = backedUp(backups);

    assertThat(backups.restore(RestoreRequest.inPlace(id).withoutBackupBefore()).before())
        .isEmpty();
    assertThat(live()).isEqualTo(OLD);
    orders.at("holds", Paper.failing("not a paper"));
    assertThat(backups.restore(RestoreRequest.inPlace(id).liveIsBroken()).before())
        .isEmpty();
    assertThat(backups.list()).hasSize(1);
  }

  @Test
  void whatCannotBeKeptAsideIsBackedUpBeforeAllTheSame() {
    Backups backups = shop().build();
    BackupId id = backedUp(backups);
    users.hasWayOverBroken = false;
    orders.at("write", Paper.failing("page 7 is torn"));

    Backup before =
        backups.restore(RestoreRequest.inPlace(id).liveIsBroken()).before().orElseThrow();

    assertThat(live()).isEqualTo(OLD);
    assertThat(before.manifest().component("users").orElseThrow().isCaptured()).isTrue();
    assertThat(before
            .manifest()
            .component("orders")
            .orElseThrow()
            .details()
            .orElseThrow()
            .missing())
        .contains("broken, and kept aside");
  }

  @Test
  void aBackupBeforeThatFailsLeavesAllAsItWas() throws Exception {
    Backups backups = shop().maintenance(gate("maintenance")).build();
    BackupId id = backedUp(backups);
    users.at("write", Paper.failing("page 7 is torn"));

    BackupException e = failure(() -> backups.restore(id));

    assertThat(e.kind()).isEqualTo(Kind.SOURCE);
    assertThat(e)
        .hasMessage("Cannot restore " + id
            + " of \"shop\" in memory shelf: what is live could not be backed up first: Cannot back up"
            + " \"users\" to \"shop\" in memory shelf: page 7 is torn. Nothing was added; earlier"
            + " backups are untouched. What is live is as it was. If what is live is broken, ask for"
            + " liveIsBroken(), which keeps it aside byte for byte.");
    assertThat(live()).isEqualTo(NEW);
    assertThat(log).contains("maintenance reopened").doesNotContain("orders apply");
    assertThat(backups.list()).hasSize(1);
    assertThat(litter()).isEmpty();
  }

  @Test
  void anOptionalSourceThatIsReplacedMustBeInTheBackupBefore() {
    Backups backups = bare().source(orders).optionalSource(users).build();
    BackupId id = backedUp(backups);
    users.at("open", Paper.failing("locked"));

    BackupException e = failure(() -> backups.restore(id));

    assertThat(e.kind()).isEqualTo(Kind.SOURCE);
    assertThat(users.live).isEqualTo("users 2");
    assertThat(orders.live).isEqualTo("orders 2");
  }

  @Test
  void aSourceThatIsNotReplacedMayBeMissingInTheBackupBefore() {
    Backups backups = shop().build();
    BackupId id = backedUp(backups);
    users.at("open", Paper.failing("locked"));
    notes.at("holds", Paper.failing("locked too"));

    Backup before =
        backups.restore(RestoreRequest.inPlace(id, "orders")).before().orElseThrow();

    assertThat(live()).isEqualTo("orders 1, users 2, notes 2");
    assertThat(before.manifest().components())
        .extracting(Component::isCaptured)
        .containsExactly(true, false, true);
  }

  @Test
  void aGateThatDoesNotShutLeavesAllAsItWas() {
    Backups backups =
        shop().maintenance(Gate.of(this::refuse, () -> log.add("reopened"))).build();
    BackupId id = backedUp(backups);

    BackupException e = failure(() -> backups.restore(id));

    assertThat(e.kind()).isEqualTo(Kind.HOOK);
    assertThat(e)
        .hasMessage(
            "Cannot restore " + id + " of \"shop\" in memory shelf: maintenance could not be"
                + " entered: the site is busy. What is live is as it was.");
    assertThat(live()).isEqualTo(NEW);
    assertThat(log).doesNotContain("reopened");
  }

  @Test
  void aGateThatDoesNotReopenIsToldThoughAllIsRestored() {
    Backups backups = shop().maintenance(Gate.of(() -> {}, this::refuse)).build();
    BackupId id = backedUp(backups);

    BackupException e = failure(() -> backups.restore(id));

    assertThat(e.kind()).isEqualTo(Kind.HOOK);
    assertThat(e)
        .hasMessage(
            "Backup " + id + " of \"shop\" in memory shelf is restored, but maintenance could"
                + " not be left: the site is busy. Leave it by hand.");
    assertThat(live()).isEqualTo(OLD);
  }

  @Test
  void aGateThatDoesNotReopenAfterAFailureDoesNotHideThat() {
    Backups backups = shop().maintenance(Gate.of(() -> {}, this::refuse)).build();
    BackupId id = backedUp(backups);
    users.at("apply", Paper.failing("locked"));

    BackupException e = failure(() -> backups.restore(id));

    assertThat(e.kind()).isEqualTo(Kind.UNDONE);
    assertThat(e.getSuppressed())
        .singleElement()
        .asString()
        .contains("maintenance could not be left");
    assertThat(live()).isEqualTo(NEW);
  }

  private void refuse() {
    throw new IllegalStateException("the site is busy.");
  }

  @Test
  void whenTheLastOfThreeFailsAllAreUndoneInReverse() throws Exception {
    Backups backups = shop().maintenance(gate("maintenance")).build();
    BackupId id = backedUp(backups);
    notes.at("apply", Paper.failing("disk went away"));

    BackupException e = failure(() -> backups.restore(id));

    assertThat(e.kind()).isEqualTo(Kind.UNDONE);
    assertThat(e)
        .hasMessage(
            "Cannot restore " + id + " of \"shop\" in memory shelf: \"notes\" could not be put"
                + " into the paper notes: disk went away. All is as it was before.");
    assertThat(live()).isEqualTo(NEW);
    assertThat(log.subList(log.indexOf("orders apply"), log.size()))
        .containsExactly(
            "orders apply",
            "orders applied",
            "users apply",
            "users applied",
            "notes apply",
            "notes undo",
            "users undo",
            "orders undo",
            "maintenance reopened",
            "orders discard",
            "users discard",
            "notes discard");
    assertThat(litter()).isEmpty();
  }

  @Test
  void anErrorInTheMiddleIsUndoneToo() {
    Backups backups = shop().build();
    BackupId id = backedUp(backups);
    users.at("applied", () -> {
      throw new StackOverflowError("deep");
    });

    BackupException e = failure(() -> backups.restore(id));

    assertThat(e.kind()).isEqualTo(Kind.UNDONE);
    assertThat(e).hasCauseInstanceOf(StackOverflowError.class);
    assertThat(live()).isEqualTo(NEW);
  }

  @Test
  void anInterruptInTheMiddleIsUndoneWithoutBeingInItsWay() {
    Backups backups = shop().build();
    BackupId id = backedUp(backups);
    users.at("applied", () -> {
      Thread.currentThread().interrupt();
      throw new ClosedByInterruptException();
    });
    // as a FileChannel does
    orders.at("undo", () -> {
      if (Thread.currentThread().isInterrupted()) {
        throw new ClosedByInterruptException();
      }
    });

    BackupException e = failure(() -> backups.restore(id));

    assertThat(Thread.interrupted()).isTrue();
    assertThat(e.kind()).isEqualTo(Kind.UNDONE);
    assertThat(live()).isEqualTo(NEW);
  }

  @Test
  void anInterruptBeforeAnythingIsTouchedIsAnInterrupt() throws Exception {
    Backups backups = shop().build();
    BackupId id = backedUp(backups);
    users.at("stage", () -> {
      throw new InterruptedIOException("stopped");
    });

    BackupException e = failure(() -> backups.restore(id));

    assertThat(Thread.interrupted()).isTrue();
    assertThat(e.kind()).isEqualTo(Kind.INTERRUPTED);
    assertThat(live()).isEqualTo(NEW);
    assertThat(litter()).isEmpty();
  }

  @Test
  void whatCannotBeUndoneStaysShutAndIsToldStepByStepAndKept() throws Exception {
    Backups backups = shop().maintenance(gate("maintenance")).build();
    BackupId id = backedUp(backups);
    String path = "/srv/shop/" + "deep/".repeat(60) + "orders.old";
    notes.at("apply", Paper.failing("disk went away"));
    users.at("undo", Paper.failing("it is gone"));
    orders.at("undo", Paper.failing("move " + path + " back"));

    BackupException e = failure(() -> backups.restore(id));

    Path staging = work().resolve("staging").resolve(id.toString());
    assertThat(e.kind()).isEqualTo(Kind.STUCK);
    assertThat(e.details())
        .containsExactly(
            "users: it is gone",
            "orders: move " + path + " back",
            "what is needed lies in " + staging + " and stays there until somebody removes it");
    assertThat(e)
        .hasMessage(
            "Cannot restore " + id + " of \"shop\" in memory shelf: \"notes\" could not be put"
                + " into the paper notes: disk went away. It could not be undone, and maintenance stays"
                + " on: " + String.join("; ", e.details()) + ".");
    assertThat(log).doesNotContain("maintenance reopened", "orders discard");

    notes.heal();
    users.heal();
    orders.heal();
    backups.restore(RestoreRequest.inPlace(id).withoutBackupBefore());
    backups.create(Reason.MANUAL);

    assertThat(Files.readString(staging.resolve("orders").resolve("old"))).isEqualTo("orders 2");
    try (var left = Files.list(work().resolve("staging"))) {
      assertThat(left).containsExactly(staging);
    }
  }

  @Test
  void aSecondComponentThatIsDamagedLeavesTheFirstUntouched() throws Exception {
    Backups backups = shop().build();
    BackupId id = backedUp(backups);
    sink.corrupting(name -> name.value().contains("/users."));

    BackupException e = failure(() -> backups.restore(id));

    assertThat(e.kind()).isEqualTo(Kind.DAMAGED);
    assertThat(e.details()).hasSize(1);
    assertThat(e)
        .hasMessage("Cannot restore: backup " + id + " of \"shop\" in memory shelf is damaged, and"
            + " marked as that: " + e.details().get(0) + ". What is live is as it was.");
    sink.healed();
    assertThat(backups.find(id).orElseThrow().state()).isEqualTo(State.DAMAGED);
    assertThat(backups.latest()).isEmpty();
    assertThat(e.details().get(0))
        .startsWith("users: shop/" + id + "/users.txt.zst is ")
        .contains(", and must be ");
    assertThat(live()).isEqualTo(NEW);
    assertThat(litter()).isEmpty();
  }

  @Test
  void aComponentThatIsMissingInTheSinkIsDamage() throws Exception {
    Backups backups = shop().build();
    BackupId id = backedUp(backups);
    for (var stored : memory.list("shop/" + id + "/")) {
      if (!stored.name().value().contains("users")) {
        memory.delete(stored.name());
      }
    }

    BackupException e = failure(() -> backups.restore(id));

    assertThat(e.kind()).isEqualTo(Kind.DAMAGED);
    assertThat(e.details())
        .containsExactly(
            "orders: shop/" + id + "/orders.txt.zst is missing",
            "notes: shop/" + id + "/notes.txt.zst is missing");
    assertThat(live()).isEqualTo(NEW);
  }

  @Test
  void aSinkThatCannotBeReadIsTheSinksFailure() {
    Backups backups = shop().build();
    BackupId id = backedUp(backups);
    users.at(
        "stage",
        () -> sink.failingFrom(
            Call.OPEN, sink.calls(Call.OPEN) + 1, () -> new IOException("cable cut")));

    BackupException e = failure(() -> backups.restore(id));

    assertThat(e.kind()).isEqualTo(Kind.SINK);
    assertThat(e)
        .hasMessage("Cannot read " + id
            + " of \"shop\" in memory shelf: cable cut. Nothing live was touched.");
    assertThat(live()).isEqualTo(NEW);
  }

  @Test
  void aTargetThatCannotStageIsTheWorkDirectorysFailureAndAFullDiskNoSpace() {
    Backups backups = shop().build();
    BackupId id = backedUp(backups);
    Path staging = work().resolve("staging").resolve(id.toString());
    users.at("stage", Paper.failing("disk went away"));

    BackupException e = failure(() -> backups.restore(id));

    assertThat(e.kind()).isEqualTo(Kind.WORK);
    assertThat(e)
        .hasMessage(
            "Cannot restore " + id + " of \"shop\" in memory shelf: it could not be staged in "
                + staging + ": disk went away. What is live is as it was.");

    users.at("stage", Paper.failing("No space left on device"));
    assertThat(failure(() -> backups.restore(id)).kind()).isEqualTo(Kind.NO_SPACE);
    users.at("stage", () -> {
      throw new IllegalStateException("not ready");
    });
    assertThat(failure(() -> backups.restore(id)))
        .hasMessage(
            "Cannot restore " + id + " of \"shop\" in memory shelf: it could not be staged in "
                + staging + ": not ready. What is live is as it was.");
    assertThat(live()).isEqualTo(NEW);
  }

  @Test
  void aTargetThatDoesNotReadToTheEndDoesNotHideDamage() {
    Backups backups = shop().build();
    BackupId id = backedUp(backups);
    users.at("stage-half", () -> {});
    sink.corrupting(name -> name.value().contains("/users."));

    assertThat(failure(() -> backups.restore(id)).kind()).isEqualTo(Kind.DAMAGED);
    assertThat(live()).isEqualTo(NEW);
  }

  @Test
  void aCopyThatDoesNotProveSoundIsNotApplied() {
    Backups backups = shop().build();
    BackupId id = backedUp(backups);
    orders.at("check", () -> {
      throw new UnprovenException(List.of("row 7 is\n missing", "index broken"));
    });

    BackupException e = failure(() -> backups.restore(id));

    assertThat(e.kind()).isEqualTo(Kind.UNPROVEN);
    assertThat(e.details())
        .containsExactly("orders: row 7 is\\u000a missing", "orders: index broken");
    assertThat(e)
        .hasMessage(
            "Cannot restore: backup " + id + " of \"shop\" in memory shelf is stored as it was"
                + " written, but is not sound: orders: row 7 is\\u000a missing (and 1 more). What is live"
                + " is as it was.");
    assertThat(live()).isEqualTo(NEW);
  }

  @Test
  void everyFactThatIsNotFoundAgainIsTold() {
    orders.facts = Facts.counting("rows", 7).value("schema", "3").note("server", "16");
    orders.found = Facts.counting("rows", 6).note("server", "17");
    Backups backups = shop().build();
    BackupId id = backedUp(backups);

    BackupException e = failure(() -> backups.restore(id));

    assertThat(e.kind()).isEqualTo(Kind.UNPROVEN);
    assertThat(e.details())
        .containsExactly(
            "orders: rows: recorded 7, found 6", "orders: schema: recorded 3, found nothing");
    assertThat(live()).isEqualTo(NEW);
  }

  @Test
  void aBackupThatWasDeletedAndReplayedIsNotRestored() throws Exception {
    Backups backups = shop().build();
    BackupId id = backedUp(backups);
    var manifest = dev.lifeboat.sink.ObjectName.of("shop/catalog/" + id + ".json");
    byte[] bytes;
    try (var in = memory.open(manifest)) {
      bytes = in.readAllBytes();
    }
    var auth = dev.lifeboat.sink.ObjectName.of("shop/catalog/" + id + ".auth");
    byte[] proof;
    try (var in = memory.open(auth)) {
      proof = in.readAllBytes();
    }
    sink.failing(
        Call.DELETE,
        sink.calls(Call.DELETE) + 4,
        Moment.BEFORE,
        () -> new AssertionError("killed"));
    try {
      backups.forceDelete(id, "test");
    } catch (AssertionError killed) {
      assertThat(killed).hasMessage("killed");
    }
    memory.put(auth, dev.lifeboat.sink.Content.of(proof));
    memory.put(manifest, dev.lifeboat.sink.Content.of(bytes));

    BackupException e = failure(() -> backups.restore(id));

    assertThat(e.kind()).isEqualTo(Kind.NOT_FOUND);
    assertThat(e)
        .hasMessage(
            "Cannot restore " + id + ": it was deleted from \"shop\" in memory shelf, and its"
                + " manifest is still or again there. What is live is as it was.");
    assertThat(failure(() -> backups.open(id, "orders")).kind()).isEqualTo(Kind.NOT_FOUND);
    assertThat(live()).isEqualTo(NEW);
  }
}
