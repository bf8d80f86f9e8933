package dev.lifeboat.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeboat.source.Facts;
import dev.lifeboat.source.Snapshot;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Beyond 1 GiB lies a page that SQLite locks by and never uses. */
class LargeDatabaseTest {
  private static final long GIB = 1L << 30;
  private static final int LOOPS = Integer.getInteger("loops", 1);

  @TempDir
  Path directory;

  static int[] pageSizes() {
    return LOOPS == 1
        ? new int[] {65536}
        : new int[] {512, 1024, 2048, 4096, 8192, 16384, 32768, 65536};
  }

  @ParameterizedTest
  @MethodSource("pageSizes")
  void aDatabaseBeyondTheLockBytePageComesBackWhole(int pageSize) throws Exception {
    Path database = directory.resolve("large.db");
    try (Connection host = Databases.connect(database)) {
      Databases.run(
          host,
          "PRAGMA page_size=" + pageSize,
          "PRAGMA journal_mode=OFF",
          "PRAGMA synchronous=OFF",
          "CREATE TABLE blobs(id INTEGER PRIMARY KEY, what BLOB)",
          "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 1030)"
              + " INSERT INTO blobs(what) SELECT zeroblob(1 << 20) FROM n",
          "CREATE TABLE last(what TEXT)",
          "INSERT INTO last VALUES('beyond')");
    }
    assertThat(Files.size(database)).isGreaterThan(GIB + pageSize);
    Path scratch = Files.createDirectory(directory.resolve("scratch"));
    try (Snapshot snapshot = SqliteSource.of("large", database).open(scratch)) {
      snapshot.capture();
      Facts facts = snapshot.examine();
      assertThat(facts.counts()).containsEntry("rows of blobs", 1030L);
      facts = facts.and(snapshot.writeTo(OutputStream.nullOutputStream()));
      Path copy = scratch.resolve("snapshot.db");
      assertThat(Fingerprint.same(copy, database)).isTrue(); // nobody has it open
      if (LOOPS > 1) {
        restore(copy, facts);
      }
    }
  }

  private void restore(Path copy, Facts facts) throws Exception {
    Path other = directory.resolve("other.db");
    try (Connection host = Databases.connect(other)) {
      Databases.run(host, "CREATE TABLE small(a)");
    }
    Path staging = Files.createDirectory(directory.resolve("staging"));
    SqliteTarget target = SqliteTarget.live(other);
    try (var content = Files.newInputStream(copy)) {
      target.stage(content, facts, staging);
    }
    assertThat(facts.differencesFrom(target.check(staging))).isEmpty();
    target.apply(staging);
    try (Connection restored = Databases.connect(other)) {
      assertThat(Sqlite.text(restored, "SELECT what FROM last")).isEqualTo("beyond");
    }
  }
}
