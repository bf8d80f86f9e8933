package dev.lifeboat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.Depth;
import dev.lifeboat.catalog.Proof;
import dev.lifeboat.catalog.Reason;
import dev.lifeboat.catalog.State;
import dev.lifeboat.retention.RetentionPlan;
import dev.lifeboat.retention.RetentionPolicy;
import dev.lifeboat.sink.MemorySink;
import dev.lifeboat.sink.StoredObject;
import dev.lifeboat.testkit.SettableClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole voyage, over memory. */
class VoyageTest {
  @TempDir
  Path temp;

  private final SettableClock clock = SettableClock.at(Instant.parse("2026-02-14T14:30:45Z"));
  private final MemorySink sink = new MemorySink();
  private final Documents orders =
      new Documents("orders", "first".getBytes(StandardCharsets.UTF_8));

  private Backups.Builder shop() {
    return Backups.builder("shop")
        .source(orders)
        .sink(sink)
        .workDirectory(temp.resolve("work"))
        .clock(clock);
  }

  @Test
  void aBackupIsMadeListedVerifiedAndRestored() throws IOException {
    Backups backups = shop().build();
    Backup backup = backups.create(Reason.MANUAL);

    assertThat(backup.state()).isEqualTo(State.COMPLETE);
    assertThat(backups.list()).containsExactly(backup);
    assertThat(backups.find(backup.id())).contains(backup);
    assertThat(backups.latest()).contains(backup);

    for (Depth depth : Depth.values()) {
      Proof proof = backups.verify(backup.id(), depth);
      assertThat(proof.depth()).isEqualTo(depth);
    }
    assertThat(backups.list().get(0).proof().orElseThrow().depth()).isEqualTo(Depth.DRILL);

    orders.live = "second".getBytes(StandardCharsets.UTF_8);
    clock.advance(Duration.ofHours(1));
    Restored restored = backups.restore(backup.id());

    assertThat(orders.isLive("first".getBytes(StandardCharsets.UTF_8))).isTrue();
    assertThat(restored.components()).containsExactly("orders");
    Backup before = restored.before().orElseThrow();
    assertThat(before.reason()).isEqualTo(Reason.PRE_RESTORE);
    try (var content = backups.open(before.id(), "orders")) {
      assertThat(content.readAllBytes()).isEqualTo("second".getBytes(StandardCharsets.UTF_8));
    }
    assertThat(workFiles("scratch", "staging", "begun")).isEmpty();
  }

  @Test
  void aLargeComponentTakesSeveralPartsThatCatAndDecodeToTheWhole() throws IOException {
    byte[] large = new byte[1_500_000];
    new Random(7).nextBytes(large);
    orders.live = large;
    Backups backups = shop().partSize(64 << 10).build();
    Backup backup = backups.create(Reason.MANUAL);

    assertThat(backup.manifest().components().get(0).parts()).hasSizeGreaterThan(20);
    assertThat(names()).contains("shop/" + backup.id() + "/orders.doc.zst.000001");
    backups.verify(backup.id(), Depth.CONTENT);
    orders.live = new byte[0];
    backups.restore(backup.id());
    assertThat(orders.isLive(large)).isTrue();
  }

  @Test
  void pruneKeepsWhatThePolicySaysAndLeavesNothingOfTheRest() throws IOException {
    Backups backups = shop().retention(RetentionPolicy.keepLast(4)).build();
    for (int day = 0; day < 6; day++) {
      backups.create(Reason.SCHEDULED);
      clock.advance(Duration.ofDays(1));
    }
    List<Backup> before = backups.list();
    RetentionPlan plan = backups.planPrune();
    assertThat(plan.removed()).hasSize(2);

    RetentionPlan done = backups.prune(plan);

    assertThat(done.removed()).hasSize(2);
    assertThat(backups.list()).isEqualTo(before.subList(0, 4));
    // the oldest kept one names a deleted one as the one before it: its tombstone explains that
    assertThat(names())
        .filteredOn(name -> name.contains(before.get(4).id().toString()))
        .singleElement()
        .asString()
        .contains(".deleted-");
    assertThat(names()).noneMatch(name -> name.contains(before.get(5).id().toString()));
  }

  @Test
  void severalBackupsOfOneSecondAreListedAsTheyWereMade() {
    Backups backups = shop().build();
    List<Backup> made = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      made.add(0, backups.create(Reason.MANUAL));
    }
    assertThat(backups.list()).isEqualTo(made);
    assertThat(backups.latest()).contains(made.get(0));
    clock.advance(Duration.ofMinutes(1));
    assertThat(backups.create(Reason.MANUAL).time()).isEqualTo(clock.instant());
  }

  @Test
  void whatARestoreReplacedIsNotTheLatest() {
    Backups backups = shop().build();
    Backup good = backups.create(Reason.MANUAL);
    clock.advance(Duration.ofHours(1));
    backups.restore(good.id());
    assertThat(backups.latest()).contains(good);
    assertThat(backups.createIfDue(Duration.ofMinutes(30), Reason.SCHEDULED)).isPresent();
  }

  private List<String> names() throws IOException {
    return sink.list("").stream().map(StoredObject::name).map(Object::toString).toList();
  }

  private List<Path> workFiles(String... folders) throws IOException {
    List<Path> files = new ArrayList<>();
    for (String folder : folders) {
      Path path = temp.resolve("work").resolve(folder);
      if (Files.exists(path)) {
        try (Stream<Path> tree = Files.walk(path)) {
          tree.filter(file -> !file.equals(path)).forEach(files::add);
        }
      }
    }
    return files;
  }
}
