package dev.lifeboat.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeboat.source.RestoreTarget;
import dev.lifeboat.testkit.FaultCount;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A process restores and undoes, over and over, and is killed at some moment: nothing may be half. */
class KillTest {
  private static final byte[] BROKEN =
      "no database\n".repeat(5000).getBytes(StandardCharsets.US_ASCII);

  @TempDir
  Path directory;

  /** What is live, and what comes over it. */
  enum Scene {
    WAL("WAL", 4096),
    ROLLBACK("DELETE", 4096),
    WAL_WITH_OTHER_PAGES("WAL", 1024),
    ROLLBACK_WITH_OTHER_PAGES("DELETE", 8192),
    MISSING("", 0),
    BROKEN("", 0);

    private final String journalMode;
    private final int pageSize;

    Scene(String journalMode, int pageSize) {
      this.journalMode = journalMode;
      this.pageSize = pageSize;
    }

    boolean isDatabase() {
      return pageSize > 0;
    }

    RestoreTarget target(Path database) {
      SqliteTarget target = SqliteTarget.live(database);
      return this == BROKEN ? target.overBroken() : target;
    }
  }

  @ParameterizedTest
  @EnumSource
  void killedAtAnyMomentTheLiveDatabaseIsEntirelyOldOrEntirelyNew(Scene scene) throws Exception {
    Path data = Files.createDirectory(directory.resolve("data"));
    Path database = data.resolve("shop.db");
    Path source = Databases.shop(directory.resolve("source.db"), 4000);
    List<String> newOne = Databases.content(source);
    List<String> oldOne = List.of();
    if (scene.isDatabase()) {
      Databases.shop(database, scene.journalMode, scene.pageSize, 3000);
      oldOne = Databases.content(database);
    } else if (scene == Scene.BROKEN) {
      Files.write(database, BROKEN);
      Files.writeString(data.resolve("shop.db-wal"), "its log");
    }
    Path staging = Databases.staged(
        SqliteTarget.live(database),
        Databases.backup(source, directory.resolve("scratch")),
        directory.resolve("staging"));
    SplittableRandom random = new SplittableRandom(scene.name().hashCode());
    int kills = 5 * Integer.getInteger("loops", 1);
    for (int i = 0; i < kills; i++) {
      killInTheMiddle(scene, database, staging, random.nextInt(1, 400));
      if (scene.isDatabase()) {
        assertThat(Databases.content(database)).isIn(oldOne, newOne);
        assertSound(database);
      }
      if (random.nextBoolean()) {
        scene.target(database).apply(staging);
        assertThat(Databases.content(database)).isEqualTo(newOne);
        assertSound(database);
      }
      scene.target(database).undo(staging);
      assertOld(scene, database, oldOne);
    }
    scene.target(database).discard(staging);
    assertThat(Databases.namesIn(data)).doesNotContain("shop.db.part-1");
    FaultCount.tried(KillTest.class, "kill -9 of a restore or its undo, " + scene, kills);
  }

  private static void killInTheMiddle(Scene scene, Path database, Path staging, int millis)
      throws Exception {
    try (ChildJvm child = ChildJvm.start(Restoring.class, scene, database, staging)) {
      assertThat(child.nextLine()).isEqualTo("restoring");
      assertThat(child.endsWithin(millis, TimeUnit.MILLISECONDS)).isFalse();
      child.kill();
    }
  }

  private static void assertOld(Scene scene, Path database, List<String> oldOne) throws Exception {
    switch (scene) {
      case MISSING -> {
        assertThat(database).doesNotExist();
        assertThat(LiveFile.siblingsOf(database)).isEmpty();
      }
      case BROKEN -> {
        assertThat(Files.readAllBytes(database)).isEqualTo(BROKEN);
        assertThat(LiveFile.sibling(database, "-wal")).hasContent("its log");
      }
      default -> {
        assertThat(Databases.content(database)).isEqualTo(oldOne);
        assertSound(database);
        assertThat(Databases.pragma(database, "journal_mode"))
            .isEqualToIgnoringCase(scene.journalMode);
      }
    }
  }

  private static void assertSound(Path database) throws Exception {
    try (Connection connection = Databases.connect(database)) {
      assertThat(Sqlite.text(connection, "PRAGMA integrity_check")).isEqualTo("ok");
    }
  }

  /** Restores and undoes until it is killed. */
  static final class Restoring {
    public static void main(String[] arguments) throws Exception {
      Scene scene = Scene.valueOf(arguments[0]);
      Path database = Path.of(arguments[1]);
      Path staging = Path.of(arguments[2]);
      OneLibrary.require();
      System.out.println("restoring");
      while (true) {
        scene.target(database).apply(staging);
        scene.target(database).undo(staging);
      }
    }
  }
}
