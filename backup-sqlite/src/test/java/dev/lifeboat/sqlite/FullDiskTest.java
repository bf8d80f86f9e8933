package dev.lifeboat.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeboat.BackupException;
import dev.lifeboat.Backups;
import dev.lifeboat.RestoreRequest;
import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.Depth;
import dev.lifeboat.catalog.Reason;
import dev.lifeboat.retention.RetentionPolicy;
import dev.lifeboat.sink.Digest;
import dev.lifeboat.sink.NoSpaceException;
import dev.lifeboat.storage.local.LocalSink;
import dev.lifeboat.testkit.FaultCount;
import dev.lifeboat.testkit.Tmpfs;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The disk of the sink, of the work directory, of the live database gets full: at every page that can be the last. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "needs tmpfs")
@Tag("harness")
class FullDiskTest {
  private static final int PAGE = 4096;
  private static final int KIB = 1024;
  private static final int MOST_STEPS = 400;
  private static final String ID = "[0-9]{8}T[0-9]{6}Z-[a-z-]+-[a-z2-7]{8}";

  @TempDir
  Path directory;

  @TempDir
  Path disk;

  /** Does something with so much room; true if that succeeded. What is wrong is thrown. */
  @FunctionalInterface
  private interface Step {
    boolean with(long room) throws Exception;
  }

  private Path database() {
    return directory.resolve("shop.db");
  }

  private Backups backups(Path database, Path sink, Path work) {
    return Backups.builder("shop")
        .source(SqliteSource.of("orders", database))
        .sink(LocalSink.in(sink))
        .partSize(64 << 10)
        .retention(RetentionPolicy.keepLast(1))
        .workDirectory(work)
        .build();
  }

  @Test
  void aFullSinkLeavesEarlierBackupsWholeAndNothingHalf() throws Exception {
    fill(database(), "WAL", 100_000);
    try (Tmpfs tmpfs = Tmpfs.at(disk, "size=2m")) {
      Path sink = disk.resolve("backups");
      Backups backups = backups(database(), sink, directory.resolve("work"));
      List<BackupId> earlier = List.of(
          backups.create(Reason.MANUAL).id(), backups.create(Reason.MANUAL).id());
      Map<String, Digest> before = contents(sink);
      int full = untilThereIsRoom(PAGE, room -> {
        tmpfs.leaveFree(room);
        try {
          backups.create(Reason.MANUAL);
          return true;
        } catch (BackupException e) {
          assertThat(e.kind()).isEqualTo(BackupException.Kind.NO_SPACE);
          assertTellsWhatIsNeededAndFree(
              e,
              "Cannot back up \"shop\" in directory " + sink + ": cannot keep shop/(" + ID
                  + "/orders\\.db\\.zst\\.[0-9]{6}|catalog/" + ID + "\\.(auth|json)) in " + sink
                  + ": no space left \\(needs ([0-9]+) bytes, ([0-9]+) are free\\)(; there may be no"
                  + " room for another file)?\\. Nothing was added; earlier backups are untouched\\.");
          assertThat(contents(sink)).isEqualTo(before);
          assertThat(ids(backups)).containsExactlyInAnyOrderElementsOf(earlier);
          return false;
        }
      });
      tmpfs.empty();
      assertThat(ids(backups)).hasSize(3).containsAll(earlier);
      for (BackupId id : ids(backups)) {
        backups.verify(id, Depth.CONTENT);
      }
      FaultCount.tried(FullDiskTest.class, "the sink's disk is full, at every page", full);
    }
  }

  @Test
  void aFullSinkCanStillBePruned() throws Exception {
    fill(database(), "WAL", 10_000);
    try (Tmpfs tmpfs = Tmpfs.at(disk, "size=2m")) {
      Backups backups = backups(database(), disk.resolve("backups"), directory.resolve("work"));
      for (int i = 0; i < 5; i++) {
        backups.create(Reason.MANUAL);
      }
      List<BackupId> newest =
          ids(backups).subList(0, 3); // more than the policy: the guard keeps them
      tmpfs.leaveFree(0);
      backups.prune();
      assertThat(ids(backups)).isEqualTo(newest);
      assertThat(tmpfs.free()).isPositive();
    }
  }

  @Test
  void aFullWorkDirectoryLeavesNothingHalf() throws Exception {
    fill(database(), "WAL", 100_000);
    Path sink = directory.resolve("backups");
    try (Tmpfs tmpfs = Tmpfs.at(disk, "size=2m")) {
      Path work = disk.resolve("work");
      Backups backups = backups(database(), sink, work);
      BackupId earlier = backups.create(Reason.MANUAL).id();
      Map<String, Digest> before = contents(sink);
      int full = untilThereIsRoom(PAGE, room -> {
        tmpfs.leaveFree(room);
        try {
          backups.create(Reason.MANUAL);
          return true;
        } catch (BackupException e) {
          assertThat(e.kind()).isEqualTo(BackupException.Kind.NO_SPACE);
          if (!message(e).contains("private copy")) {
            assertThat(e)
                .hasMessage("Cannot back up \"shop\" in directory " + sink + ": the work directory "
                    + work + " cannot be used: No space left on device. Nothing was added; earlier"
                    + " backups are untouched.");
          } else {
            assertThat(e.getMessage())
                .matches("Cannot back up \"orders\" to \"shop\" in directory " + sink
                    + ": no space for the private copy " + work
                    + "/scratch/orders/snapshot\\.db of " + database()
                    + " \\(needs a little more than "
                    + Files.size(database())
                    + " bytes, [0-9]+ are free\\)\\. Nothing was copied\\. Nothing was added; earlier"
                    + " backups are untouched\\.");
          }
          assertThat(contents(sink)).isEqualTo(before);
          assertNothingIsLeftIn(work);
          return false;
        }
      });
      tmpfs.empty();
      assertThat(ids(backups)).hasSize(2).contains(earlier);
      FaultCount.tried(
          FullDiskTest.class, "the work directory's disk is full, at every page", full);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"WAL", "DELETE"})
  void whereTheWorkDirectoryIsFullARestoreLeavesTheOldOrTheNew(String journalMode)
      throws Exception {
    fill(database(), journalMode, 50_000);
    Path sink = directory.resolve("backups");
    try (Tmpfs tmpfs = Tmpfs.at(disk, "size=2m")) {
      Path work = disk.resolve("work");
      Backups backups = backups(database(), sink, work);
      BackupId earlier = backups.create(Reason.MANUAL).id();
      List<String> newOne = Databases.content(database());
      change(database(), 60_000);
      List<String> oldOne = Databases.content(database());
      int full = untilThereIsRoom(PAGE, room -> {
        tmpfs.leaveFree(room);
        boolean restored = false;
        try {
          backups.restore(earlier);
          restored = true;
        } catch (BackupException e) {
          assertThat(e.kind())
              .as(e.getMessage())
              .isIn(BackupException.Kind.NO_SPACE, BackupException.Kind.UNDONE);
          assertThat(e.getMessage())
              .containsPattern("No space left on device|[0-9]+ are free")
              .containsPattern("What is live is as it was\\.$|All is as it was before\\.$");
        }
        assertThat(Databases.content(database())).isEqualTo(restored ? newOne : oldOne);
        assertNothingIsLeftIn(work);
        return restored;
      });
      tmpfs.empty();
      for (BackupId id : ids(backups)) {
        backups.verify(id, Depth.CONTENT);
      }
      FaultCount.tried(
          FullDiskTest.class, "a restore's staging is full, at every page, " + journalMode, full);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"WAL", "DELETE"})
  void aRestoreOverALiveDatabaseOnAFullDiskIsRefusedBefore(String journalMode) throws Exception {
    try (Tmpfs tmpfs = Tmpfs.at(disk, "size=2m")) {
      Path live = disk.resolve("live.db");
      fill(live, journalMode, 50_000);
      Path sink = directory.resolve("backups");
      Backups backups = backups(live, sink, directory.resolve("work"));
      BackupId id = backups.create(Reason.MANUAL).id();
      List<String> content = Databases.content(live);
      long needed = 3 * Files.size(live);
      int full = untilThereIsRoom(PAGE, room -> {
        tmpfs.leaveFree(room);
        try {
          backups.restore(RestoreRequest.inPlace(id).withoutBackupBefore());
          return true;
        } catch (BackupException e) {
          assertThat(e.kind()).isEqualTo(BackupException.Kind.NO_SPACE);
          assertThat(e)
              .hasMessage("Cannot restore " + id + " of \"shop\" in directory " + sink
                  + ": the SQLite database " + live + " needs " + needed + " bytes, and " + room
                  + " are free. What is live is as it was.");
          return false;
        } finally {
          tmpfs.empty();
          assertThat(Databases.content(live)).isEqualTo(content);
        }
      });
      FaultCount.tried(
          FullDiskTest.class, "a restore lacks room, at every page, " + journalMode, full);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"WAL", "DELETE"})
  void aLiveDatabaseWhoseDiskGetsFullIsEntirelyOldOrNew(String journalMode) throws Exception {
    fill(database(), "DELETE", 100_000);
    List<String> newOne = Databases.content(database());
    byte[] content = Databases.backup(database(), directory.resolve("scratch"));
    try (Tmpfs tmpfs = Tmpfs.at(disk, "size=2m")) {
      Path live = disk.resolve("live.db");
      fill(live, journalMode, 50_000);
      List<String> oldOne = Databases.content(live);
      SqliteTarget target = SqliteTarget.live(live);
      int full = untilThereIsRoom(PAGE, room -> {
        Path staging = Databases.staged(target, content, directory.resolve("staging-" + room));
        tmpfs.leaveFree(room);
        boolean applied = false;
        try {
          target.apply(staging);
          applied = true;
        } catch (NoSpaceException e) {
          assertThat(e).hasMessageStartingWith(live + ": the disk ");
        }
        tmpfs.empty();
        assertThat(Databases.content(live)).isEqualTo(applied ? newOne : oldOne);
        target.undo(staging);
        assertThat(Databases.content(live)).isEqualTo(oldOne);
        target.discard(staging);
        return applied;
      });
      FaultCount.tried(
          FullDiskTest.class,
          "a live database's disk gets full, at every page, " + journalMode,
          full);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"WAL", "DELETE"})
  void aDatabaseOnAFullDiskIsBackedUpAsSoonAsItCanBeOpened(String journalMode) throws Exception {
    try (Tmpfs tmpfs = Tmpfs.at(disk, "size=2m")) {
      Path live = disk.resolve("live.db");
      fill(live, journalMode, 50_000);
      Backups backups = backups(live, directory.resolve("backups"), directory.resolve("work"));
      int full = untilThereIsRoom(PAGE, room -> {
        tmpfs.leaveFree(room);
        try {
          backups.create(Reason.MANUAL);
          return true;
        } catch (BackupException e) {
          assertThat(e.kind()).isEqualTo(BackupException.Kind.NO_SPACE);
          assertThat(e.getMessage())
              .startsWith("Cannot back up \"orders\" to \"shop\" in directory "
                  + directory.resolve("backups") + ": " + live
                  + ": the disk is full, or nearly, or a quota used up"
                  + " (")
              .endsWith(" bytes are free). Nothing was read. Nothing was added; earlier backups are"
                  + " untouched.");
          return false;
        }
      });
      // a log needs an index of 32 KiB, a journal nothing for who reads
      assertThat(full).isBetween(0, 8);
      assertThat(full > 0).isEqualTo(journalMode.equals("WAL"));
    }
  }

  @Test
  void aLimitToTheSizeOfFilesIsNoSpaceToo() throws Exception {
    fill(database(), "WAL", 50_000);
    Path sink = directory.resolve("backups");
    Path work = directory.resolve("work");
    Backups backups = backups(database(), sink, work);
    BackupId earlier = backups.create(Reason.MANUAL).id();
    backups.list();
    Map<String, Digest> before = contents(sink);
    int full = untilThereIsRoom(KIB, room -> {
      try (FileSizeLimit limit = FileSizeLimit.of(room)) {
        assertThat(limit).isNotNull();
        backups.create(Reason.MANUAL);
        return true;
      } catch (BackupException e) {
        assertThat(e.kind()).as(e.getMessage()).isEqualTo(BackupException.Kind.NO_SPACE);
        assertThat(contents(sink)).isEqualTo(before);
        assertNothingIsLeftIn(work);
        return false;
      }
    });
    assertThat(ids(backups)).hasSize(2).contains(earlier);
    FaultCount.tried(FullDiskTest.class, "files are limited, at every KiB", full);
  }

  /** Tries with ever more room, a step more each time; gives how often there was not enough. */
  private static int untilThereIsRoom(int step, Step action) throws Exception {
    for (int steps = 0; steps < MOST_STEPS; steps++) {
      try {
        if (action.with((long) steps * step)) {
          return steps;
        }
      } catch (Exception | AssertionError e) {
        throw new AssertionError("with room for " + steps * step + " bytes: " + e, e);
      }
    }
    throw new AssertionError("it never succeeded");
  }

  /** The two numbers are the last but one groups; what is free is less, but where it is other than bytes that lack. */
  private static void assertTellsWhatIsNeededAndFree(BackupException e, String pattern) {
    Matcher told = Pattern.compile(pattern).matcher(message(e));
    assertThat(told.matches()).as(e.getMessage()).isTrue();
    if (told.group(5) == null) {
      assertThat(Long.parseLong(told.group(3)))
          .as(e.getMessage())
          .isGreaterThan(Long.parseLong(told.group(4)));
    }
  }

  private static void assertNothingIsLeftIn(Path work) throws IOException {
    assertThat(contents(work).keySet())
        .noneMatch(name -> name.matches("(scratch|staging|begun)/.+|.*\\.part|owner\\.json"));
  }

  /** With bytes that no codec makes smaller. */
  private static void fill(Path database, String journalMode, int bytes) throws Exception {
    Databases.shop(database, journalMode, PAGE, 10);
    try (Connection connection = Databases.connect(database)) {
      Databases.run(
          connection,
          "CREATE TABLE picture(what BLOB)",
          "INSERT INTO picture VALUES (randomblob(" + bytes + "))");
    }
  }

  private static void change(Path database, int bytes) throws Exception {
    try (Connection connection = Databases.connect(database)) {
      Databases.run(connection, "UPDATE picture SET what = randomblob(" + bytes + ")");
    }
  }

  private static String message(BackupException e) {
    return String.valueOf(e.getMessage());
  }

  private static List<BackupId> ids(Backups backups) {
    return backups.list().stream().map(Backup::id).toList();
  }

  /** Every file below, hidden ones too. */
  private static Map<String, Digest> contents(Path directory) throws IOException {
    Map<String, Digest> contents = new TreeMap<>();
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        try (InputStream in = Files.newInputStream(file)) {
          contents.put(directory.relativize(file).toString(), Digest.of(in));
        }
      }
    }
    return contents;
  }
}
