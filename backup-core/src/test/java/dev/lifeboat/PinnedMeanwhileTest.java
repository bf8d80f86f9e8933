package dev.lifeboat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeboat.BackupException.Kind;
import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.retention.RetentionPlan;
import dev.lifeboat.retention.RetentionPolicy;
import dev.lifeboat.testkit.FaultySink;
import dev.lifeboat.testkit.FaultySink.Call;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two hosts, whose turns are not each other's: one pins what the other removes. */
class PinnedMeanwhileTest {
  @TempDir
  Path temp;

  private Shop shop;
  private Backups other;
  private BackupId id;

  @BeforeEach
  void build() {
    shop = new Shop(temp.resolve("work"));
    shop.makeBackups(5);
    other = shop.over(shop.memory, temp.resolve("other")).build();
    id = shop.backups().list().get(4).id();
  }

  /** At the last moment before the tombstone is there. */
  private Backups.Builder pinnedBeforeTheTombstone() {
    return shop.over(
        new Meanwhile(shop.memory, Call.PUT, tombstone(), () -> other.pin(id, "mine")));
  }

  @Test
  void aPruneLeavesWhatIsPinnedWhileItIsAtWork() {
    Backups backups =
        pinnedBeforeTheTombstone().retention(RetentionPolicy.keepLast(3)).build();
    RetentionPlan done = backups.prune();
    assertThat(done.decision(id).orElseThrow().causes())
        .containsExactly(new RetentionPlan.Cause("pin", "pinned meanwhile"));
    assertThat(done.removed()).hasSize(1);
    Backup kept = backups.find(id).orElseThrow();
    assertThat(kept.isPinned()).isTrue();
    assertThat(shop.read(backups, id)).isEqualTo(shop.content(id));
    shop.assertNothingIsLeftOver(backups);
  }

  @Test
  void aDeleteIsRefusedWhereItIsPinnedWhileItIsAtWork() {
    Backups backups = pinnedBeforeTheTombstone().build();
    BackupException thrown = Shop.failure(() -> backups.delete(id));
    assertThat(thrown.kind()).isEqualTo(Kind.REFUSED);
    assertThat(thrown)
        .hasMessage(
            "Cannot delete " + id + " of \"shop\" in " + shop.memory.description()
                + ": pinned meanwhile. Nothing was deleted. forceDelete(id, why) deletes it all the same.");
    assertThat(backups.find(id).orElseThrow().isPinned()).isTrue();
    shop.assertNothingIsLeftOver(backups);
  }

  @Test
  void aPruneLooksForPinsBeforeItSaysThatSomethingIsDeleted() {
    FaultySink sink = FaultySink.over(shop.memory);
    BackupId first = shop.backups().list().get(3).id();
    Backups backups = shop.over(
            new Meanwhile(sink, Call.DELETE, "shop/catalog/" + first, () -> other.pin(id, "mine")))
        .retention(RetentionPolicy.keepLast(3))
        .build();
    assertThat(backups.prune().decision(id).orElseThrow().causes())
        .containsExactly(new RetentionPlan.Cause("pin", "pinned meanwhile"));
    assertThat(sink.history()).noneMatch(call -> call.startsWith("PUT " + tombstone()));
    shop.assertNothingIsLeftOver(backups);
  }

  @ParameterizedTest
  @EnumSource(names = {"LIST", "DELETE"})
  void whatIsPinnedOutlivesAPruneThatFailedRightAfterItsTombstone(Call failing) {
    Backups backups =
        failingAfterTheTombstone(failing, () -> other.pin(id, "mine")).build();
    assertThat(Shop.failure(() -> backups.delete(id)))
        .hasMessage("Cannot delete " + id + " of \"shop\" in " + shop.memory.description()
            + ": the store is gone. If it is not listed any more, the next prune finishes its"
            + " removal.");
    assertThat(shop.names()).anyMatch(name -> name.startsWith(tombstone()));
    shop.events.clear();

    shop.backups().prune();
    assertThat(shop.warnings())
        .containsOnlyOnce(
            id + ": was pinned while an earlier prune or delete was about to remove it; it is kept"
                + " and listed again");
    assertThat(other.find(id).orElseThrow().isPinned()).isTrue();
    assertThat(shop.read(other, id)).isEqualTo(shop.content(id));
    shop.assertNothingIsLeftOver(other);
  }

  @Test
  void aForcedDeleteOfWhatWasPinnedIsFinishedAfterItFailedRightAfterItsTombstone() {
    other.pin(id, "mine");
    Backups backups = failingAfterTheTombstone(Call.DELETE, () -> {}).build();
    assertThat(Shop.failure(() -> backups.forceDelete(id, "away with it")))
        .hasMessage("Cannot delete " + id + " of \"shop\" in " + shop.memory.description()
            + ": the store is gone. If it is still listed, its pins may be gone; if not, the next"
            + " prune finishes its removal.");
    shop.backups().prune();
    assertThat(other.find(id)).isEmpty();
    shop.assertNothingIsLeftOver(other);
  }

  /** A store that fails so as soon as the tombstone is there, and somebody else does something just before it is. */
  private Backups.Builder failingAfterTheTombstone(Call failing, Runnable action) {
    FaultySink sink = FaultySink.over(shop.memory);
    return shop.over(new Meanwhile(sink, Call.PUT, tombstone(), () -> {
      action.run();
      sink.failingFrom(
          failing, sink.calls(failing) + 1, () -> new IOException("the store is gone"));
    }));
  }

  private String tombstone() {
    return "shop/catalog/" + id + ".deleted-";
  }

  @Test
  void aForcedDeleteHeedsNoPin() {
    Backups backups = pinnedBeforeTheTombstone().build();
    backups.forceDelete(id, "away with it");
    assertThat(backups.find(id)).isEmpty();
  }

  @Test
  void whoPinsWhatIsDeletedMeanwhileIsTold() {
    Runnable deletion = () -> other.delete(id);
    Backups backups =
        shop.over(new Meanwhile(shop.memory, Call.PUT, pinMark(), deletion)).build();
    BackupException thrown = Shop.failure(() -> backups.pin(id, "too late"));
    assertThat(thrown.kind()).isEqualTo(Kind.NOT_FOUND);
    assertThat(thrown)
        .hasMessage("Cannot pin " + id + ": it was deleted from \"shop\" in "
            + shop.memory.description() + " meanwhile. It is not pinned.");
    assertThat(shop.names()).noneMatch(name -> name.startsWith(pinMark()));
  }

  /** The tombstone and then the pin, as {@link #aPruneLeavesWhatIsPinnedWhileItIsAtWork} has them the other way round. */
  @Test
  void aPinThatComesAfterTheTombstoneLeavesNothingAndHoldsNothing() {
    List<BackupException> thrown = new ArrayList<>();
    FaultySink seen = FaultySink.over(shop.memory);
    Backups late = shop.over(
            new Meanwhile(seen, Call.PUT, pinMark(), () -> {
              // the deletion dies between its last look for pins and the manifest
              FaultySink sink = FaultySink.over(shop.memory)
                  // the first only asks whether deleting is permitted
                  .failingFrom(Call.DELETE, 2, () -> new IOException("the store is gone"));
              Backups dying = shop.over(sink, temp.resolve("dying")).build();
              thrown.add(Shop.failure(() -> dying.delete(id)));
            }),
            temp.resolve("late"))
        .build();
    BackupException refused = Shop.failure(() -> late.pin(id, "too late"));
    assertThat(thrown).hasSize(1);
    assertThat(refused.kind()).isEqualTo(Kind.NOT_FOUND);
    assertThat(refused)
        .hasMessage("Cannot pin " + id + ": it was deleted from \"shop\" in "
            + shop.memory.description() + " meanwhile. It is not pinned.");
    assertThat(seen.history()).anyMatch(call -> call.startsWith("PUT " + pinMark()));
    assertThat(shop.names()).noneMatch(name -> name.startsWith(pinMark()));

    shop.backups().prune();
    assertThat(other.find(id)).isEmpty();
    shop.assertNothingIsLeftOver(other);
  }

  private String pinMark() {
    return "shop/catalog/" + id + ".pin-";
  }
}
