package dev.lifeboat;

import static dev.lifeboat.Shop.failure;
import static dev.lifeboat.Shop.noise;
import static dev.lifeboat.Shop.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lifeboat.BackupException.Kind;
import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.Depth;
import dev.lifeboat.catalog.Reason;
import dev.lifeboat.catalog.State;
import dev.lifeboat.sink.BackupSink;
import dev.lifeboat.sink.Content;
import dev.lifeboat.sink.NoSpaceException;
import dev.lifeboat.sink.ObjectName;
import dev.lifeboat.sink.StoredObject;
import dev.lifeboat.testkit.FaultySink;
import dev.lifeboat.testkit.FaultySink.Call;
import dev.lifeboat.testkit.FaultySink.Moment;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commit protocol against sinks that lie, fill up, vanish, and take what was not theirs. */
class CommitTest {
  private static final String UNTOUCHED = " Nothing was added; earlier backups are untouched.";
  private static final int PUTS = 4; // two parts, .auth, manifest

  @TempDir
  Path temp;

  private Shop shop;

  @BeforeEach
  void open() {
    shop = new Shop(temp.resolve("work"));
    shop.makeBackups(1);
    shop.nextContent();
  }

  @Test
  void aPutThatKeptNothingIsFoundWhicheverItWas() {
    for (int nth = 1; nth <= PUTS; nth++) {
      FaultySink sink = FaultySink.over(shop.memory).losingPut(nth);
      BackupException thrown = failure(() -> shop.over(sink).build().create(Reason.MANUAL));

      assertThat(thrown.kind()).isEqualTo(Kind.SINK);
      assertThat(withoutIds(thrown))
          .isEqualTo("Cannot back up \"shop\" in memory shop: " + nameOfPut(nth)
              + " was put, and is not there." + UNTOUCHED);
      assertOnlyTheFirstIsThere();
    }
  }

  @Test
  void aPutThatKeptHalfIsFoundWhicheverItWas() {
    for (int nth = 1; nth <= PUTS; nth++) {
      FaultySink sink = FaultySink.over(shop.memory).halvingPut(nth);
      BackupException thrown = failure(() -> shop.over(sink).build().create(Reason.MANUAL));

      assertThat(thrown.kind()).isEqualTo(Kind.SINK);
      assertThat(withoutIds(thrown))
          .startsWith("Cannot back up \"shop\" in memory shop: " + nameOfPut(nth) + " was sent as ")
          .contains(", and is stored as ")
          .endsWith("." + UNTOUCHED);
      assertOnlyTheFirstIsThere();
    }
  }

  @Test
  void aPutThatKeptOtherBytesIsFoundWhetherTheStoreAttestsOrNot() {
    for (boolean attesting : new boolean[] {true, false}) {
      for (int nth = 1; nth <= PUTS; nth++) {
        BackupSink sink = new ForgetfulSink(shop.memory, nth, attesting);
        BackupException thrown = failure(() -> shop.over(sink).build().create(Reason.MANUAL));

        assertThat(thrown.kind()).isEqualTo(Kind.SINK);
        assertThat(withoutIds(thrown))
            .startsWith(
                "Cannot back up \"shop\" in memory shop: " + nameOfPut(nth) + " was sent as ")
            .endsWith("." + UNTOUCHED);
        assertOnlyTheFirstIsThere();
      }
    }
  }

  @Test
  void aStoreThatListsOtherThanItTookIsNotBelieved() {
    record Case(String message, ListingSink.Change change) {}
    ObjectName stranger = ObjectName.of("shop/stranger.bin");
    for (Case one : List.of(
        new Case(
            "shop/ID/orders.doc.000002 was put, and is not listed",
            listed -> listed.removeIf(o -> o.name().value().endsWith(".000002"))),
        new Case(
            "shop/stranger.bin is listed, and was not put",
            listed ->
                listed.add(new StoredObject(stranger, 1, shop.clock.instant(), Optional.empty()))),
        new Case(
            "shop/ID/orders.doc.000001 is listed with 65535 bytes, and was put with 65536",
            listed -> listed.replaceAll(o -> o.name().value().endsWith(".000001")
                ? new StoredObject(o.name(), o.size() - 1, o.time(), o.attested())
                : o)))) {
      ListingSink sink = new ListingSink(shop.memory, one.change());
      BackupException thrown = failure(() -> shop.over(sink).build().create(Reason.MANUAL));
      assertThat(thrown.kind()).isEqualTo(Kind.SINK);
      assertThat(withoutIds(thrown))
          .isEqualTo("Cannot back up \"shop\" in memory shop: " + one.message() + "." + UNTOUCHED);
      // what that listing hid from the clean-up as well is settled once the store tells the truth
      shop.make(shop.backups());
      shop.backups().prune();
      shop.clock.advance(Duration.ofDays(2));
      shop.backups().prune();
      shop.assertNothingIsLeftOver(shop.backups());
      shop.nextContent();
    }
  }

  @Test
  void whatSomebodyElsePutsIntoTheFolderIsToldAndLeftAlone() {
    for (String stray :
        List.of("desktop.ini", "Thumbs.db", "sub/orders.doc.000001", "ordersx.doc")) {
      Backup before = shop.backups().list().get(0);
      ListingSink sink =
          new ListingSink(shop.memory, listed -> listed.add(stray(folder(listed) + stray)));
      shop.events.clear();
      BackupId id = shop.make(shop.over(sink).build()).id();
      assertThat(shop.warnings())
          .containsExactly(id + ": shop/" + id + "/" + stray
              + " is there, and is none of ours; it is left alone");
      shop.put(ObjectName.of("shop/" + id + "/" + stray), text("x"));
      for (Depth depth : Depth.values()) {
        shop.events.clear();
        shop.backups().verify(id, depth);
        assertThat(shop.warnings())
            .containsExactly(id + ": shop/" + id + "/" + stray
                + " is there, and is none of ours; it is left alone");
      }
      assertThat(shop.backups().list()).contains(before).allMatch(b -> b.state().isGood());
      shop.clock.advance(Duration.ofHours(1));
      shop.nextContent();
    }
  }

  @Test
  void whatLooksLikeOursAndWasNotPutIsRefused() {
    for (String ours :
        List.of("orders.doc.000003", "orders.doc", "orders", "keys.json", "keys.7.json")) {
      ListingSink sink =
          new ListingSink(shop.memory, listed -> listed.add(stray(folder(listed) + ours)));
      BackupException thrown = failure(() -> shop.over(sink).build().create(Reason.MANUAL));
      assertThat(thrown.kind()).isEqualTo(Kind.SINK);
      assertThat(withoutIds(thrown))
          .isEqualTo("Cannot back up \"shop\" in memory shop: shop/ID/" + ours
              + " is listed, and was not put." + UNTOUCHED);
      assertOnlyTheFirstIsThere();
    }
  }

  private static String folder(List<StoredObject> listed) {
    String first = listed.get(0).name().value();
    return first.substring(0, first.lastIndexOf('/') + 1);
  }

  private StoredObject stray(String name) {
    return new StoredObject(ObjectName.of(name), 1, shop.clock.instant(), Optional.empty());
  }

  @Test
  void aFullSinkIsNeverBlamedOnTheSource() {
    for (int nth = 1; nth <= PUTS; nth++) {
      FaultySink sink = FaultySink.over(shop.memory)
          .failing(Call.PUT, nth, Moment.BEFORE, () -> new NoSpaceException("quota used up", null));
      BackupException thrown = failure(() -> shop.over(sink).build().create(Reason.MANUAL));
      assertThat(thrown.kind()).isEqualTo(Kind.NO_SPACE);
      assertThat(thrown)
          .hasMessage("Cannot back up \"shop\" in memory shop: quota used up." + UNTOUCHED);
      assertOnlyTheFirstIsThere();
    }
  }

  @Test
  void aFullSinkIsNotBlamedOnAnOptionalSourceEither() {
    Documents uploads = new Documents("uploads", noise(1_000_000, 5));
    FaultySink sink = FaultySink.over(shop.memory)
        .failingFrom(Call.PUT, 5, () -> new NoSpaceException("quota used up", null));
    BackupException thrown =
        failure(() -> shop.over(sink).optionalSource(uploads).build().create(Reason.MANUAL));
    assertThat(thrown.kind()).isEqualTo(Kind.NO_SPACE);
    assertOnlyTheFirstIsThere();
  }

  @Test
  void anotherBackupOfTheSameIdIsNotHarmed() throws IOException {
    StealingSink sink = new StealingSink(shop.memory);
    BackupException thrown = failure(() -> shop.over(sink).build().create(Reason.MANUAL));
    assertThat(thrown.kind()).isEqualTo(Kind.SINK);
    assertThat(withoutIds(thrown))
        .isEqualTo("Cannot back up \"shop\" in memory shop: shop/ID/orders.doc.000001 is there"
            + " already (kept already in memory shop, and stays as it was)." + UNTOUCHED);
    for (ObjectName theirs : sink.theirs) {
      assertThat(shop.get(theirs)).isEqualTo(text("theirs"));
    }
    assertThat(sink.theirs).hasSize(3);
  }

  @Test
  void aStoreThatLetsNobodyDeleteDoesNotKeepBackupsFromBeingMade() {
    FaultySink sink = FaultySink.over(shop.memory)
        .failing(Call.PUT, 3, Moment.BEFORE, () -> new NoSpaceException("full", null))
        .failingFrom(Call.DELETE, 1, () -> new AccessDeniedException("x", null, "object lock"));
    Backups backups = shop.over(sink).build();
    failure(() -> backups.create(Reason.MANUAL));
    shop.events.clear();
    shop.clock.advance(Duration.ofHours(1));
    Backup backup = shop.make(backups);

    assertThat(backup.state()).isEqualTo(State.COMPLETE);
    assertThat(shop.warnings())
        .anyMatch(
            warning -> warning.contains(
                "what an earlier run left could not be removed yet: x is not accessible (object lock)"));
    // however old it is: who has the turn is about to settle it
    shop.clock.advance(Duration.ofDays(3));
    backups.prune();
    assertThat(shop.names()).anyMatch(name -> name.endsWith("/orders.doc.000001"));
    shop.backups().prune();
    shop.assertNothingIsLeftOver(shop.backups());
  }

  @Test
  void anInterruptEndsItWithTheFlagSetAndNothingLeft() throws Exception {
    for (int nth = 1; nth <= PUTS; nth++) {
      CountDownLatch reached = new CountDownLatch(1);
      FaultySink sink =
          FaultySink.over(shop.memory).holding(Call.PUT, nth, reached, new CountDownLatch(1));
      List<BackupException> thrown = new CopyOnWriteArrayList<>();
      AtomicReference<Boolean> flag = new AtomicReference<>(false);
      Backups backups = shop.over(sink).build();
      Thread thread = new Thread(() -> {
        thrown.add(failure(() -> backups.create(Reason.MANUAL)));
        flag.set(Thread.currentThread().isInterrupted());
      });
      thread.start();
      reached.await();
      thread.interrupt();
      thread.join();

      assertThat(thrown).as("put %s", nth).hasSize(1);
      assertThat(thrown.get(0).kind()).as("put %s", nth).isEqualTo(Kind.INTERRUPTED);
      assertThat(thrown.get(0))
          .hasMessage("Cannot back up \"shop\" in memory shop: interrupted." + UNTOUCHED);
      assertThat(flag.get()).isTrue();
      assertOnlyTheFirstIsThere();
    }
  }

  @Test
  void anOutOfMemoryErrorInAWorkerIsPassedOnAndLeavesNothing() {
    for (int nth = 1; nth <= PUTS; nth++) {
      FaultySink sink = FaultySink.over(shop.memory)
          .failing(Call.PUT, nth, Moment.BEFORE, () -> new OutOfMemoryError("no heap"));
      assertThatThrownBy(() -> shop.over(sink).build().create(Reason.MANUAL))
          .isInstanceOf(OutOfMemoryError.class)
          .hasMessage("no heap");
      assertOnlyTheFirstIsThere();
    }
  }

  @Test
  void aHalfManifestThatCouldNotBeRemovedNeitherCountsNorGoesUnsaid() {
    FaultySink sink = FaultySink.over(shop.memory)
        .halvingPut(PUTS)
        .failingFrom(Call.DELETE, 1, () -> new AccessDeniedException("x", null, "object lock"));
    failure(() -> shop.over(sink).build().create(Reason.MANUAL));
    shop.events.clear();
    shop.clock.advance(Duration.ofHours(1));
    shop.make(shop.backups());

    assertThat(shop.warnings())
        .anyMatch(warning -> warning.endsWith(
            " was deleted, and its manifest is still or again there; it does not count"));
    assertThat(shop.backups().list()).hasSize(2);
    shop.backups().prune();
    shop.assertNothingIsLeftOver(shop.backups());
  }

  @Test
  void theGuideIsPutLaterIfItCouldNotBePutAtOnce() {
    Shop other = new Shop(temp.resolve("other"));
    FaultySink sink = FaultySink.over(other.memory)
        .failing(Call.PUT, 2, Moment.BEFORE, () -> new NoSpaceException("full", null));
    failure(() -> other.over(sink).build().create(Reason.MANUAL));
    assertThat(other.names()).containsExactly("shop/series.json");
    assertThat(other.backups().list()).isEmpty();

    other.make(other.backups());
    assertThat(other.names()).contains("shop/RECOVERY.txt");
    other.assertNothingIsLeftOver(other.backups());
  }

  private void assertOnlyTheFirstIsThere() {
    assertThat(shop.backups().list()).hasSize(1);
    shop.assertAllListedGiveBackWhatWasLive(shop.backups());
    shop.assertNothingIsLeftOver(shop.backups());
  }

  private static String nameOfPut(int nth) {
    return switch (nth) {
      case 1, 2 -> "shop/ID/orders.doc.00000N";
      case 3 -> "shop/catalog/ID.auth";
      default -> "shop/catalog/ID.json";
    };
  }

  private static String withoutIds(BackupException thrown) {
    String text = String.valueOf(thrown.getMessage())
        .replaceAll("[0-9]{8}T[0-9]{6}Z-manual-[a-z2-7]{8}", "ID");
    return text.contains(" was put, and is not there") || text.contains(" was sent as ")
        ? text.replaceAll("00000[12]", "00000N")
        : text;
  }

  /** Keeps other bytes of the same length at its n-th put. */
  private static final class ForgetfulSink extends Through {
    private final int nth;
    private final boolean attesting;
    private int puts;

    ForgetfulSink(BackupSink sink, int nth, boolean attesting) {
      super(sink);
      this.nth = nth;
      this.attesting = attesting;
    }

    @Override
    public synchronized StoredObject put(ObjectName name, Content content) throws IOException {
      if (++puts != nth) {
        return sink.put(name, content);
      }
      byte[] bytes;
      try (InputStream in = content.open()) {
        bytes = in.readAllBytes();
      }
      bytes[bytes.length / 2] ^= 0x20;
      StoredObject stored = sink.put(name, Content.of(bytes));
      return attesting
          ? stored
          : new StoredObject(name, bytes.length, stored.time(), Optional.empty());
    }
  }

  /** Lists the folder of a backup otherwise than it is. */
  private static final class ListingSink extends Through {
    private final Change change;

    interface Change {
      void to(List<StoredObject> listed);
    }

    ListingSink(BackupSink sink, Change change) {
      super(sink);
      this.change = change;
    }

    @Override
    public List<StoredObject> list(String folder) throws IOException {
      List<StoredObject> listed = new ArrayList<>(sink.list(folder));
      if (folder.startsWith("shop/2")) {
        change.to(listed);
      }
      return listed;
    }
  }

  /** At the first part, somebody else has a whole backup of this id. */
  private static final class StealingSink extends Through {
    final List<ObjectName> theirs = new ArrayList<>();

    StealingSink(BackupSink sink) {
      super(sink);
    }

    @Override
    public synchronized StoredObject put(ObjectName name, Content content) throws IOException {
      if (theirs.isEmpty() && name.value().startsWith("shop/2")) {
        String id = name.value().split("/", -1)[1];
        for (String taken : List.of(
            "shop/" + id + "/orders.doc.000001",
            "shop/catalog/" + id + ".auth",
            "shop/catalog/" + id + ".json")) {
          theirs.add(sink.put(ObjectName.of(taken), Content.of(text("theirs"))).name());
        }
      }
      return sink.put(name, content);
    }
  }

  @Test
  void aCreateAsksTheSinkNoMoreThanItMust() {
    // a create over a series of one backup asks the sink this often, and no more
    shop.backups().list();
    FaultySink sink = FaultySink.over(shop.memory);
    shop.over(sink).build().create(Reason.MANUAL);
    assertThat(sink.calls(Call.OPEN))
        .isEqualTo(1); // series.json; the manifest comes from the cache
    assertThat(sink.calls(Call.LIST)).isEqualTo(2); // the catalogue, and the folder once more
    assertThat(sink.calls(Call.PUT)).isEqualTo(PUTS);
    assertThat(sink.calls(Call.DELETE)).isZero();
  }
}
