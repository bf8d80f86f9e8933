package dev.lifeboat.storage.local;

import static dev.lifeboat.storage.local.Looks.everythingIn;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lifeboat.BackupException;
import dev.lifeboat.Backups;
import dev.lifeboat.RestoreRequest;
import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.Depth;
import dev.lifeboat.catalog.Reason;
import dev.lifeboat.retention.RetentionPolicy;
import dev.lifeboat.source.BytesSource;
import dev.lifeboat.testkit.FaultCount;
import dev.lifeboat.testkit.SettableClock;
import dev.lifeboat.testkit.Tmpfs;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A disk that turns read-only: what is there can still be read and restored, and every refusal is told. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "there is no tmpfs")
class ReadOnlyDiskTest {
  @TempDir
  Path temp;

  private final SettableClock clock = SettableClock.at("2026-02-14T14:30:45Z");
  private final List<BackupId> made = new ArrayList<>();
  private byte[] live = "orders 0".getBytes(UTF_8);

  private Backups backups(Path sink, Path work) {
    return Backups.builder("shop")
        .source(BytesSource.of("orders", () -> live, document -> live = document))
        .sink(LocalSink.in(sink))
        .workDirectory(work)
        .retention(RetentionPolicy.keepLast(3))
        .patience(Duration.ZERO)
        .clock(clock)
        .build();
  }

  private void makeFive(Backups backups) {
    for (int i = 1; i <= 5; i++) {
      live = ("orders " + i).getBytes(UTF_8);
      made.add(backups.create(Reason.MANUAL).id());
      clock.advance(Duration.ofHours(1));
    }
    live = "orders 6".getBytes(UTF_8);
  }

  @Test
  void ofTheSink() throws Exception {
    Path disk = Files.createDirectory(temp.resolve("disk"));
    Path sink = disk.resolve("backups");
    Backups backups = backups(sink, temp.resolve("work"));
    try (Tmpfs tmpfs = Tmpfs.at(disk, "size=4m")) {
      makeFive(backups);
      List<String> before = everythingIn(sink);
      tmpfs.remount("ro");

      assertThat(failure(() -> backups.create(Reason.MANUAL)))
          .startsWith("SINK: Cannot back up \"shop\" in directory " + sink + ": " + sink + "/shop/")
          .endsWith(
              "the file system is read-only). Nothing was added; earlier backups are untouched.");
      assertThat(failure(backups::prune))
          .startsWith(
              "SINK: Cannot prune \"shop\" in directory " + sink + ": " + sink + "/shop/catalog/.")
          .endsWith("the file system is read-only). 0 of 2 backups were removed; what was begun is"
              + " finished by the next prune, and every backup that is listed is whole.");
      assertThat(failure(() -> backups.forceDelete(made.get(0), "not needed")))
          .startsWith("SINK: Cannot delete " + made.get(0) + " of \"shop\" in directory " + sink)
          .endsWith("the file system is read-only). If it is still listed, its pins may be gone; if"
              + " not, the next prune finishes its removal.");
      assertThat(failure(() -> backups.pin(made.get(0), "audit")))
          .startsWith("SINK: Cannot pin " + made.get(0) + " of \"shop\" in directory " + sink)
          .endsWith("the file system is read-only). It may or may not be pinned; pin it again.");
      assertThat(failure(() -> backups.restore(made.get(1))))
          .startsWith("SINK: Cannot restore " + made.get(1) + " of \"shop\" in directory " + sink
              + ": what is live could not be backed up first: ")
          .endsWith("What is live is as it was.");
      assertThat(live).isEqualTo("orders 6".getBytes(UTF_8));
      assertAllAreWhole(backups);
      assertThat(backups.verify(made.get(4), Depth.DRILL).depth()).isEqualTo(Depth.DRILL);
      backups.restore(RestoreRequest.inPlace(made.get(1)).withoutBackupBefore());
      assertThat(live).isEqualTo("orders 2".getBytes(UTF_8));
      assertThat(everythingIn(sink)).isEqualTo(before);

      tmpfs.remount("rw");
      assertAnotherRoundIsWell(backups, sink);
    }
    FaultCount.tried(ReadOnlyDiskTest.class, "the sink's disk turns read-only", 8);
  }

  @Test
  void ofTheWorkDirectory() throws Exception {
    Path disk = Files.createDirectory(temp.resolve("disk"));
    Path sink = temp.resolve("backups");
    Path work = disk.resolve("work");
    Backups backups = backups(sink, work);
    try (Tmpfs tmpfs = Tmpfs.at(disk, "size=4m")) {
      makeFive(backups);
      List<String> before = everythingIn(sink);
      List<String> inWork = everythingIn(work);
      tmpfs.remount("ro");

      String why = " the work directory " + work + " cannot be used: " + work
          + "/lock: Read-only file system. Nothing was done.";
      assertThat(failure(() -> backups.create(Reason.MANUAL)))
          .isEqualTo("WORK: Cannot create \"shop\":" + why);
      assertThat(failure(backups::prune)).isEqualTo("WORK: Cannot prune \"shop\":" + why);
      assertThat(failure(() -> backups.delete(made.get(0))))
          .isEqualTo("WORK: Cannot delete \"shop\":" + why);
      assertThat(failure(() -> backups.verify(made.get(4), Depth.CONTENT)))
          .isEqualTo("WORK: Cannot verify \"shop\":" + why);
      assertThat(failure(() -> backups.restore(made.get(1))))
          .isEqualTo("WORK: Cannot restore \"shop\":" + why);
      assertThat(live).isEqualTo("orders 6".getBytes(UTF_8));
      assertAllAreWhole(backups);
      assertAllAreWhole(backups(sink, work));
      assertThat(everythingIn(sink)).isEqualTo(before);
      assertThat(everythingIn(work)).isEqualTo(inWork);

      tmpfs.remount("rw");
      assertAnotherRoundIsWell(backups, sink);
    }
    FaultCount.tried(ReadOnlyDiskTest.class, "the work directory's disk turns read-only", 5);
  }

  private void assertAnotherRoundIsWell(Backups backups, Path sink) throws IOException {
    byte[] content = live;
    BackupId next = backups.create(Reason.MANUAL).id();
    backups.prune();
    assertThat(backups.list()).extracting(Backup::id).hasSize(3).contains(next);
    assertThat(read(backups, next)).isEqualTo(content);
    assertThat(everythingIn(sink)).noneMatch(name -> name.endsWith(".part"));
  }

  private void assertAllAreWhole(Backups backups) throws IOException {
    assertThat(backups.list()).hasSize(5).allMatch(backup -> backup.state().isGood());
    for (int i = 0; i < 5; i++) {
      assertThat(read(backups, made.get(i))).isEqualTo(("orders " + (i + 1)).getBytes(UTF_8));
    }
  }

  private static byte[] read(Backups backups, BackupId id) throws IOException {
    try (InputStream in = backups.open(id, "orders")) {
      return in.readAllBytes();
    }
  }

  private static String failure(Runnable verb) {
    BackupException e = catchThrowableOfType(BackupException.class, verb::run);
    assertThat(e).as("it must fail").isNotNull();
    return e.kind() + ": " + e.getMessage();
  }
}
