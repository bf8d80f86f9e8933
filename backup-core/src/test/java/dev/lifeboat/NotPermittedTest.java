package dev.lifeboat;

import static dev.lifeboat.Shop.failure;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeboat.BackupException.Kind;
import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.Depth;
import dev.lifeboat.retention.RetentionPlan;
import dev.lifeboat.retention.RetentionPolicy;
import dev.lifeboat.sink.BackupSink;
import dev.lifeboat.sink.ObjectName;
import dev.lifeboat.sink.Sinks;
import dev.lifeboat.testkit.FaultySink;
import dev.lifeboat.testkit.FaultySink.Call;
import dev.lifeboat.testkit.FaultySink.Moment;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In a sink that lets nobody delete, or locks single objects, backups go on, and what cannot be removed is told. */
class NotPermittedTest {
  private static final RetentionPlan.Cause DENIED = new RetentionPlan.Cause(
      "not-permitted", "not permitted: shop is not accessible (no right to delete)");

  @TempDir
  Path temp;

  private Shop shop;
  private Backups privileged;
  private List<BackupId> ids = List.of();

  @BeforeEach
  void open() {
    shop = new Shop(temp.resolve("work"));
    shop.makeBackups(6);
    privileged = shop.over(shop.memory).retention(RetentionPolicy.keepLast(3)).build();
    ids = Shop.ids(privileged.list());
  }

  @Test
  void aPruneRemovesNothingAndSaysSo() {
    List<String> before = shop.names();
    FaultySink sink = denyingDeletes();
    RetentionPlan done = over(sink).prune();

    assertThat(done.removed()).isEmpty();
    assertThat(done.kept()).hasSize(6);
    for (BackupId id : ids.subList(3, 6)) {
      assertThat(done.decision(id).orElseThrow().causes()).containsExactly(DENIED);
    }
    assertThat(shop.warnings()).containsExactly("prune: " + DENIED.text());
    assertThat(shop.names()).isEqualTo(before); // no tombstone either
    assertThat(sink.calls(Call.DELETE)).isEqualTo(1);
    assertThat(Shop.ids(privileged.list())).isEqualTo(ids);
    shop.assertAllListedAreWhole(privileged);
  }

  @Test
  void noMoreIsSaidThanThePlanWasAbout() {
    RetentionPlan plan = privileged.planPrune();
    shop.make(privileged);
    RetentionPlan done = over(denyingDeletes()).prune(plan);
    assertThat(done.decision(ids.get(2)).orElseThrow().causes())
        .containsExactly(new RetentionPlan.Cause("plan", "not in the plan that was carried out"));
    assertThat(done.decision(ids.get(3)).orElseThrow().causes()).containsExactly(DENIED);
    assertThat(done.decision(ids.get(0)).orElseThrow().causes())
        .doesNotContain(DENIED)
        .isNotEmpty();
  }

  @Test
  void backupsGoOnAndTheOneWithTheRightPrunesThem() {
    Backups host = over(denyingDeletes());
    for (int i = 0; i < 3; i++) {
      shop.clock.advance(Duration.ofHours(1));
      Backup backup = shop.make(host);
      host.verify(backup.id(), Depth.CONTENT);
      assertThat(host.prune().removed()).isEmpty();
    }
    assertThat(host.list()).hasSize(9);
    assertThat(privileged.prune().removed()).hasSize(6);
    shop.assertAllListedAreWhole(privileged);
    shop.assertNothingIsLeftOver(privileged);
  }

  @Test
  void whatAFailedBackupLeavesDoesNotStopTheNext() {
    FaultySink sink = denyingDeletes()
        .failing(Call.PUT, 2, Moment.BEFORE, () -> new AccessDeniedException("shop"));
    Backups host = over(sink);
    shop.nextContent();
    BackupException thrown = failure(() -> shop.make(host));
    assertThat(thrown.kind()).isEqualTo(Kind.SINK);
    assertThat(Shop.ids(host.list())).isEqualTo(ids);

    shop.clock.advance(Duration.ofHours(1));
    shop.events.clear();
    Backup backup = shop.make(host);
    assertThat(shop.warnings())
        .hasSize(2)
        .anySatisfy(warning -> assertThat(warning)
            .endsWith(": what an earlier run left could not be removed yet: shop is not accessible"
                + " (no right to delete)"));
    assertThat(Shop.ids(host.list())).startsWith(backup.id()).hasSize(7);

    sink.healed();
    host.prune();
    shop.assertAllListedAreWhole(privileged);
    shop.assertNothingIsLeftOver(privileged);
  }

  @Test
  void aDeleteSaysThatNothingWasDeleted() {
    List<String> before = shop.names();
    BackupException thrown = failure(() -> over(denyingDeletes()).delete(ids.get(4)));
    assertThat(thrown.kind()).isEqualTo(Kind.SINK);
    assertThat(thrown)
        .hasMessage("Cannot delete " + ids.get(4)
            + " of \"shop\" in memory shop: shop is not accessible (no right to delete). Nothing"
            + " was deleted.");
    assertThat(shop.names()).isEqualTo(before);
  }

  @Test
  void aReadOnlySinkIsPrunedAsLittle() {
    RetentionPlan done = over(Sinks.readOnly(shop.memory)).prune();
    assertThat(done.removed()).isEmpty();
    assertThat(done.decision(ids.get(3)).orElseThrow().causes())
        .extracting(RetentionPlan.Cause::rule)
        .containsExactly("not-permitted");
  }

  @Test
  void whereNothingIsToGoNothingIsTried() {
    FaultySink sink = denyingDeletes();
    shop.over(sink).build().prune();
    assertThat(sink.calls(Call.DELETE)).isZero();
    assertThat(shop.warnings()).isEmpty();
  }

  @Test
  void aLockedBackupStaysListedAndTheOthersGo() {
    String locked = Shop.manifest(ids.get(4)).value();
    RetentionPlan done = over(locking(name -> name.equals(locked))).prune();

    assertThat(done.removed())
        .extracting(decision -> decision.backup().id())
        .containsExactly(ids.get(3), ids.get(5));
    assertThat(done.decision(ids.get(4)).orElseThrow().causes())
        .containsExactly(new RetentionPlan.Cause(
            "not-permitted", "not permitted: " + locked + " is not accessible (locked)"));
    assertThat(shop.warnings())
        .containsExactly(ids.get(4) + ": not permitted: " + locked + " is not accessible (locked)");
    assertThat(Shop.ids(privileged.list()))
        .containsExactly(ids.get(0), ids.get(1), ids.get(2), ids.get(4));
    shop.assertAllListedAreWhole(privileged);
    privileged.prune();
    shop.assertNothingIsLeftOver(privileged);
  }

  @Test
  void deletingALockedBackupSaysSo() {
    String locked = Shop.manifest(ids.get(4)).value();
    Backups backups = over(locking(name -> name.equals(locked)));
    String beginning = "Cannot delete " + ids.get(4)
        + " of \"shop\" in memory shop: not permitted: " + locked + " is not accessible (locked). ";
    assertThat(failure(() -> backups.delete(ids.get(4))))
        .hasMessage(beginning + "Nothing was deleted.");
    assertThat(failure(() -> backups.forceDelete(ids.get(4), "the audit is over")))
        .hasMessage(beginning + "Its pins may be gone.");
    assertThat(Shop.ids(privileged.list())).isEqualTo(ids);
    shop.assertAllListedAreWhole(privileged);
  }

  @Test
  void whereItsTombstoneIsLockedTooItIsHiddenUntilALaterPrune() {
    List<String> parts = shop.names().stream()
        .filter(name -> name.startsWith("shop/" + ids.get(5) + "/"))
        .toList();
    RetentionPlan done = over(locking(name -> name.contains(ids.get(5).toString())
            && !(name.contains(".deleted-") && !shop.names().contains(name))))
        .prune();

    assertThat(done.decision(ids.get(5)).orElseThrow().keep()).isTrue();
    assertThat(shop.warnings())
        .contains(ids.get(5)
            + ": is not listed any more, for its tombstone may not be removed either; a later prune"
            + " removes it");
    assertThat(Shop.ids(privileged.list())).isEqualTo(ids.subList(0, 3));
    assertThat(shop.names()).containsAll(parts);
    privileged.prune();
    shop.assertNothingIsLeftOver(privileged);
  }

  @Test
  void lockedDataIsLeftAndRemovedLater() {
    String folder = "shop/" + ids.get(5) + "/";
    RetentionPlan done = over(locking(name -> name.startsWith(folder))).prune();
    String first = folder + "orders.doc.000001";

    assertThat(done.removed()).hasSize(3);
    assertThat(shop.warnings())
        .containsExactly(ids.get(5)
            + ": is not listed any more, and what is left of it stays for now: not permitted: "
            + first + " is not accessible (locked)");
    shop.events.clear();
    over(locking(name -> name.startsWith(folder))).prune();
    assertThat(shop.warnings())
        .containsExactly(ids.get(5) + ": was deleted, and what is left of it stays for now: not"
            + " permitted: " + first + " is not accessible (locked)");
    privileged.prune();
    shop.assertNothingIsLeftOver(privileged);
  }

  private Backups over(BackupSink sink) {
    return shop.over(sink).retention(RetentionPolicy.keepLast(3)).build();
  }

  private FaultySink denyingDeletes() {
    return FaultySink.over(shop.memory)
        .failingFrom(
            Call.DELETE, 1, () -> new AccessDeniedException("shop", null, "no right to delete"));
  }

  private BackupSink locking(Predicate<String> locked) {
    return new Locking(shop.memory, locked);
  }

  /** Lets everything be deleted but what is locked. */
  private static final class Locking extends Through {
    private final Predicate<String> locked;

    Locking(BackupSink sink, Predicate<String> locked) {
      super(sink);
      this.locked = locked;
    }

    @Override
    public void delete(ObjectName name) throws IOException {
      if (locked.test(name.value())) {
        throw new AccessDeniedException(name.value(), null, "locked");
      }
      super.delete(name);
    }
  }
}
