package dev.lifeboat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.Depth;
import dev.lifeboat.catalog.State;
import dev.lifeboat.crypto.BackupKey;
import dev.lifeboat.crypto.Encryption;
import dev.lifeboat.sink.BackupSink;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Two encrypted backups and the tombstone of a third, whose keys are changed while something fails. */
final class RotationSea {
  private static final Encryption OLD = Encryption.key(BackupKey.generate());
  private static final Encryption NEXT = Encryption.key(BackupKey.generate());
  private static final Encryption BOTH = NEXT.alsoReading(OLD);

  private final Shop shop;
  private final Path work;
  private final BackupId deleted;
  private final List<BackupId> ids;
  private int machines;

  private RotationSea(Shop shop, Path work, BackupId deleted, List<BackupId> ids) {
    this.shop = shop;
    this.work = work;
    this.deleted = deleted;
    this.ids = ids;
  }

  /** How keys are changed. */
  enum Way {
    REWRAP {
      @Override
      void go(Backups backups) {
        assertThat(backups.rewrap(NEXT))
            .noneMatch(one -> one.outcome() == Rewrapped.Outcome.SKIPPED);
      }
    },
    REENCRYPT {
      @Override
      void go(Backups backups) {
        assertThat(backups.reencrypt())
            .noneMatch(one -> one.outcome() == Reencrypted.Outcome.SKIPPED);
      }
    };

    abstract void go(Backups backups);
  }

  /** The oldest is gone, the next one pinned. */
  static RotationSea made(Path work) {
    Shop shop = new Shop(work);
    Backups backups = shop.over(shop.memory, work).encryption(OLD).build();
    List<BackupId> ids = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      ids.add(shop.make(backups).id());
      shop.clock.advance(Duration.ofHours(1));
    }
    backups.forceDelete(ids.get(0), "not needed any more");
    backups.pin(ids.get(1), "for the audit");
    return new RotationSea(shop, work, ids.get(0), List.copyOf(ids.subList(1, 3)));
  }

  /** The same objects, for a fault of its own, on a machine that knows nothing of them. */
  RotationSea copy(Path other) {
    return new RotationSea(shop.copy(other), other, deleted, ids);
  }

  Shop shop() {
    return shop;
  }

  /** The host that changes its key. */
  Backups host(BackupSink sink) {
    return shop.over(sink, work).encryption(BOTH).build();
  }

  private Backups stranger(Encryption encryption) {
    return shop.over(shop.memory, work.resolveSibling(work.getFileName() + "-" + ++machines))
        .encryption(encryption)
        .build();
  }

  /** At every moment all content is there, counts and opens, with the old key or the new one; the pin holds. */
  void assertNothingIsLost() {
    shop.events.clear();
    Backups reader = stranger(BOTH);
    List<Backup> listed = reader.list();
    assertThat(listed).extracting(Backup::state).containsOnly(State.COMPLETE);
    assertThat(shop.warnings()).noneMatch(warning -> warning.contains("gap"));
    assertThat(listed).extracting(Backup::id).doesNotContain(deleted);
    List<BackupId> opens = new ArrayList<>(proven(stranger(OLD)));
    opens.addAll(proven(stranger(NEXT)));
    assertThat(opens).containsAll(Shop.ids(listed));
    for (BackupId id : ids) {
      List<Backup> same = listed.stream()
          .filter(backup -> Arrays.equals(shop.read(reader, backup.id()), shop.content(id)))
          .toList();
      assertThat(same).as("%s in %s", id, listed).hasSizeBetween(1, 2);
      assertThat(same.stream().anyMatch(Backup::isPinned))
          .as("the pin of %s", id)
          .isEqualTo(id.equals(ids.get(0)));
    }
  }

  private static List<BackupId> proven(Backups backups) {
    return Shop.ids(
        backups.list().stream().filter(backup -> backup.untrusted().isEmpty()).toList());
  }

  /** When it has come to its end: as many, for the new key alone, and nothing left over. */
  void assertDone(Way way) {
    assertNothingIsLost();
    shop.events.clear();
    Backups reader = stranger(NEXT);
    List<Backup> listed = reader.list();
    assertThat(shop.warnings()).isEmpty();
    assertThat(listed).extracting(Backup::state).containsOnly(State.COMPLETE).hasSize(ids.size());
    assertThat(Shop.ids(listed).containsAll(ids)).isEqualTo(way == Way.REWRAP);
    assertThat(proven(stranger(OLD))).isEmpty();
    for (Backup backup : listed) {
      reader.verify(backup.id(), Depth.CONTENT);
      assertThat(shop.names())
          .filteredOn(name -> name.startsWith("shop/" + backup.id() + "/keys"))
          .hasSize(1);
    }
    assertThat(shop.names())
        .filteredOn(name -> Shop.ids(listed).stream().noneMatch(id -> name.contains(id.toString())))
        .allMatch(name -> name.matches("shop/(series.json|RECOVERY.txt|catalog/.*\\.deleted-.*)"));
  }
}
