package dev.lifeboat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.Depth;
import dev.lifeboat.catalog.Reason;
import dev.lifeboat.crypto.Encryption;
import dev.lifeboat.retention.RetentionPolicy;
import dev.lifeboat.sink.BackupSink;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** The verbs that change a sink or read it to its end, each on the same sea of five backups, to be cut short at every call. */
enum Voyages {
  CREATE {
    @Override
    void sail(Backups backups, Shop shop) {
      backups.create(Reason.MANUAL);
    }
  },
  CREATE_PINNED {
    @Override
    void sail(Backups backups, Shop shop) {
      backups.create(CreateRequest.of(Reason.MANUAL).pinned("for the audit"));
    }
  },
  PRUNE {
    @Override
    void sail(Backups backups, Shop shop) {
      backups.prune();
    }
  },
  DELETE {
    @Override
    void sail(Backups backups, Shop shop) {
      backups.forceDelete(shop.sea().get(2), "not needed any more");
    }
  },
  VERIFY {
    @Override
    void sail(Backups backups, Shop shop) {
      backups.verify(shop.sea().get(0), Depth.CONTENT);
    }
  },
  RESTORE {
    @Override
    void sail(Backups backups, Shop shop) {
      backups.restore(shop.sea().get(1));
    }
  },
  RESTORE_ELSEWHERE {
    @Override
    void sail(Backups backups, Shop shop) {
      backups.restore(RestoreRequest.elsewhere(shop.sea().get(1), "orders", shop.annex.target()));
    }
  };

  /** Every one of them in clear, and encrypted those whose calls differ then: the arguments of a test of the two. */
  static Stream<Arguments> inClearAndEncrypted() {
    EnumSet<Voyages> others = Integer.getInteger("loops", 1) > 1
        ? EnumSet.allOf(Voyages.class)
        : EnumSet.of(CREATE_PINNED, DELETE, RESTORE);
    return Stream.concat(
        Stream.of(values()).map(voyage -> Arguments.of(voyage, false)),
        others.stream().map(voyage -> Arguments.of(voyage, true)));
  }

  abstract void sail(Backups backups, Shop shop);

  static Shop sea(Path work) {
    return sea(work, Optional.empty());
  }

  /** The same, encrypted or not. */
  static Shop sea(Path work, Optional<Encryption> encryption) {
    Shop shop = new Shop(work, encryption);
    shop.makeBackups(5);
    shop.remembersSea();
    return shop;
  }

  /** With a policy that lets two of the five go. */
  static Backups boat(Shop shop, BackupSink sink, Path work) {
    return shop.over(sink, work).retention(RetentionPolicy.keepLast(3)).build();
  }

  /** Which of the five are listed whatever happened: all but those that the verb was to remove. */
  List<BackupId> safe(Shop shop) {
    List<BackupId> sea = shop.sea();
    return switch (this) {
      case PRUNE -> sea.subList(0, 3);
      case DELETE -> List.of(sea.get(0), sea.get(1), sea.get(3), sea.get(4));
      default -> sea;
    };
  }

  /** What is live when it has come to its end. */
  private byte[] liveAfter(Shop shop) {
    return this == RESTORE ? shop.content(shop.sea().get(1)) : shop.lastContent();
  }

  /** What must hold when it has come to its end. */
  void assertDone(Shop shop) {
    assertThat(shop.live()).isEqualTo(liveAfter(shop));
    assertThat(shop.annex.live != null).isEqualTo(this == RESTORE_ELSEWHERE);
  }

  /** What must hold when it has failed. */
  void assertNothingLiveWasTouched(Shop shop) {
    assertThat(shop.live()).isEqualTo(shop.lastContent());
    assertThat(shop.annex.live).isNull();
  }

  /** What must hold at once, before anything was tidied up. */
  void assertEarlierOnesAreSafe(Shop shop, Backups backups) {
    for (Backup backup : backups.list()) {
      if (!shop.knows(backup.id())) {
        shop.remember(backup.id(), shop.lastContent());
      }
    }
    assertThat(shop.live()).isIn(shop.lastContent(), liveAfter(shop));
    assertThat(shop.annex.live).isIn(null, shop.content(shop.sea().get(1)));
    assertThat(Shop.ids(backups.list())).containsAll(safe(shop));
    shop.assertAllListedGiveBackWhatWasLive(backups);
    backups.verify(backups.list().get(0).id(), Depth.CONTENT);
    assertThat(shop.warnings()).noneMatch(warning -> warning.contains("cannot be read"));
  }

  /** What must hold after one more round. */
  void assertAnotherRoundTidiesUp(Shop shop, Backups backups) {
    shop.clock.advance(Duration.ofHours(1));
    shop.make(backups);
    backups.prune();
    shop.assertAllListedGiveBackWhatWasLive(backups);
    shop.assertNothingIsLeftOver(backups);
    // what was live before a restore counts, and is no good one for the guards
    assertThat(Shop.ids(backups.list())).hasSizeBetween(3, this == RESTORE ? 4 : 3);
  }
}
