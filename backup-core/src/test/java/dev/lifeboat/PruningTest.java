package dev.lifeboat;

import static dev.lifeboat.Shop.failure;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeboat.BackupException.Kind;
import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.Pin;
import dev.lifeboat.catalog.Reason;
import dev.lifeboat.catalog.State;
import dev.lifeboat.retention.RetentionPlan;
import dev.lifeboat.retention.RetentionPolicy;
import dev.lifeboat.sink.BackupSink;
import dev.lifeboat.sink.NoSpaceException;
import dev.lifeboat.sink.ObjectName;
import dev.lifeboat.sink.StoredObject;
import dev.lifeboat.testkit.FaultySink;
import dev.lifeboat.testkit.FaultySink.Call;
import dev.lifeboat.testkit.FaultySink.Moment;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes, what stays, and what is left when it is cut short. */
class PruningTest {
  @TempDir
  Path temp;

  private Shop shop;
  private Backups backups;
  private List<BackupId> ids = List.of();

  @BeforeEach
  void open() {
    shop = new Shop(temp.resolve("work"));
    shop.makeBackups(6);
    backups = shop.over(shop.memory).retention(RetentionPolicy.keepLast(3)).build();
    ids = Shop.ids(backups.list());
  }

  @Test
  void noMoreGoesThanThePlanSays() {
    RetentionPlan plan = backups.planPrune();
    assertThat(removed(plan)).isEqualTo(ids.subList(3, 6));
    shop.make(shop.backups());

    RetentionPlan done = backups.prune(plan);
    assertThat(removed(done)).isEqualTo(ids.subList(3, 6));
    // the policy would let this one go too by now, but nobody has seen that
    assertThat(done.decision(ids.get(2)).orElseThrow().causes())
        .containsExactly(new RetentionPlan.Cause("plan", "not in the plan that was carried out"));
    assertThat(backups.list()).hasSize(4);
    assertThat(done.kept()).hasSize(4);
  }

  @Test
  void aPinThatCameMeanwhileHolds() {
    RetentionPlan plan = backups.planPrune();
    backups.by("office").pin(ids.get(4), "for the audit");
    RetentionPlan done = backups.prune(plan);

    assertThat(removed(done)).containsExactly(ids.get(3), ids.get(5));
    assertThat(Shop.ids(backups.list()))
        .containsExactly(ids.get(0), ids.get(1), ids.get(2), ids.get(4));
    shop.assertAllListedAreWhole(backups);
    shop.assertNothingIsLeftOver(backups);
  }

  @Test
  void aPlanOfNothingRemovesNothing() {
    RetentionPlan done = backups.prune(new RetentionPlan(List.of(), List.of()));
    assertThat(done.removed()).isEmpty();
    assertThat(Shop.ids(backups.list())).isEqualTo(ids);
  }

  @Test
  void aPruneThatIsCutSaysHowFarItCame() {
    FaultySink sink = FaultySink.over(shop.memory)
        .failingFrom(Call.DELETE, 7, () -> new IOException("no route to host"));
    Backups cut = shop.over(sink).retention(RetentionPolicy.keepLast(3)).build();
    BackupException thrown = failure(cut::prune);
    assertThat(thrown.kind()).isEqualTo(Kind.SINK);
    assertThat(thrown)
        .hasMessage("Cannot prune \"shop\" in memory shop: no route to host. 1 of 3 backups were"
            + " removed; what was begun is finished by the next prune, and every backup that is"
            + " listed is whole.");
    // its manifest went first, so it is not listed, though its data is there
    assertThat(Shop.ids(backups.list()))
        .containsExactly(ids.get(0), ids.get(1), ids.get(2), ids.get(5));
    shop.assertAllListedGiveBackWhatWasLive(backups);
    backups.prune();
    shop.assertNothingIsLeftOver(backups);
  }

  @Test
  void aFullSinkCanBePrunedAndTheTombstonesComeAfter() {
    FaultySink sink = FaultySink.over(shop.memory)
        .failing(Call.PUT, 1, Moment.BEFORE, () -> new NoSpaceException("no space left", null));
    Backups full = shop.over(sink).retention(RetentionPolicy.keepLast(3)).build();
    assertThat(removed(full.prune())).isEqualTo(ids.subList(3, 6));
    assertThat(Shop.ids(backups.list())).isEqualTo(ids.subList(0, 3));
    assertThat(tombstones()).hasSize(3);
    shop.clock.advance(Duration.ofDays(1));
    backups.prune();
    assertThat(tombstones()).hasSize(1);
    assertThat(tombstones().get(0)).contains(ids.get(3).toString());
    assertThat(shop.warnings()).isEmpty();
    shop.assertNothingIsLeftOver(backups);
  }

  @Test
  void aSinkThatStaysFullIsPrunedAllTheSame() {
    FaultySink sink = FaultySink.over(shop.memory)
        .failingFrom(Call.PUT, 1, () -> new NoSpaceException("no space left", null));
    Backups full = shop.over(sink).build();
    full.delete(ids.get(5));
    assertThat(Shop.ids(backups.list())).isEqualTo(ids.subList(0, 5));
    assertThat(shop.warnings())
        .contains(ids.get(5) + ": was deleted, and the sink is too full to note that; the gap will"
            + " be told");
    shop.assertNothingIsLeftOver(backups);
  }

  @Test
  void tombstonesStayForADayAndWhileTheyExplainAGapAndGoAfter() {
    backups.prune();
    assertThat(tombstones()).hasSize(3);
    shop.clock.advance(Duration.ofDays(1));
    backups.prune();
    assertThat(tombstones()).hasSize(1);
    assertThat(tombstones().get(0)).contains(ids.get(3).toString());
    shop.events.clear();
    backups.list();
    assertThat(shop.warnings()).isEmpty();

    for (int i = 0; i < 3; i++) {
      shop.make(backups);
      shop.clock.advance(Duration.ofHours(1));
    }
    shop.clock.advance(Duration.ofDays(1));
    backups.prune();
    assertThat(tombstones()).hasSize(1);
    assertThat(tombstones().get(0)).contains(ids.get(0).toString());
    shop.assertNothingIsLeftOver(backups);
  }

  @Test
  void aDeleteObeysGuardsAndPinsUnlessForced() {
    backups.by("office").pin(ids.get(5), "for the audit");
    BackupException thrown = failure(() -> backups.delete(ids.get(5)));
    assertThat(thrown.kind()).isEqualTo(Kind.REFUSED);
    assertThat(thrown)
        .hasMessage("Cannot delete " + ids.get(5)
            + " of \"shop\" in memory shop: pinned by office: for the audit. Nothing was deleted."
            + " forceDelete(id, why) deletes it all the same.");
    thrown = failure(() -> backups.delete(ids.get(0)));
    assertThat(thrown)
        .hasMessage("Cannot delete " + ids.get(0)
            + " of \"shop\" in memory shop: the newest good one; one of the last 3 good ones."
            + " Nothing was deleted. forceDelete(id, why) deletes it all the same.");
    assertThat(thrown.details())
        .containsExactly("the newest good one", "one of the last 3 good ones");
    assertThat(Shop.ids(backups.list())).isEqualTo(ids);

    backups.delete(ids.get(4));
    backups.forceDelete(ids.get(5), "the audit is over");
    assertThat(Shop.ids(backups.list())).isEqualTo(ids.subList(0, 4));
    shop.assertNothingIsLeftOver(backups);

    thrown = failure(() -> backups.delete(ids.get(5)));
    assertThat(thrown.kind()).isEqualTo(Kind.NOT_FOUND);
    assertThat(thrown)
        .hasMessage("Cannot delete " + ids.get(5)
            + ": there is no such backup in \"shop\" in memory shop. Nothing was changed.");
  }

  @Test
  void aDeleteObeysKeepUntil() {
    Backup kept = backups.create(
        CreateRequest.of(Reason.MANUAL).keepUntil(shop.clock.instant().plus(Duration.ofDays(9))));
    shop.remember(kept.id(), shop.live());
    for (int i = 0; i < 4; i++) {
      shop.clock.advance(Duration.ofHours(1));
      shop.make(backups);
    }
    assertThat(failure(() -> backups.delete(kept.id())))
        .hasMessage("Cannot delete " + kept.id() + " of \"shop\" in memory shop: to be kept until "
            + kept.keepUntil().orElseThrow()
            + ". Nothing was deleted. forceDelete(id, why) deletes it all the same.");
    backups.prune();
    assertThat(Shop.ids(backups.list())).contains(kept.id());
    shop.clock.advance(Duration.ofDays(10));
    backups.delete(kept.id());
    assertThat(Shop.ids(backups.list())).doesNotContain(kept.id());
  }

  @Test
  void pinsAreSetAndAllTakenBackAtOnce() {
    backups.by("office").pin(ids.get(4), "for the audit");
    backups.pin(ids.get(4), "and for luck");
    assertThat(backups.find(ids.get(4)).orElseThrow().pins())
        .containsExactlyInAnyOrder(
            new Pin(shop.clock.instant(), "office", "for the audit"),
            new Pin(shop.clock.instant(), "", "and for luck"));
    backups.unpin(ids.get(4));
    backups.unpin(ids.get(4));
    assertThat(backups.find(ids.get(4)).orElseThrow().pins()).isEmpty();
    backups.delete(ids.get(4));
  }

  @Test
  void aPinWithALongReasonCanBeReadAgain() {
    backups.pin(ids.get(4), "x".repeat(100_000));
    assertThat(backups.find(ids.get(4)).orElseThrow().pins())
        .containsExactly(new Pin(shop.clock.instant(), "", "x".repeat(2000) + "…"));
  }

  @Test
  void whatAnotherHostMayStillBeWritingStaysForADay() {
    String id = "20260214T203000Z-manual-abcdefgh";
    Instants written = new Instants(shop, id);
    written.put("orders.doc.000001");
    shop.clock.advance(Duration.ofHours(23));
    backups.prune();
    assertThat(shop.names()).contains("shop/" + id + "/orders.doc.000001");
    written.put("orders.doc.000002"); // it is slow, but it goes on
    shop.clock.advance(Duration.ofHours(23));
    backups.prune();
    assertThat(shop.names()).contains("shop/" + id + "/orders.doc.000001");
    shop.clock.advance(Duration.ofHours(2));
    shop.events.clear();
    backups.prune();
    assertThat(shop.names()).noneMatch(name -> name.contains(id));
    assertThat(shop.warnings())
        .containsExactly(id + ": data without a manifest, older than 24 h, is removed");
  }

  @Test
  void whatTheStoreTellsNoTimeOfStays() {
    String id = "20260214T203000Z-manual-abcdefgh";
    new Instants(shop, id).put("orders.doc");
    shop.clock.advance(Duration.ofDays(400));
    shop.over(new Timeless(shop.memory)).build().prune();
    assertThat(shop.names()).contains("shop/" + id + "/orders.doc");
    backups.prune();
    assertThat(shop.names()).doesNotContain("shop/" + id + "/orders.doc");
  }

  /** A store that tells no times. */
  private static final class Timeless extends Through {
    Timeless(BackupSink sink) {
      super(sink);
    }

    @Override
    public List<StoredObject> list(String folder) throws IOException {
      return super.list(folder).stream()
          .map(stored -> new StoredObject(
              stored.name(), stored.size(), StoredObject.UNKNOWN_TIME, stored.attested()))
          .toList();
    }
  }

  @Test
  void aDayIsNotEnoughWhereBackupsTakeLonger() {
    shop.rewrite(
        ids.get(0),
        manifest -> manifest.replaceFirst("\"tookMillis\": [0-9]+", "\"tookMillis\": 72000000"));
    String id = "20260214T203000Z-manual-abcdefgh";
    new Instants(shop, id).put("orders.doc");
    shop.clock.advance(Duration.ofHours(40));
    backups.prune();
    assertThat(shop.names()).contains("shop/" + id + "/orders.doc");
    shop.clock.advance(Duration.ofHours(1));
    shop.events.clear();
    backups.prune();
    assertThat(shop.warnings())
        .containsExactly(id + ": data without a manifest, older than 40 h, is removed");
  }

  @Test
  void aSuspectOneHoldsWhatIsOlderAndMayItselfBeDeleted() {
    shop.rewrite(
        ids.get(0),
        manifest -> manifest.replace("\"state\": \"complete\"", "\"state\": \"suspect\""));
    assertThat(backups.list().get(0).state()).isEqualTo(State.SUSPECT);
    BackupException thrown = failure(() -> backups.delete(ids.get(5)));
    assertThat(thrown.kind()).isEqualTo(Kind.REFUSED);
    assertThat(thrown)
        .hasMessage(
            "Cannot delete " + ids.get(5) + " of \"shop\" in memory shop: older than the suspect "
                + ids.get(0)
                + ". Nothing was deleted. forceDelete(id, why) deletes it all the same.");
    backups.delete(ids.get(0));
    backups.delete(ids.get(5));
    assertThat(Shop.ids(backups.list())).isEqualTo(ids.subList(1, 5));
  }

  @Test
  void usageSumsUp() {
    backups.pin(ids.get(4), "for the audit");
    shop.clock.advance(Duration.ofHours(1));
    Backup other = backups.create(Reason.SCHEDULED);
    long each = Shop.PART + 1000L;
    Usage usage = backups.usage();
    assertThat(other.storedSize()).isEqualTo(each);
    assertThat(usage.total()).isEqualTo(7 * each);
    assertThat(usage.byReason()).isEqualTo(Map.of(Reason.MANUAL, 6 * each, Reason.SCHEDULED, each));
    assertThat(usage.byRule()).isEqualTo(Map.of("last", 3 * each, "pin", each, "none", 3 * each));
  }

  private List<String> tombstones() {
    return shop.names().stream().filter(name -> name.contains(".deleted-")).toList();
  }

  private static List<BackupId> removed(RetentionPlan plan) {
    return plan.removed().stream().map(decision -> decision.backup().id()).toList();
  }

  /** Parts of a backup whose manifest has not come yet. */
  private record Instants(Shop shop, String id) {
    void put(String name) {
      shop.put(ObjectName.of("shop/" + id + "/" + name), Shop.text(name));
    }
  }
}
