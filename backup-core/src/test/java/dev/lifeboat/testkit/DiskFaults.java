package dev.lifeboat.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lifeboat.testkit.DiskCall.Operation;
import dev.lifeboat.testkit.FaultyDisk.Failure;
import dev.lifeboat.testkit.FaultySink.Moment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Every fault of one errand, each in a world of its own. */
final class DiskFaults {
  /** They change nothing, so whether they fail before or after is the same to whoever called. */
  private static final Set<Operation> LOOKING = EnumSet.of(
      Operation.READ,
      Operation.SIZE,
      Operation.READ_SYMBOLIC_LINK,
      Operation.NEXT,
      Operation.READ_ATTRIBUTES,
      Operation.CHECK_ACCESS,
      Operation.REAL_PATH,
      Operation.FILE_STORE);

  private static final Set<Operation> CHANGING = EnumSet.of(
      Operation.WRITE,
      Operation.FORCE,
      Operation.CREATE_DIRECTORY,
      Operation.CREATE_LINK,
      Operation.MOVE,
      Operation.DELETE);

  private static final boolean ALL = Integer.getInteger("loops", 1) > 1;

  private final DiskFaultsContract contract;
  private final Errand errand;

  DiskFaults(DiskFaultsContract contract, Errand errand) {
    this.contract = contract;
    this.errand = errand;
  }

  private record Fault(Operation operation, int nth, Moment moment, Failure failure) {}

  void tryAll() throws Exception {
    Harbour.Sea sea =
        Harbour.sea(contract.emptyDirectory(), contract.emptySink(), contract.encryption());
    FaultyDisk dry = new FaultyDisk().notForcing();
    Harbour harbour = harbour(sea);
    harbour.on(dry);
    errand.run(harbour);
    int tried = 0;
    List<String> failures = new ArrayList<>();
    for (Operation operation : Operation.values()) {
      for (Fault fault : faults(operation, dry.calls(operation))) {
        tryOne(sea, fault, failures);
        tried++;
      }
    }
    assertEquals(List.of(), failures, () -> failures.size() + " of " + "the faults");
    assertTrue(tried >= dry.history().size(), "every call failed");
    FaultCount.tried(contract.getClass(), "the n-th call of the disk fails in " + what(), tried);
  }

  private String what() {
    return errand + (contract.encryption().isPresent() ? ", encrypted" : "");
  }

  private void tryOne(Harbour.Sea sea, Fault fault, List<String> failures) throws Exception {
    Harbour harbour = harbour(sea);
    FaultyDisk disk = new FaultyDisk()
        .notForcing()
        .failing(fault.operation(), fault.nth(), fault.moment(), fault.failure());
    Aftermath aftermath = new Aftermath(harbour, errand, Optional.of(fault.failure()));
    try {
      aftermath.of(disk);
    } catch (AssertionError | Exception e) {
      failures.add("\n" + fault + "\n  " + e + "\n  " + disk.failed() + "\n  " + aftermath);
    }
  }

  /** Before the errand and at each of its calls that change something, another directory is in the right one's place. */
  void trySwaps() throws Exception {
    Harbour.Sea sea =
        Harbour.sea(contract.emptyDirectory(), contract.emptySink(), contract.encryption());
    FaultyDisk dry = new FaultyDisk().notForcing();
    Harbour harbour = harbour(sea);
    boolean hasSink = Files.exists(harbour.sinkDirectory());
    harbour.on(dry);
    errand.run(harbour);
    int calls = CHANGING.stream().mapToInt(dry::calls).sum();
    List<String> failures = new ArrayList<>();
    int tried = 0;
    Swap[] swaps = Swap.values();
    // a machine that knows nothing of the series takes whatever is there when it begins
    int known = errand.isFirst() ? firstInSink(dry, harbour) : 0;
    for (int nth = errand.isFirst() ? 1 : 0; nth <= calls; nth++) {
      for (int i = 0; i < swaps.length; i++) {
        Swap swap = swaps[i];
        boolean turn = ALL || nth == 0 || nth % swaps.length == i;
        if (turn && hasSink && nth >= known) {
          trySwap(sea, nth, swap, true, failures);
          tried++;
        }
        if (turn && swap != Swap.LINK && swap != Swap.OTHER) {
          trySwap(sea, nth, swap, false, failures);
          tried++;
        }
      }
    }
    assertEquals(List.of(), failures, () -> failures.size() + " of the faults");
    FaultCount.tried(contract.getClass(), "a directory is replaced in " + what(), tried);
  }

  private void trySwap(Harbour.Sea sea, int nth, Swap swap, boolean sinks, List<String> failures)
      throws Exception {
    Harbour harbour = harbour(sea);
    Path directory = sinks ? harbour.sinkDirectory() : harbour.workDirectory();
    FaultyDisk disk = new FaultyDisk().notForcing();
    Aftermath aftermath = new Aftermath(harbour, errand, Optional.empty());
    try {
      if (nth == 0) {
        swap.swap(directory);
      }
      disk.meanwhile(CHANGING, nth, () -> swap.swap(directory));
      aftermath.ofSwap(disk, swap, directory);
    } catch (AssertionError | Exception e) {
      failures.add("\nFault[" + swap + " for " + directory + " at " + nth + "]\n  " + e + "\n  "
          + changed(disk, nth) + "\n  " + aftermath);
    }
  }

  private static int firstInSink(FaultyDisk disk, Harbour harbour) {
    List<DiskCall> changing = disk.history().stream()
        .filter(call -> CHANGING.contains(call.operation()))
        .toList();
    int nth = 1;
    while (nth <= changing.size()
        && !changing.get(nth - 1).path().startsWith(harbour.sinkDirectory())) {
      nth++;
    }
    return nth;
  }

  private static List<DiskCall> changed(FaultyDisk disk, int nth) {
    return disk.history().stream()
        .filter(call -> CHANGING.contains(call.operation()))
        .skip(Math.max(0, nth - 1))
        .limit(1)
        .toList();
  }

  /** So many calls; fewer than there are failures are tried again until each was met. */
  private static List<Fault> faults(Operation operation, int calls) {
    List<Fault> faults = new ArrayList<>();
    if (calls == 0) {
      return faults;
    }
    Moment[] moments =
        LOOKING.contains(operation) && !ALL ? new Moment[] {Moment.BEFORE} : Moment.values();
    Failure[] failures = Failure.values();
    int each = moments.length * calls;
    for (int i = 0; i < (ALL ? each * failures.length : Math.max(each, failures.length)); i++) {
      int turn = ALL ? i / each : i / failures.length;
      faults.add(new Fault(
          operation,
          1 + i / moments.length % calls,
          moments[i % moments.length],
          failures[(i + turn) % failures.length]));
    }
    return faults;
  }

  private Harbour harbour(Harbour.Sea sea) throws Exception {
    Harbour harbour =
        new Harbour(contract.emptyDirectory(), contract.emptySink(), contract.encryption());
    harbour.fill(sea, !errand.isFirst(), errand == Errand.CREATE ? (64 << 10) + 1000 : 3000);
    return harbour;
  }
}
