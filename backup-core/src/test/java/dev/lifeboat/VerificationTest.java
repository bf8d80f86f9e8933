package dev.lifeboat;

import static dev.lifeboat.Shop.failure;
import static dev.lifeboat.Shop.noise;
import static dev.lifeboat.Shop.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeboat.BackupException.Kind;
import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.Copy;
import dev.lifeboat.catalog.Depth;
import dev.lifeboat.catalog.Part;
import dev.lifeboat.catalog.Proof;
import dev.lifeboat.catalog.Reason;
import dev.lifeboat.catalog.State;
import dev.lifeboat.codec.Compression;
import dev.lifeboat.sink.Digest;
import dev.lifeboat.sink.NoSpaceException;
import dev.lifeboat.sink.ObjectName;
import dev.lifeboat.testkit.FaultySink;
import dev.lifeboat.testkit.FaultySink.Call;
import dev.lifeboat.testkit.FaultySink.Moment;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever is changed in what lies there is found, named and marked. */
class VerificationTest {
  @TempDir
  Path temp;

  private Shop shop;
  private Backups backups;
  private BackupId id;
  private BackupId older;
  private List<Part> orders = List.of();
  private List<Part> uploads = List.of();
  private final Documents files = new Documents("uploads", noise(Shop.PART + 300, 8));

  @BeforeEach
  void open() {
    shop = new Shop(temp.resolve("work"));
    backups = shop.over(shop.memory).source(files).build();
    shop.orders.live = noise(Shop.PART + 300, 6);
    older = backups.create(Reason.MANUAL).id();
    shop.clock.advance(Duration.ofHours(1));
    shop.orders.live = noise(Shop.PART + 300, 7);
    Backup backup = backups.create(Reason.MANUAL);
    id = backup.id();
    orders = backup.manifest().component("orders").orElseThrow().parts();
    uploads = backup.manifest().component("uploads").orElseThrow().parts();
  }

  @ParameterizedTest
  @EnumSource
  void whatIsWholeIsProvenAndTheReceiptIsKept(Depth depth) {
    shop.clock.advance(Duration.ofMinutes(5));
    Proof proof = backups.verify(id, depth);
    assertThat(proof.depth()).isEqualTo(depth);
    assertThat(proof.at()).isEqualTo(shop.clock.instant());
    assertThat(proof.sink()).isEqualTo("memory shop");
    assertThat(backups.find(id).orElseThrow().proofs()).hasSize(2).contains(proof);
  }

  @Test
  void onlyTheNewestReceiptOfEachDepthIsKept() {
    List<Proof> newest = new ArrayList<>();
    for (int round = 0; round < 3; round++) {
      newest.clear();
      for (Depth depth : Depth.values()) {
        shop.clock.advance(Duration.ofMinutes(5));
        newest.add(backups.verify(id, depth));
      }
    }
    assertThat(shop.names()).filteredOn(name -> name.contains(".proof-")).hasSize(3);
    assertThat(backups.find(id).orElseThrow().proofs()).hasSize(4).containsAll(newest);
  }

  @ParameterizedTest
  @EnumSource
  void aChangedByteIsFoundAndItsObjectNamed(Depth depth) {
    int step = Integer.getInteger("loops", 1) > 1 ? 1 : 251;
    for (Part part : List.of(orders.get(1), uploads.get(1))) {
      byte[] bytes = shop.get(part.name());
      for (int at = 0; at < bytes.length; at += step) {
        byte[] flipped = bytes.clone();
        flipped[at] ^= 4;
        shop.replace(part.name(), flipped);
        String component = part.name().last().startsWith("orders.") ? "orders" : "uploads";
        assertDamaged(
            depth,
            component + ": " + part.name() + " is " + Digest.of(flipped) + ", and must be "
                + part.stored());
      }
      shop.replace(part.name(), bytes);
    }
    backups.verify(id, Depth.CONTENT);
    assertThat(backups.find(id).orElseThrow().state()).isEqualTo(State.COMPLETE);
  }

  @ParameterizedTest
  @EnumSource
  void aCutOrLengthenedObjectIsFound(Depth depth) {
    Part part = orders.get(1);
    byte[] bytes = shop.get(part.name());
    for (int length : new int[] {0, 1, 299, 301, 1000}) {
      shop.replace(part.name(), Arrays.copyOf(bytes, length));
      assertDamaged(
          depth, "orders: " + part.name() + " has " + length + " bytes, and must have 300");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aMissingObjectIsFound(Depth depth) {
    shop.memory.delete(orders.get(0).name());
    assertDamaged(depth, "orders: " + orders.get(0).name() + " is missing");
  }

  @ParameterizedTest
  @EnumSource
  void anObjectTooManyIsFound(Depth depth) {
    ObjectName extra = ObjectName.of("shop/" + id + "/orders.doc.000003");
    shop.put(extra, text("x"));
    assertDamaged(depth, extra + " is there, and the manifest does not name it");
  }

  @ParameterizedTest
  @EnumSource
  void objectsThatTookEachOthersPlaceAreFound(Depth depth) {
    for (ObjectName other : List.of(
        uploads.get(1).name(),
        ObjectName.of(orders.get(1).name().value().replace(id.toString(), older.toString())))) {
      Part part = orders.get(1);
      byte[] mine = shop.get(part.name());
      byte[] theirs = shop.get(other);
      shop.replace(part.name(), theirs);
      assertDamaged(
          depth,
          "orders: " + part.name() + " is " + Digest.of(theirs) + ", and must be " + part.stored());
      shop.replace(part.name(), mine);
    }
  }

  @Test
  void everyFindingIsInTheDetailsAndTheMarkIsReplacedNotMultiplied() {
    shop.memory.delete(orders.get(0).name());
    shop.memory.delete(uploads.get(1).name());
    for (int i = 0; i < 3; i++) {
      BackupException thrown = failure(() -> backups.verify(id, Depth.CONTENT));
      assertThat(thrown)
          .hasMessage("Backup " + id + " of \"shop\" in memory shop is damaged: orders: "
              + orders.get(0).name() + " is missing (and 1 more). It is marked as damaged and does"
              + " not count any more.");
      assertThat(thrown.details())
          .containsExactly(
              "orders: " + orders.get(0).name() + " is missing",
              "uploads: " + uploads.get(1).name() + " is missing");
    }
    Backup backup = backups.find(id).orElseThrow();
    assertThat(backup.state()).isEqualTo(State.DAMAGED);
    assertThat(backup.copies())
        .containsExactly(new Copy(
            "memory shop",
            Copy.State.DAMAGED,
            "orders: " + orders.get(0).name() + " is missing; uploads: "
                + uploads.get(1).name() + " is missing"));
    assertThat(shop.names()).filteredOn(name -> name.contains(".damage-")).hasSize(1);
    assertThat(backups.latest().orElseThrow().id()).isEqualTo(older);
  }

  @Test
  void theMarkIsTakenBackByContentNotBySizesAlone() {
    byte[] bytes = shop.get(orders.get(0).name());
    shop.memory.delete(orders.get(0).name());
    failure(() -> backups.verify(id, Depth.STORED));
    shop.put(orders.get(0).name(), bytes);

    backups.verify(id, Depth.STORED);
    assertThat(backups.find(id).orElseThrow().state()).isEqualTo(State.DAMAGED);
    backups.verify(id, Depth.CONTENT);
    assertThat(backups.find(id).orElseThrow().state()).isEqualTo(State.COMPLETE);
    assertThat(shop.names()).noneMatch(name -> name.contains(".damage-"));
  }

  @Test
  void aDamageThatCannotBeMarkedIsSaid() {
    shop.memory.delete(orders.get(0).name());
    FaultySink sink = FaultySink.over(shop.memory)
        .failingFrom(Call.PUT, 1, () -> new NoSpaceException("full", null));
    BackupException thrown = failure(() -> shop.over(sink).build().verify(id, Depth.STORED));
    assertThat(thrown)
        .hasMessage("Backup " + id + " of \"shop\" in memory shop is damaged: orders: "
            + orders.get(0).name() + " is missing. It could not be marked as damaged, so it still"
            + " counts.");
  }

  @ParameterizedTest
  @EnumSource(names = {"CONTENT", "DRILL"})
  void whatTheStoreAttestsAndDoesNotDeliverIsFoundAndNamed(Depth depth) {
    FaultySink sink = FaultySink.over(shop.memory)
        .corrupting(name -> name.equals(orders.get(1).name()));
    byte[] delivered = shop.get(orders.get(1).name());
    delivered[0] ^= 1;
    BackupException thrown = failure(() -> shop.over(sink).source(files).build().verify(id, depth));
    assertThat(thrown.details()).hasSize(1);
    assertThat(thrown.details().get(0))
        .startsWith("orders: " + orders.get(1).name() + " is 300 bytes, SHA-256 ")
        .endsWith(", and must be " + orders.get(1).stored());
  }

  @ParameterizedTest
  @EnumSource(names = {"CONTENT", "DRILL"})
  void damageUnderACodecIsNamedByItsObject(Depth depth) {
    shop.clock.advance(Duration.ofHours(1));
    Backups packing = Backups.builder("shop")
        .source(shop.orders)
        .sink(shop.memory)
        .compression(Compression.zstd())
        .workDirectory(temp.resolve("work"))
        .clock(shop.clock)
        .build();
    Backup backup = packing.create(Reason.MANUAL);
    Part part = backup.manifest().components().get(0).parts().get(0);
    byte[] bytes = shop.get(part.name());
    bytes[bytes.length / 3] ^= 1;
    shop.replace(part.name(), bytes);
    BackupException thrown = failure(() -> packing.verify(backup.id(), depth));
    assertThat(thrown.kind()).isEqualTo(Kind.DAMAGED);
    assertThat(thrown.details())
        .containsExactly("orders: " + part.name() + " is " + Digest.of(bytes) + ", and must be "
            + part.stored());
  }

  @ParameterizedTest
  @EnumSource
  void aDamagedManifestIsADamagedBackup(Depth depth) {
    for (ObjectName name : List.of(Shop.manifest(id), Shop.authentication(id))) {
      byte[] bytes = shop.get(name);
      for (int at = 0; at < bytes.length; at += 97) {
        byte[] flipped = bytes.clone();
        flipped[at] ^= 1;
        shop.replace(name, flipped);
        BackupException thrown = failure(() -> backups.verify(id, depth));
        assertThat(thrown.kind()).as("byte %s of %s", at, name).isEqualTo(Kind.DAMAGED);
        assertThat(thrown.details()).hasSize(1);
        assertThat(thrown.details().get(0)).startsWith("shop/catalog/" + id);
      }
      shop.replace(name, bytes);
    }
    backups.verify(id, Depth.CONTENT);
    assertThat(backups.find(id).orElseThrow().state()).isEqualTo(State.COMPLETE);
  }

  @Test
  void aStoreThatDoesNotAnswerIsNoDamage() {
    FaultySink sink = FaultySink.over(shop.memory)
        .failingFrom(Call.OPEN, 4, () -> new IOException("connection reset"));
    BackupException thrown = failure(() -> shop.over(sink).build().verify(id, Depth.CONTENT));
    assertThat(thrown.kind()).isEqualTo(Kind.SINK);
    assertThat(thrown)
        .hasMessage("Cannot verify " + id
            + " of \"shop\" in memory shop: connection reset. Nothing was found out.");
    assertThat(backups.find(id).orElseThrow().state()).isEqualTo(State.COMPLETE);
  }

  @Test
  void anAbsenceThatIsNotTrueIsNoDamage() {
    String part = orders.get(0).name().value();
    backups.verify(id, Depth.CONTENT);
    FaultySink dry = FaultySink.over(shop.memory);
    shop.over(dry).source(files).build().verify(id, Depth.CONTENT);
    List<String> opened =
        dry.history().stream().filter(call -> call.startsWith("OPEN")).toList();
    int nth = opened.indexOf("OPEN " + part) + 1;
    FaultySink sink = FaultySink.over(shop.memory)
        .failing(Call.OPEN, nth, Moment.BEFORE, () -> new NoSuchFileException(part, null, "404"));
    BackupException thrown =
        failure(() -> shop.over(sink).source(files).build().verify(id, Depth.CONTENT));
    assertThat(thrown.kind()).isEqualTo(Kind.SINK);
    assertThat(thrown)
        .hasMessage("Cannot verify " + id + " of \"shop\" in memory shop: " + part
            + " is missing, and a moment later it was there. Nothing was found out.");
    assertThat(backups.find(id).orElseThrow().state()).isEqualTo(State.COMPLETE);
  }

  @Test
  void aDrillThatFindsOtherFactsProvesNothingAndMarksNothing() {
    shop.orders.rows = 7;
    BackupException thrown = failure(() -> backups.verify(id, Depth.DRILL));
    assertThat(thrown.kind()).isEqualTo(Kind.UNPROVEN);
    assertThat(thrown)
        .hasMessage(
            "Backup " + id + " of \"shop\" in memory shop is stored as it was written, but did"
                + " not stand the drill: orders: rows: recorded 1, found 7. Nothing was changed.");
    assertThat(thrown.details()).containsExactly("orders: rows: recorded 1, found 7");
    assertThat(backups.find(id).orElseThrow().proofs()).hasSize(1);
    assertThat(shop.names()).noneMatch(name -> name.contains(".damage-"));
    assertThat(temp.resolve("work/staging")).isEmptyDirectory();
  }

  @Test
  void aDrillWhoseCheckFailsProvesNothing() {
    shop.orders.failCheck = new IOException("order 17 is missing");
    BackupException thrown = failure(() -> backups.verify(id, Depth.DRILL));
    assertThat(thrown.kind()).isEqualTo(Kind.UNPROVEN);
    assertThat(thrown.details()).containsExactly("orders: order 17 is missing");
  }

  @Test
  void aTargetThatFailsInADrillIsNotBlamedOnTheWorkDirectory() {
    shop.orders.failStage = new IOException("no memory for the index");
    BackupException thrown = failure(() -> backups.verify(id, Depth.DRILL));
    assertThat(thrown.kind()).isEqualTo(Kind.WORK);
    assertThat(thrown)
        .hasMessage("Cannot drill " + id + " of \"shop\" in memory shop: it could not be staged in "
            + temp.resolve("work/staging/" + id)
            + ": no memory for the index. Nothing was found out.");
  }

  @Test
  void aDrillNeedsASourceThatCouldCheckIt() {
    Backups monitor = Backups.builder("shop")
        .sink(shop.memory)
        .workDirectory(temp.resolve("monitor"))
        .build();
    BackupException thrown = failure(() -> monitor.verify(id, Depth.DRILL));
    assertThat(thrown.kind()).isEqualTo(Kind.REFUSED);
    assertThat(thrown)
        .hasMessage(
            "Cannot drill " + id + " of \"shop\" in memory shop: there is no source \"orders\""
                + " here that could check it. Nothing was done.");
    assertThat(monitor.verify(id, Depth.CONTENT).depth()).isEqualTo(Depth.CONTENT);
  }

  @Test
  void anIncompleteOneIsProvenForWhatItHolds() {
    shop.clock.advance(Duration.ofHours(1));
    BackupId half =
        backups.create(CreateRequest.of(Reason.MANUAL).only("orders")).id();
    for (Depth depth : Depth.values()) {
      assertThat(backups.verify(half, depth).depth()).isEqualTo(depth);
    }
  }

  @Test
  void whatIsNotThereIsNotFound() {
    BackupId none = BackupId.parse("20200101T000000Z-manual-aaaaaaaa");
    BackupException thrown = failure(() -> backups.verify(none, Depth.STORED));
    assertThat(thrown.kind()).isEqualTo(Kind.NOT_FOUND);
    assertThat(thrown)
        .hasMessage("Cannot verify " + none
            + ": there is no such backup in \"shop\" in memory shop. Nothing was found out.");
  }

  private void assertDamaged(Depth depth, String finding) {
    BackupException thrown = failure(() -> backups.verify(id, depth));
    assertThat(thrown.kind()).isEqualTo(Kind.DAMAGED);
    assertThat(thrown.details()).containsExactly(finding);
    assertThat(thrown)
        .hasMessage("Backup " + id + " of \"shop\" in memory shop is damaged: " + finding
            + ". It is marked as damaged and does not count any more.");
  }
}
