package dev.lifeboat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.Reason;
import dev.lifeboat.catalog.State;
import dev.lifeboat.crypto.BackupKey;
import dev.lifeboat.crypto.Encryption;
import dev.lifeboat.retention.RetentionPlan;
import dev.lifeboat.retention.RetentionPolicy;
import dev.lifeboat.sink.ObjectName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store that hides the newest backup, or shows what it held some time ago: nothing that lies there can tell. */
class NewestSeenTest {
  @TempDir
  Path temp;

  private Shop shop;
  private List<BackupId> made = List.of();

  @BeforeEach
  void open() {
    shop = new Shop(temp.resolve("work"));
    shop.makeBackups(5);
    made = Shop.ids(shop.backups().list());
    shop.events.clear();
  }

  private Backups other() {
    return shop.over(shop.memory, temp.resolve("other")).build();
  }

  private void hide(BackupId id) {
    shop.memory.list("").stream()
        .map(stored -> stored.name())
        .filter(name -> name.value().contains(id.toString()))
        .forEach(shop.memory::delete);
  }

  private String told(BackupId id) {
    return "catalogue: gap: the newest backup that this machine has seen, " + id
        + ", is not listed in " + shop.memory.description()
        + ", and no tombstone says that it was deleted: the store hides it, or shows an older state."
        + " Nothing is pruned until it is there again or a newer one is made";
  }

  @Test
  void theNewestThatIsHiddenWithAllItsObjectsIsTold() {
    hide(made.get(0));
    assertThat(Shop.ids(shop.backups().list())).isEqualTo(made.subList(1, 5));
    assertThat(shop.warnings()).containsExactly(told(made.get(0)));
  }

  @Test
  void anOlderStateOfTheStoreIsTold() {
    Map<ObjectName, byte[]> before = new HashMap<>();
    shop.names().forEach(name -> before.put(ObjectName.of(name), shop.get(ObjectName.of(name))));
    BackupId sixth = shop.make(shop.backups()).id(); // never listed
    shop.names().forEach(name -> shop.memory.delete(ObjectName.of(name)));
    before.forEach(shop::put);
    shop.backups().list();
    assertThat(shop.warnings()).containsExactly(told(sixth));
  }

  @Test
  void nothingIsPrunedMeanwhile() {
    hide(made.get(0));
    Backups pruning =
        shop.over(shop.memory).retention(RetentionPolicy.keepLast(3)).build();
    for (RetentionPlan plan : List.of(pruning.planPrune(), pruning.prune())) {
      assertThat(plan.removed()).isEmpty();
      assertThat(plan.decision(made.get(4)).orElseThrow().causes())
          .containsExactly(new RetentionPlan.Cause(
              "gap", "the newest one seen here, " + made.get(0) + ", is not listed"));
    }
    assertThat(Shop.ids(pruning.list())).isEqualTo(made.subList(1, 5));
    // and the next backup puts things right
    BackupId next = shop.make(pruning).id();
    assertThat(pruning.prune().removed()).hasSize(2);
    shop.events.clear();
    assertThat(Shop.ids(pruning.list())).containsExactly(next, made.get(1), made.get(2));
    assertThat(shop.warnings()).isEmpty();
  }

  @Test
  void theDataOfOneWhoseManifestIsHiddenStays() {
    SeriesNames names = new SeriesNames("shop");
    List<ObjectName> parts = List.of(part(made.get(0)), part(made.get(2)));
    shop.clock.advance(Duration.ofDays(3));
    byte[] newest = shop.get(names.manifest(made.get(0)));
    byte[] third = shop.get(names.manifest(made.get(2)));
    shop.memory.delete(names.manifest(made.get(0)));
    shop.memory.delete(names.manifest(made.get(2)));
    shop.backups().prune();
    assertThat(shop.names()).contains(parts.get(0).value(), parts.get(1).value());
    shop.put(names.manifest(made.get(0)), newest);
    shop.events.clear();
    shop.backups().prune(); // one whom another names as the one before it stays as well
    assertThat(shop.names()).contains(parts.get(0).value(), parts.get(1).value());
    assertThat(shop.warnings())
        .contains(made.get(2) + ": its data stays, though its manifest is gone: " + made.get(1)
            + " names it as the one before it, and no tombstone tells that it was deleted. Bring its"
            + " manifest back if you can; its folder is yours to remove if it is not wanted");
    shop.put(names.manifest(made.get(2)), third);
    assertThat(Shop.ids(shop.backups().list())).isEqualTo(made);
  }

  private ObjectName part(BackupId id) {
    return shop.backups()
        .find(id)
        .orElseThrow()
        .manifest()
        .components()
        .get(0)
        .parts()
        .get(0)
        .name();
  }

  @Test
  void whatAnotherHostHasDeletedIsNotMissed() {
    other().forceDelete(made.get(0), "not needed");
    shop.backups().list();
    other().forceDelete(made.get(1), "not needed");
    other().prune();
    shop.backups().list();
    assertThat(shop.warnings()).noneMatch(warning -> warning.contains("gap"));
    shop.assertNothingIsLeftOver(other());
  }

  @Test
  void whatThisHostHasDeletedIsNotMissed() {
    made.forEach(id -> shop.backups().forceDelete(id, "not needed"));
    shop.backups().prune();
    shop.backups().list();
    assertThat(shop.warnings()).noneMatch(warning -> warning.contains("gap"));
  }

  @Test
  void aMachineThatHasNotSeenItMissesNothing() throws IOException {
    hide(made.get(0));
    other().list();
    assertThat(shop.warnings()).isEmpty();
    Path cache = temp.resolve("work").resolve("cache");
    Path known = known(cache);
    assertThat(known.getFileName().toString()).startsWith(made.get(0) + ".newest@");
    for (String name : List.of(
        made.get(0) + "x.newest@" + "0".repeat(64),
        "..newest@" + "0".repeat(64),
        ".newest@",
        made.get(0) + ".newest@" + "0".repeat(64))) {
      Files.move(known, cache.resolve(name)); // damaged, or of another sink
      shop.backups().list();
      assertThat(shop.warnings()).isEmpty();
      known = known(cache);
      assertThat(known.getFileName().toString()).startsWith(made.get(1) + ".newest@"); // seen now
    }
    hide(made.get(1));
    shop.backups().list();
    assertThat(shop.warnings()).containsExactly(told(made.get(1)));
    PrivateFiles.deleteTree(cache);
    shop.events.clear();
    shop.backups().list();
    assertThat(shop.warnings()).noneMatch(warning -> warning.contains("this machine has seen"));
  }

  private static Path known(Path cache) throws IOException {
    List<Path> files = WorkDirectory.entries(cache).stream()
        .filter(file -> file.getFileName().toString().contains(".newest@"))
        .toList();
    assertThat(files).hasSize(1);
    return files.get(0);
  }

  @Test
  void whatCannotBeRememberedStopsNothing() throws IOException {
    Path cache = temp.resolve("third").resolve("cache");
    Backups third = shop.over(shop.memory, temp.resolve("third")).build();
    third.list();
    PrivateFiles.deleteTree(cache);
    Files.writeString(cache, "in the way");
    assertThat(third.list()).hasSize(5);
  }

  @Test
  void whatNobodyProvesIsNotRemembered() {
    Encryption ours = Encryption.key(BackupKey.generate());
    Shop safe = new Shop(temp.resolve("safe"), Optional.of(ours));
    safe.makeBackups(1);
    BackupId planted = Backups.builder("shop")
        .source(shop.orders)
        .sink(safe.memory)
        .workDirectory(temp.resolve("thief"))
        .clock(safe.clock)
        .encryption(Encryption.key(BackupKey.generate()))
        .build()
        .create(Reason.MANUAL)
        .id();
    assertThat(safe.backups().list()).extracting(Backup::id).contains(planted);
    safe.memory.list("").stream()
        .map(stored -> stored.name())
        .filter(name -> name.value().contains(planted.toString()))
        .forEach(safe.memory::delete);
    safe.events.clear();
    safe.backups().list();
    assertThat(safe.warnings()).isEmpty();
  }

  /** A manifest in clear under the id of the newest one, with a right digest. */
  @Test
  void oneThatNobodyProvesDoesNotStandInItsPlace() {
    Shop clear = new Shop(temp.resolve("clear"));
    BackupId planted = clear.make(clear.backups()).id();
    Shop safe = new Shop(temp.resolve("safe"), Optional.of(Encryption.key(BackupKey.generate())));
    safe.makeBackups(5);
    BackupId newest = safe.backups().list().get(0).id();
    SeriesNames names = new SeriesNames("shop");
    byte[] manifest = safe.get(names.manifest(newest));
    byte[] proof = safe.get(names.authentication(newest));
    String text = new String(clear.get(names.manifest(planted)), UTF_8);
    byte[] forged = text.replace(planted.toString(), newest.toString()).getBytes(UTF_8);
    safe.replace(names.manifest(newest), forged);
    safe.replace(
        names.authentication(newest),
        Forger.withDigestOf(forged, clear.get(names.authentication(planted))));
    safe.events.clear();
    Backups pruning =
        safe.over(safe.memory).retention(RetentionPolicy.keepLast(1)).build();
    assertThat(pruning.find(newest).orElseThrow().state()).isEqualTo(State.UNTRUSTED);
    assertThat(safe.warnings())
        .anyMatch(warning ->
            warning.startsWith("catalogue: gap: the newest backup that this machine has seen, "
                + newest + ", is not listed in "));
    assertThat(pruning.prune().removed()).isEmpty();
    safe.replace(names.manifest(newest), manifest);
    safe.replace(names.authentication(newest), proof);
    assertThat(pruning.prune().removed()).hasSize(2);
    assertThat(pruning.list()).extracting(Backup::id).hasSize(3).contains(newest);
  }

  @Test
  void whatIsDatedInTheFutureIsNotTheNewest() {
    shop.clock.advance(Duration.ofDays(400));
    BackupId future = shop.make(other()).id();
    shop.clock.advance(Duration.ofDays(-400));
    shop.backups().list();
    hide(future);
    shop.events.clear();
    shop.backups().list();
    assertThat(shop.warnings()).isEmpty();
  }
}
