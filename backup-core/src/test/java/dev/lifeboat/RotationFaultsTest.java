package dev.lifeboat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeboat.BackupException.Kind;
import dev.lifeboat.sink.NoSpaceException;
import dev.lifeboat.testkit.FaultCount;
import dev.lifeboat.testkit.FaultySink;
import dev.lifeboat.testkit.FaultySink.Call;
import dev.lifeboat.testkit.FaultySink.Moment;
import dev.lifeboat.testkit.WatchedDisk;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Keys are changed while the n-th call of the sink fails, or the process dies at it, for every n. */
@Tag("harness")
class RotationFaultsTest {
  /** Once, the failures take turns over the calls; oftener, each comes at every call. */
  private static final boolean EACH = Integer.getInteger("loops", 1) > 1;

  @TempDir
  static Path directory;

  private static Path temp = Path.of("");
  private static @Nullable RotationSea sea;
  private static int worlds;

  @BeforeAll
  static void build() {
    temp = WatchedDisk.unforced(directory);
    sea = RotationSea.made(temp.resolve("sea"));
  }

  private static RotationSea world() {
    return Objects.requireNonNull(sea).copy(temp.resolve("world-" + ++worlds));
  }

  @ParameterizedTest
  @EnumSource
  void aFailureThatIsFinalLosesNothing(RotationSea.Way way) {
    forEveryCall("fails for good", 0, way, (sink, call, nth, moment) -> {
      sink.failing(call, nth, moment, () -> new NoSpaceException("the disk is full", null));
      return Kind.NO_SPACE;
    });
  }

  @ParameterizedTest
  @EnumSource
  void aStoreThatStaysAwayLosesNothing(RotationSea.Way way) {
    forEveryCall("and all that follow fail", 1, way, (sink, call, nth, moment) -> {
      sink.failingFrom(
          call, moment == Moment.BEFORE ? nth : nth + 1, () -> new IOException("gone"));
      return Kind.SINK;
    });
  }

  @ParameterizedTest
  @EnumSource
  void anInterruptLosesNothing(RotationSea.Way way) {
    forEveryCall("is interrupted", 2, way, (sink, call, nth, moment) -> {
      sink.failing(call, nth, moment, () -> {
        Thread.currentThread().interrupt();
        return new InterruptedIOException("interrupted in the sink");
      });
      return Kind.INTERRUPTED;
    });
  }

  @ParameterizedTest
  @EnumSource
  void aProcessThatDiesLosesNothing(RotationSea.Way way) {
    int tried = 0;
    for (boolean arrives : new boolean[] {false, true}) {
      boolean crashed = true;
      for (int nth = 1; crashed; nth++) {
        if (!EACH && (nth % 2 == 0) == arrives) {
          continue;
        }
        RotationSea world = world();
        CrashingSink sink = new CrashingSink(world.shop().memory, nth, arrives);
        crashed = false;
        try {
          way.go(world.host(sink));
        } catch (CrashingSink.PowerCut e) {
          crashed = true;
        }
        crashed |= sink.isDead();
        world.assertNothingIsLost();
        way.go(world.host(world.shop().memory));
        world.assertDone(way);
        tried += crashed ? 1 : 0;
        assertThat(nth).as("calls of %s", way).isLessThan(400);
      }
    }
    FaultCount.tried(
        RotationFaultsTest.class, "the process dies at the n-th call of the sink in " + way, tried);
  }

  /** Makes a sink fail, and tells what the verb must say of it. */
  private interface Fault {
    Kind set(FaultySink sink, Call call, int nth, Moment moment);
  }

  private static void forEveryCall(String how, int turn, RotationSea.Way way, Fault fault) {
    RotationSea dry = world();
    FaultySink counting = FaultySink.over(dry.shop().memory);
    way.go(dry.host(counting));
    dry.assertDone(way);
    int tried = 0;
    int calls = 0;
    for (Call call : Call.values()) {
      assertThat(counting.calls(call)).as("%s in %s", call, way).isPositive();
      for (int nth = 1; nth <= counting.calls(call); nth++) {
        for (Moment moment : Moment.values()) {
          if (!EACH && calls++ % 3 != turn) {
            continue;
          }
          RotationSea world = world();
          FaultySink sink = FaultySink.over(world.shop().memory);
          settle(way, world, sink, fault.set(sink, call, nth, moment));
          tried++;
        }
      }
    }
    FaultCount.tried(
        RotationFaultsTest.class, "the n-th call of the sink " + how + " in " + way, tried);
  }

  private static void settle(RotationSea.Way way, RotationSea world, FaultySink sink, Kind kind) {
    Backups host = world.host(sink);
    try {
      way.go(host);
    } catch (BackupException e) {
      assertThat(e.kind()).as(e.getMessage()).isEqualTo(kind);
    } finally {
      Thread.interrupted();
    }
    world.assertNothingIsLost();
    sink.healed();
    way.go(host);
    world.assertDone(way);
  }
}
