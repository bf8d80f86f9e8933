package dev.lifeboat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeboat.BackupException.Kind;
import dev.lifeboat.crypto.BackupKey;
import dev.lifeboat.crypto.Encryption;
import dev.lifeboat.sink.NoSpaceException;
import dev.lifeboat.testkit.FaultCount;
import dev.lifeboat.testkit.FaultySink;
import dev.lifeboat.testkit.FaultySink.Call;
import dev.lifeboat.testkit.FaultySink.Moment;
import dev.lifeboat.testkit.WatchedDisk;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The n-th call of the sink fails, for every n, before and after it has had its effect. */
@Tag("harness")
class FaultsAtEveryCallTest {
  @TempDir
  static Path directory;

  private static Path temp = Path.of("");
  private static Shop inClear = new Shop(Path.of(""));
  private static Shop sealed = inClear;

  /** The one of the two that is tried. */
  private static Shop sea = inClear;

  private static int worlds;

  @BeforeAll
  static void build() {
    temp = WatchedDisk.unforced(directory);
    inClear = Voyages.sea(temp.resolve("sea"));
    sealed =
        Voyages.sea(temp.resolve("sealed-sea"), Optional.of(Encryption.key(BackupKey.generate())));
  }

  @ParameterizedTest
  @MethodSource("dev.lifeboat.Voyages#inClearAndEncrypted")
  void aFailureThatPassesIsNotEvenNoticed(Voyages voyage, boolean encrypted) {
    forEveryCall("once", voyage, encrypted, (call, nth, moment) -> {
      Shop shop = world();
      FaultySink sink =
          FaultySink.over(shop.memory).failing(call, nth, moment, () -> new IOException("cut"));
      Backups backups = boat(shop, sink);
      shop.nextContent();
      voyage.sail(backups, shop);
      voyage.assertDone(shop);
      voyage.assertEarlierOnesAreSafe(shop, backups);
      if (voyage != Voyages.CREATE_PINNED) {
        voyage.assertAnotherRoundTidiesUp(shop, backups);
      }
      return 1;
    });
  }

  @ParameterizedTest
  @MethodSource("dev.lifeboat.Voyages#inClearAndEncrypted")
  void aFailureThatIsFinalLeavesEarlierBackupsWholeAndNothingForGood(
      Voyages voyage, boolean encrypted) {
    forEveryCall("for good", voyage, encrypted, (call, nth, moment) -> {
      cutAndSettle(
          voyage,
          call,
          nth,
          moment,
          Kind.NO_SPACE,
          () -> new NoSpaceException("the disk is full", null));
      if (moment == Moment.BEFORE && Integer.getInteger("loops", 1) > 1) {
        cutAndSettle(
            voyage,
            call,
            nth,
            moment,
            Kind.SINK,
            () -> new AccessDeniedException("shop", null, "no entry"));
        return 2;
      }
      return 1;
    });
  }

  @ParameterizedTest
  @MethodSource("dev.lifeboat.Voyages#inClearAndEncrypted")
  void aStoreThatStaysAwayLeavesEarlierBackupsWholeAndNothingForGood(
      Voyages voyage, boolean encrypted) {
    forEveryCall("and all that follow", voyage, encrypted, (call, nth, moment) -> {
      if (moment == Moment.AFTER) {
        return 0;
      }
      Shop shop = world();
      FaultySink sink =
          FaultySink.over(shop.memory).failingFrom(call, nth, () -> new IOException("gone"));
      settle(voyage, shop, sink, Kind.SINK);
      return 1;
    });
  }

  @ParameterizedTest
  @MethodSource("dev.lifeboat.Voyages#inClearAndEncrypted")
  void anInterruptedCallLeavesEarlierBackupsWholeAndTheFlagSet(Voyages voyage, boolean encrypted) {
    forEveryCall("by an interrupt", voyage, encrypted, (call, nth, moment) -> {
      Shop shop = world();
      AtomicReference<Thread> interrupted = new AtomicReference<>();
      FaultySink sink = FaultySink.over(shop.memory).failing(call, nth, moment, () -> {
        interrupted.set(Thread.currentThread());
        Thread.currentThread().interrupt();
        return nth % 2 == 0
            ? new ClosedByInterruptException()
            : new InterruptedIOException("interrupted in the sink");
      });
      boolean flag = settle(voyage, shop, sink, Kind.INTERRUPTED);
      assertThat(flag || interrupted.get() != Thread.currentThread())
          .as("the flag after %s of %s %s", moment, call, nth)
          .isTrue();
      return 1;
    });
  }

  private static void cutAndSettle(
      Voyages voyage, Call call, int nth, Moment moment, Kind kind, Supplier<IOException> failure) {
    Shop shop = world();
    FaultySink sink = FaultySink.over(shop.memory).failing(call, nth, moment, failure);
    settle(voyage, shop, sink, kind);
  }

  /** Whether the thread was interrupted in the end. */
  private static boolean settle(Voyages voyage, Shop shop, FaultySink sink, Kind kind) {
    Backups backups = boat(shop, sink);
    shop.nextContent();
    boolean flag;
    try {
      voyage.sail(backups, shop);
      flag = Thread.interrupted();
      voyage.assertDone(shop);
    } catch (BackupException e) {
      flag = Thread.interrupted();
      // an interrupt that came when the sink had done its part ends the apply, which is undone
      boolean undone = kind == Kind.INTERRUPTED && voyage == Voyages.RESTORE;
      assertThat(e.kind()).as(e.getMessage()).isIn(kind, undone ? Kind.UNDONE : kind);
      assertThat(flag).as(e.getMessage()).isEqualTo(kind == Kind.INTERRUPTED);
      voyage.assertNothingLiveWasTouched(shop);
    }
    sink.healed();
    voyage.assertEarlierOnesAreSafe(shop, backups);
    if (voyage == Voyages.CREATE_PINNED) {
      backups.list().forEach(backup -> backups.unpin(backup.id()));
    }
    voyage.assertAnotherRoundTidiesUp(shop, backups);
    return flag;
  }

  /** Tries it, and tells how many faults that was. */
  private interface Fault {
    int at(Call call, int nth, Moment moment);
  }

  private static void forEveryCall(String how, Voyages voyage, boolean encrypted, Fault fault) {
    sea = encrypted ? sealed : inClear;
    Shop dry = world();
    FaultySink counting = FaultySink.over(dry.memory);
    dry.nextContent();
    voyage.sail(boat(dry, counting), dry);
    Map<Call, Integer> calls = new EnumMap<>(Call.class);
    for (Call call : Call.values()) {
      calls.put(call, counting.calls(call));
    }
    assertThat(calls.get(Call.OPEN)).as("%s", voyage).isPositive();
    int tried = 0;
    for (Map.Entry<Call, Integer> entry : calls.entrySet()) {
      for (int nth = 1; nth <= entry.getValue(); nth++) {
        for (Moment moment : Moment.values()) {
          tried += fault.at(entry.getKey(), nth, moment);
        }
      }
    }
    FaultCount.tried(
        FaultsAtEveryCallTest.class,
        "the n-th call of the sink fails " + how + " in " + voyage
            + (encrypted ? ", encrypted" : ""),
        tried);
  }

  private static Shop world() {
    return sea.copy(temp.resolve("world-" + ++worlds));
  }

  private static Backups boat(Shop shop, FaultySink sink) {
    return Voyages.boat(shop, sink, temp.resolve("world-" + worlds));
  }
}
