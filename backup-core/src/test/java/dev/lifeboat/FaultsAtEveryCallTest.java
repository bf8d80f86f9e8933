package dev.lifeboat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeboat.sink.NoSpaceException;
import dev.lifeboat.testkit.FaultySink;
import dev.lifeboat.testkit.FaultySink.Call;
import dev.lifeboat.testkit.FaultySink.Moment;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The n-th call of the sink fails, for every n, before and after it has had its effect. */
class FaultsAtEveryCallTest {
  @TempDir
  static Path temp;

  private static Shop sea = new Shop(Path.of(""));
  private static int worlds;

  @BeforeAll
  static void build() {
    sea = Voyages.sea(temp.resolve("sea"));
  }

  @ParameterizedTest
  @EnumSource
  void aFailureThatPassesIsNotEvenNoticed(Voyages voyage) {
    forEveryCall(voyage, (call, nth, moment) -> {
      Shop shop = world();
      FaultySink sink =
          FaultySink.over(shop.memory).failing(call, nth, moment, () -> new IOException("cut"));
      Backups backups = boat(shop, sink);
      shop.nextContent();
      voyage.sail(backups, shop);
      voyage.assertEarlierOnesAreSafe(shop, backups);
      if (voyage != Voyages.CREATE_PINNED) {
        voyage.assertAnotherRoundTidiesUp(shop, backups);
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void aFailureThatIsFinalLeavesEarlierBackupsWholeAndNothingForGood(Voyages voyage) {
    forEveryCall(voyage, (call, nth, moment) -> {
      cutAndSettle(voyage, call, nth, moment, () -> new NoSpaceException("the disk is full", null));
      if (moment == Moment.BEFORE && Integer.getInteger("loops", 1) > 1) {
        cutAndSettle(
            voyage, call, nth, moment, () -> new AccessDeniedException("shop", null, "no entry"));
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void aStoreThatStaysAwayLeavesEarlierBackupsWholeAndNothingForGood(Voyages voyage) {
    forEveryCall(voyage, (call, nth, moment) -> {
      if (moment == Moment.AFTER) {
        return;
      }
      Shop shop = world();
      FaultySink sink =
          FaultySink.over(shop.memory).failingFrom(call, nth, () -> new IOException("gone"));
      settle(voyage, shop, sink);
    });
  }

  private static void cutAndSettle(
      Voyages voyage, Call call, int nth, Moment moment, Supplier<IOException> failure) {
    Shop shop = world();
    settle(voyage, shop, FaultySink.over(shop.memory).failing(call, nth, moment, failure));
  }

  private static void settle(Voyages voyage, Shop shop, FaultySink sink) {
    Backups backups = boat(shop, sink);
    shop.nextContent();
    try {
      voyage.sail(backups, shop);
    } catch (BackupException e) {
      assertThat(e.kind())
          .as(e.getMessage())
          .isIn(BackupException.Kind.SINK, BackupException.Kind.NO_SPACE);
    }
    sink.healed();
    voyage.assertEarlierOnesAreSafe(shop, backups);
    if (voyage == Voyages.CREATE_PINNED) {
      backups.list().forEach(backup -> backups.unpin(backup.id()));
    }
    voyage.assertAnotherRoundTidiesUp(shop, backups);
  }

  private interface Fault {
    void at(Call call, int nth, Moment moment);
  }

  private static void forEveryCall(Voyages voyage, Fault fault) {
    Shop dry = world();
    FaultySink counting = FaultySink.over(dry.memory);
    dry.nextContent();
    voyage.sail(boat(dry, counting), dry);
    Map<Call, Integer> calls = new EnumMap<>(Call.class);
    for (Call call : Call.values()) {
      calls.put(call, counting.calls(call));
    }
    assertThat(calls).as("%s", voyage).containsKey(Call.PUT);
    calls.forEach((call, count) -> {
      for (int nth = 1; nth <= count; nth++) {
        for (Moment moment : Moment.values()) {
          fault.at(call, nth, moment);
        }
      }
    });
  }

  private static Shop world() {
    return sea.copy(temp.resolve("world-" + ++worlds));
  }

  private static Backups boat(Shop shop, FaultySink sink) {
    return Voyages.boat(shop, sink, temp.resolve("world-" + worlds));
  }
}
