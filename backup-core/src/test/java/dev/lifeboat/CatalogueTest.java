package dev.lifeboat;

import static dev.lifeboat.Shop.failure;
import static dev.lifeboat.Shop.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lifeboat.BackupException.Kind;
import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.Copy;
import dev.lifeboat.catalog.Depth;
import dev.lifeboat.catalog.Pin;
import dev.lifeboat.catalog.Proof;
import dev.lifeboat.catalog.Reason;
import dev.lifeboat.catalog.State;
import dev.lifeboat.sink.Digest;
import dev.lifeboat.sink.ObjectName;
import dev.lifeboat.sink.Sinks;
import dev.lifeboat.testkit.FaultySink;
import dev.lifeboat.testkit.FaultySink.Call;
import dev.lifeboat.testkit.FaultySink.Moment;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a listing shows when caches, manifests, marks and the store itself are not as they should be. */
class CatalogueTest {
  @TempDir
  Path temp;

  private Shop shop;
  private List<Backup> made = List.of();

  @BeforeEach
  void open() {
    shop = new Shop(temp.resolve("work"));
    shop.makeBackups(3);
    made = shop.backups().list();
    shop.events.clear();
  }

  private BackupId id(int index) {
    return made.get(index).id();
  }

  @Test
  void whatWasReadOnceIsNotFetchedAgain() {
    FaultySink sink = FaultySink.over(shop.memory);
    Backups backups = shop.over(sink).build();
    assertThat(backups.list()).isEqualTo(made);
    assertThat(sink.calls(Call.OPEN)).isEqualTo(1); // series.json
    assertThat(sink.calls(Call.LIST)).isEqualTo(1);
  }

  @Test
  void aPinThatMayNotBeReadHolds() {
    BackupId oldest = id(2);
    shop.backups().pin(oldest, "for the audit");
    FaultySink sink = FaultySink.over(shop.memory)
        .failing( // after series.json, its manifest and what proves it
            Call.OPEN, 4, Moment.BEFORE, () -> new AccessDeniedException("a pin of root"));
    shop.events.clear();
    List<Backup> listed = shop.over(sink, temp.resolve("another")).build().list();
    assertThat(listed).hasSize(3);
    assertThat(listed.get(2).pins())
        .containsExactly(new Pin(oldest.time(), "", "a pin that cannot be read"));
    assertThat(listed.get(2).state().isGood()).isTrue();
    assertThat(shop.warnings()).hasSize(1);
    assertThat(shop.warnings().get(0))
        .startsWith("catalogue: shop/catalog/" + oldest + ".pin-")
        .endsWith(".json cannot be read: a pin of root is not accessible");
    FaultySink gone = FaultySink.over(shop.memory)
        .failingFrom(Call.OPEN, 4, () -> new IOException("the store is gone"));
    BackupException thrown =
        failure(() -> shop.over(gone, temp.resolve("a third")).build().list());
    assertThat(thrown.kind()).isEqualTo(Kind.SINK); // what fails is not what may not be read
  }

  @Test
  void aLostCacheIsRebuilt() throws IOException {
    Path cache = temp.resolve("work/cache");
    List<Path> files = files(cache);
    assertThat(files).hasSize(2 * 3 + 1); // manifests, what proves them, and which is the newest
    for (Path file : files) {
      Files.delete(file);
    }
    FaultySink sink = FaultySink.over(shop.memory);
    assertThat(shop.over(sink).build().list()).isEqualTo(made);
    assertThat(sink.calls(Call.OPEN)).isEqualTo(1 + 2 * 3);
    assertThat(files(cache)).hasSize(2 * 3 + 1);
  }

  @Test
  void aManifestThatThisUserMayNotReadStopsNeitherLooksNorBackups() throws IOException {
    for (Path file : files(temp.resolve("work/cache"))) {
      Files.delete(file);
    }
    // the first look is for series.json, the next for the oldest manifest
    FaultySink sink = FaultySink.over(shop.memory)
        .failing(
            Call.OPEN, 2, Moment.BEFORE, () -> new AccessDeniedException("a manifest of root"));
    assertThat(shop.over(sink).build().list()).isEqualTo(made.subList(0, 2));
    assertThat(shop.warnings())
        .containsExactly("catalogue: " + id(2)
            + " cannot be read and does not count: a manifest of root is not accessible");
  }

  @Test
  void manifestsOfWhichNoneMayBeReadAreNoEmptyList() throws IOException {
    for (Path file : files(temp.resolve("work/cache"))) {
      Files.delete(file);
    }
    FaultySink sink = FaultySink.over(shop.memory)
        .failingFrom(Call.OPEN, 2, () -> new AccessDeniedException("a manifest of root"));
    assertThatThrownBy(() -> shop.over(sink).build().list())
        .isInstanceOf(BackupException.class)
        .hasMessageContaining("a manifest of root is not accessible. Nothing was changed.");
  }

  @Test
  void aDamagedCacheIsNotUsedAndHealed() throws IOException {
    for (Path file : files(temp.resolve("work/cache"))) {
      byte[] bytes = Files.readAllBytes(file);
      bytes[bytes.length / 2] ^= 1;
      Files.write(file, bytes);
    }
    assertThat(shop.backups().list()).isEqualTo(made);
    FaultySink sink = FaultySink.over(shop.memory);
    assertThat(shop.over(sink).build().list()).isEqualTo(made);
    assertThat(sink.calls(Call.OPEN)).isEqualTo(1);
    assertThat(shop.warnings()).isEmpty();
  }

  @Test
  void aCacheThatHoldsAnotherBackupUnderThisNameIsNotUsed() throws IOException {
    byte[] other = sized(shop.get(Shop.manifest(id(1))), shop.get(Shop.manifest(id(0))).length);
    Path cache = temp.resolve("work/cache");
    for (Path file : files(cache)) {
      if (file.getFileName().toString().startsWith(id(0).toString())) {
        Files.delete(file);
      }
    }
    Files.write(cache.resolve(id(0) + ".json@" + Digest.of(other).sha256()), other);
    // the sink tells no digest, and the sizes are the same
    FaultySink sink = FaultySink.over(shop.memory).notAttesting();
    assertThat(shop.over(sink).build().list()).isEqualTo(made);
    assertThat(shop.warnings()).isEmpty();
  }

  /** The same manifest in so many bytes: how long a backup took, and so how many digits tell it, is up to the machine. */
  private static byte[] sized(byte[] manifest, int size) {
    String dense = new String(manifest, StandardCharsets.UTF_8).replaceAll("\n *", "");
    return text(dense + " ".repeat(size - dense.length()));
  }

  @Test
  void aCacheThatCannotBeWrittenIsNone() throws IOException {
    Path cache = temp.resolve("work/cache");
    for (Path file : files(cache)) {
      Files.delete(file);
    }
    Files.delete(cache);
    Files.write(cache, text("a file in its place"));
    assertThat(shop.backups().list()).isEqualTo(made);
    assertThat(shop.make(shop.backups()).state()).isEqualTo(State.COMPLETE);
  }

  @Test
  void aManifestCutAnywhereIsToldAndKeptWithItsData() {
    ObjectName name = Shop.manifest(id(2));
    byte[] manifest = shop.get(name);
    for (int length : new int[] {0, 1, manifest.length / 2, manifest.length - 1}) {
      shop.events.clear();
      byte[] cut = Arrays.copyOf(manifest, length);
      shop.replace(name, cut);
      String why =
          name + " is damaged: it is " + Digest.of(cut) + ", and must be " + Digest.of(manifest);

      assertThat(Shop.ids(shop.backups().list())).containsExactly(id(0), id(1));
      assertThat(shop.warnings())
          .containsExactly("catalogue: " + id(2) + " cannot be read and does not count: " + why);
      BackupException thrown = failure(() -> shop.backups().find(id(2)));
      assertThat(thrown.kind()).isEqualTo(Kind.DAMAGED);
      assertThat(thrown)
          .hasMessage("Cannot find " + id(2) + " in \"shop\" in memory shop: " + why
              + ". Nothing was changed.");

      List<String> before = shop.names();
      shop.clock.advance(Duration.ofDays(3));
      shop.backups().prune();
      assertThat(shop.names()).isEqualTo(before);
      thrown = failure(() -> shop.backups().delete(id(2)));
      assertThat(thrown.kind()).isEqualTo(Kind.REFUSED);
      assertThat(thrown)
          .hasMessage(
              "Cannot delete " + id(2) + " of \"shop\" in memory shop: it cannot be read, so"
                  + " nothing is known of pins. Nothing was deleted. forceDelete(id, why) deletes it"
                  + " all the same.");
    }
    shop.replace(name, manifest);
    assertThat(shop.backups().list()).isEqualTo(made);
  }

  @Test
  void aManifestWithoutItsProofIsToldAndDoesNotCount() {
    shop.memory.delete(Shop.authentication(id(0)));
    assertThat(Shop.ids(shop.backups().list())).containsExactly(id(1), id(2));
    assertThat(failure(() -> shop.backups().find(id(0))))
        .hasMessage("Cannot find " + id(0) + " in \"shop\" in memory shop: shop/catalog/" + id(0)
            + ".auth is missing: nothing proves the manifest. Nothing was changed.");
  }

  @Test
  void theManifestOfAnotherBackupUnderThisNameIsFound() {
    shop.replace(Shop.manifest(id(0)), shop.get(Shop.manifest(id(1))));
    shop.replace(Shop.authentication(id(0)), shop.get(Shop.authentication(id(1))));
    assertThat(Shop.ids(shop.backups().list())).containsExactly(id(1), id(2));
    assertThat(failure(() -> shop.backups().find(id(0))))
        .hasMessage("Cannot find " + id(0) + " in \"shop\" in memory shop: shop/catalog/" + id(0)
            + ".json is the manifest of another backup, shop/" + id(1)
            + ". Nothing was changed.");
  }

  @Test
  void theManifestOfAnotherSeriesIsFound() {
    Backups other = Backups.builder("club")
        .source(new Documents("orders", text("x")))
        .sink(shop.memory)
        .workDirectory(temp.resolve("club"))
        .clock(shop.clock)
        .build();
    BackupId theirs = other.create(Reason.MANUAL).id();
    shop.put(Shop.manifest(theirs), shop.get(ObjectName.of("club/catalog/" + theirs + ".json")));
    shop.put(
        Shop.authentication(theirs), shop.get(ObjectName.of("club/catalog/" + theirs + ".auth")));

    assertThat(shop.backups().list()).isEqualTo(made);
    assertThat(failure(() -> shop.backups().find(theirs)))
        .hasMessage("Cannot find " + theirs + " in \"shop\" in memory shop: shop/catalog/" + theirs
            + ".json is the manifest of another backup, club/" + theirs
            + ". Nothing was changed.");
  }

  @Test
  void aManifestOfAFormatToComeIsRefusedNotDamaged() {
    shop.rewrite(id(0), manifest -> manifest.replace("\"format\": 1", "\"format\": 2"));
    String writer = made.get(0).manifest().writer();
    String why =
        "manifest format 2, written by " + writer + ": needs a newer version of Lifeboat than this";

    assertThat(Shop.ids(shop.backups().list())).containsExactly(id(1), id(2));
    BackupException thrown = failure(() -> shop.backups().find(id(0)));
    assertThat(thrown.kind()).isEqualTo(Kind.REFUSED);
    assertThat(thrown)
        .hasMessage("Cannot find " + id(0) + " in \"shop\" in memory shop: " + why
            + ". Nothing was changed.");
    thrown = failure(() -> shop.backups().verify(id(0), Depth.CONTENT));
    assertThat(thrown.kind()).isEqualTo(Kind.REFUSED);
    assertThat(thrown)
        .hasMessage("Cannot verify " + id(0) + " of \"shop\" in memory shop: " + why
            + ". Nothing was found out.");
    thrown = failure(() -> shop.backups().restore(id(0)));
    assertThat(thrown.kind()).isEqualTo(Kind.REFUSED);
    List<String> before = shop.names();
    shop.clock.advance(Duration.ofDays(3));
    shop.backups().prune();
    assertThat(shop.names()).isEqualTo(before);
  }

  @Test
  void aListingErrorIsNeverAnEmptyList() {
    for (Call call : List.of(Call.LIST, Call.OPEN)) {
      FaultySink sink =
          FaultySink.over(shop.memory).failingFrom(call, 1, () -> new IOException("cut"));
      Backups backups = shop.over(sink, temp.resolve("fresh-" + call)).build();
      for (Runnable verb : List.<Runnable>of(
          backups::list, backups::latest, backups::usage, backups::planPrune, backups::prune)) {
        BackupException thrown = failure(verb);
        assertThat(thrown.kind()).isEqualTo(Kind.SINK);
        assertThat(thrown.getMessage())
            .endsWith(" \"shop\" in memory shop: cut. Nothing was changed.");
      }
    }
  }

  @Test
  void strangeNamesAreToldAndLeftAlone() {
    List<String> strange = List.of(
        "shop/catalog/README.txt",
        "shop/catalog/" + id(0) + ".bak",
        "shop/catalog/" + id(0) + ".lock-abcdefgh.json",
        "shop/catalog/sub/" + id(0) + ".json",
        "shop/catalog/20260214T143045Z-MANUAL-k7f3q2ab.json");
    strange.forEach(name -> shop.put(ObjectName.of(name), text("{}")));
    assertThat(shop.backups().list()).isEqualTo(made);
    assertThat(shop.warnings())
        .containsExactlyInAnyOrderElementsOf(strange.stream()
            .map(name -> "catalogue: " + name + " is not ours and is left alone")
            .toList());
    shop.clock.advance(Duration.ofDays(3));
    shop.backups().prune();
    assertThat(shop.names()).containsAll(strange);
  }

  @Test
  void aPinThatCannotBeReadStillHolds() {
    shop.put(ObjectName.of("shop/catalog/" + id(2) + ".pin-abcdefgh.json"), text("{\"forma"));
    Backup backup = shop.backups().find(id(2)).orElseThrow();
    assertThat(backup.pins())
        .containsExactly(new Pin(id(2).time(), "", "a pin that cannot be read"));
    assertThat(shop.warnings())
        .containsExactly("catalogue: shop/catalog/" + id(2)
            + ".pin-abcdefgh.json cannot be read: not a mark: not valid JSON at line 1, column 8:"
            + " it ends too early");
    shop.backups().unpin(id(2));
    assertThat(shop.backups().list()).isEqualTo(made);
  }

  @Test
  void aMarkOfDamageThatCannotBeReadStillCountsUntilTheContentIsProven() {
    shop.put(ObjectName.of("shop/catalog/" + id(2) + ".damage-abcdefgh.json"), text("{\"forma"));
    Backup backup = shop.backups().find(id(2)).orElseThrow();
    assertThat(backup.state()).isEqualTo(State.DAMAGED);
    assertThat(backup.copies())
        .extracting(Copy::note)
        .containsExactly("a mark of damage that cannot be read");
    shop.backups().verify(id(2), Depth.CONTENT);
    assertThat(shop.backups().find(id(2)).orElseThrow().state()).isEqualTo(State.COMPLETE);
  }

  @Test
  void aPinOfAnotherBackupIsNoPinOfThisOneAndStillHolds() {
    shop.backups().pin(id(0), "for the audit");
    String pin =
        shop.names().stream().filter(name -> name.contains(".pin-")).findFirst().orElseThrow();
    shop.put(
        ObjectName.of(pin.replace(id(0).toString(), id(1).toString())),
        shop.get(ObjectName.of(pin)));
    Backup other = shop.backups().find(id(1)).orElseThrow();
    assertThat(other.pins()).extracting(Pin::why).containsExactly("a pin that cannot be read");
  }

  /** As a list does, which lets nobody see that there is a tombstone. */
  @Test
  void aTombstoneThatMayNotBeReadHidesNothingFromWhoReadsTheBackup() throws IOException {
    ObjectName tombstone = ObjectName.of("shop/catalog/" + id(1) + ".deleted-abcdefgh.json");
    Mark mark = Mark.of(Mark.Kind.DELETED, id(1), "shop", shop.clock.instant(), "", "why");
    shop.put(tombstone, new Marks("shop", Optional.empty()).write(mark, Optional.empty()));
    FaultySink sink = FaultySink.over(shop.memory);
    Backups backups = shop.over(sink, temp.resolve("other")).build();
    assertThat(failure(() -> shop.read(backups, id(1))).kind()).isEqualTo(Kind.NOT_FOUND);
    List<String> opened =
        sink.history().stream().filter(call -> call.startsWith("OPEN ")).toList();

    sink.failing(
        Call.OPEN,
        sink.calls(Call.OPEN) + opened.indexOf("OPEN " + tombstone) + 1,
        Moment.BEFORE,
        () -> new AccessDeniedException("a tombstone of root"));
    assertThat(shop.read(backups, id(1))).isEqualTo(shop.content(id(1)));
  }

  @Test
  void aTombstoneThatCannotBeReadHidesNothingAndADeleteDoesNotRelyOnIt() {
    ObjectName tombstone = ObjectName.of("shop/catalog/" + id(1) + ".deleted-abcdefgh.json");
    shop.put(tombstone, text("{}"));
    assertThat(shop.backups().list()).isEqualTo(made);
    shop.clock.advance(Duration.ofDays(3));
    shop.backups().prune();
    assertThat(shop.backups().list()).isEqualTo(made);

    byte[] manifest = shop.get(Shop.manifest(id(1)));
    byte[] authentication = shop.get(Shop.authentication(id(1)));
    shop.backups().forceDelete(id(1), "enough");
    shop.put(Shop.manifest(id(1)), manifest); // replayed
    shop.put(Shop.authentication(id(1)), authentication);
    assertThat(Shop.ids(shop.backups().list())).containsExactly(id(0), id(2));
  }

  @Test
  void aReplayedManifestDoesNotCountForAnyVerbAndThePruneRemovesIt() {
    byte[] manifest = shop.get(Shop.manifest(id(1)));
    byte[] authentication = shop.get(Shop.authentication(id(1)));
    shop.backups().forceDelete(id(1), "enough");
    shop.put(Shop.manifest(id(1)), manifest);
    shop.put(Shop.authentication(id(1)), authentication);
    shop.events.clear();

    assertThat(Shop.ids(shop.backups().list())).containsExactly(id(0), id(2));
    assertThat(shop.warnings())
        .containsExactly("catalogue: " + id(1)
            + " was deleted, and its manifest is still or again there; it does not count");
    assertThat(shop.backups().find(id(1))).isEmpty();
    assertThat(failure(() -> shop.backups().verify(id(1), Depth.CONTENT)))
        .hasMessage(
            "Cannot verify " + id(1) + ": it was deleted from \"shop\" in memory shop, and its"
                + " manifest is still or again there. Nothing was found out.");
    for (Runnable verb : List.<Runnable>of(
        () -> shop.backups().verify(id(1), Depth.STORED),
        () -> shop.backups().restore(id(1)),
        () -> shop.backups().open(id(1), "orders"),
        () -> shop.backups().pin(id(1), "why"))) {
      assertThat(failure(verb).kind()).isEqualTo(Kind.NOT_FOUND);
    }
    shop.backups().prune();
    shop.assertNothingIsLeftOver(shop.backups());
  }

  @Test
  void aSinkThatLostTheSeriesIsNotTakenForAnEmptyOne() {
    shop.memory.list("").forEach(stored -> shop.memory.delete(stored.name()));
    for (Runnable verb : List.<Runnable>of(
        () -> shop.backups().list(),
        () -> shop.backups().create(Reason.MANUAL),
        () -> shop.backups().prune(),
        () -> shop.backups().verify(id(0), Depth.STORED))) {
      BackupException thrown = failure(verb);
      assertThat(thrown.kind()).isEqualTo(Kind.SINK);
      assertThat(thrown.getMessage())
          .endsWith(
              " \"shop\" in memory shop: the series that this machine kept there is gone, so it"
                  + " may not be mounted, or is another place. Nothing was changed. If it is to be used"
                  + " as it is now, remove " + knownFile() + ".");
    }
    assertThat(shop.names()).isEmpty();
  }

  @Test
  void anotherSeriesOfTheSameNameIsNotTakenForThisOne() throws IOException {
    shop.replace(
        ObjectName.of("shop/series.json"),
        text("{\"format\":1,\"series\":\"shop\",\"identity\":\"another\"}"));
    BackupException thrown = failure(() -> shop.backups().list());
    assertThat(thrown.kind()).isEqualTo(Kind.SINK);
    assertThat(thrown)
        .hasMessage(
            "Cannot list \"shop\" in memory shop: another series of this name lies there, so"
                + " it may not be mounted, or is another place. Nothing was changed. If it is to be"
                + " used as it is now, remove " + knownFile() + ".");
    Files.delete(knownFile());
    assertThat(shop.backups().list()).isEqualTo(made);
  }

  @Test
  void aDamagedSeriesFileSaysHowToGoOn() throws IOException {
    shop.replace(ObjectName.of("shop/series.json"), text("{"));
    BackupException thrown = failure(() -> shop.backups().list());
    assertThat(thrown.kind()).isEqualTo(Kind.SINK);
    assertThat(thrown)
        .hasMessage(
            "Cannot list \"shop\" in memory shop: shop/series.json is damaged: not valid JSON"
                + " at line 1, column 2: it ends too early. Nothing was changed. It only tells this"
                + " series from others: remove it, and " + knownFile()
                + "; the next create puts a new one.");
    shop.memory.delete(ObjectName.of("shop/series.json"));
    Files.delete(knownFile());
    assertThat(shop.backups().list()).isEqualTo(made);
    shop.make(shop.backups());
    shop.assertNothingIsLeftOver(shop.backups());
  }

  @Test
  void aDamagedMemoryOfTheSeriesSaysHowToGoOn() throws IOException {
    Files.write(knownFile(), text("{"));
    BackupException thrown = failure(() -> shop.backups().list());
    assertThat(thrown.kind()).isEqualTo(Kind.WORK);
    assertThat(thrown)
        .hasMessage("Cannot list \"shop\" in memory shop: the work directory "
            + temp.resolve("work") + " cannot be used: " + knownFile()
            + " is damaged (not valid JSON at line 1, column 2: it ends too early); remove it if the"
            + " sink is right. Nothing was changed.");
    Files.delete(knownFile());
    assertThat(shop.backups().list()).isEqualTo(made);
  }

  @Test
  void aReadOnlySinkIsListedAndVerified() {
    Backups monitor = Backups.builder("shop")
        .sink(Sinks.readOnly(shop.memory))
        .workDirectory(temp.resolve("monitor"))
        .listener(shop.events::add)
        .clock(shop.clock)
        .build();
    assertThat(monitor.list()).isEqualTo(made);
    Proof proof = monitor.verify(id(0), Depth.CONTENT);
    assertThat(proof.depth()).isEqualTo(Depth.CONTENT);
    assertThat(shop.warnings())
        .anyMatch(w -> w.startsWith(id(0) + ": it is proven, but the proof could not be kept: "));
  }

  @Test
  void aMarkTakenBackWhileItIsReadIsNoError() {
    shop.backups().pin(id(0), "for the audit");
    FaultySink sink = FaultySink.over(shop.memory);
    sink.failing(Call.OPEN, 2, Moment.BEFORE, () -> new NoSuchFileException("pin"));
    assertThat(shop.over(sink).build().list()).isEqualTo(made);
  }

  private Path knownFile() {
    return new WorkDirectory(temp.resolve("work")).knownFile("memory shop");
  }

  private static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.toList();
    }
  }
}
