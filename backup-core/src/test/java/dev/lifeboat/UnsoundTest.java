package dev.lifeboat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.Reason;
import dev.lifeboat.catalog.State;
import dev.lifeboat.sink.MemorySink;
import dev.lifeboat.source.UnprovenException;
import dev.lifeboat.testkit.SettableClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Live data that is not sound is no backup to count on, and yet not thrown away by a restore. */
class UnsoundTest {
  private static final byte[] SOUND = "sound".getBytes(StandardCharsets.UTF_8);
  private static final byte[] ROTTEN = "rotten".getBytes(StandardCharsets.UTF_8);

  @TempDir
  Path temp;

  private final SettableClock clock = SettableClock.at("2026-02-14T14:30:45Z");
  private final Documents orders = new Documents("orders", SOUND);

  @Test
  void aBackupOfItFails() {
    Backups backups = backups();
    orders.failExamine = new UnprovenException("half of it is missing", null);

    assertThatThrownBy(() -> backups.create(Reason.MANUAL))
        .isInstanceOfSatisfying(
            BackupException.class, e -> assertThat(e.kind()).isEqualTo(BackupException.Kind.SOURCE))
        .hasMessage(
            "Cannot back up \"orders\" to \"shop\" in memory shop: half of it is missing. Nothing was added;"
                + " earlier backups are untouched.");
    assertThat(backups.list()).isEmpty();
  }

  @Test
  void aRestoreKeepsItAsAnIncompleteBackup() throws Exception {
    Backups backups = backups();
    Backup good = backups.create(Reason.MANUAL);
    clock.advance(Duration.ofHours(1));
    orders.live = ROTTEN;
    orders.failExamine = new UnprovenException("half of it is missing", null);

    Backup before = backups.restore(good.id()).before().orElseThrow();

    assertThat(orders.isLive(SOUND)).isTrue();
    assertThat(before.state()).isEqualTo(State.INCOMPLETE);
    assertThat(before
            .manifest()
            .components()
            .get(0)
            .details()
            .orElseThrow()
            .facts()
            .gaps())
        .containsExactly("not sound: half of it is missing");
    try (var kept = backups.open(before.id(), "orders")) {
      assertThat(kept.readAllBytes()).isEqualTo(ROTTEN);
    }
    assertThat(backups.latest()).contains(good);
  }

  private Backups backups() {
    return Backups.builder("shop")
        .source(orders)
        .sink(new MemorySink("shop"))
        .workDirectory(temp.resolve("work"))
        .clock(clock)
        .build();
  }
}
