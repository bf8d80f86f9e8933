package dev.lifeboat.storage.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeboat.Backups;
import dev.lifeboat.crypto.BackupKey;
import dev.lifeboat.crypto.Encryption;
import dev.lifeboat.testkit.DiskTree;
import dev.lifeboat.testkit.FaultCount;
import dev.lifeboat.testkit.ForgetfulDisk;
import dev.lifeboat.testkit.PowerCut;
import dev.lifeboat.testkit.SettableClock;
import dev.lifeboat.testkit.WatchedDisk;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The power fails after every operation of the disk on which sink and work directory lie, for every verb. Of what was
 * not forced nothing is left, all of it, or what chance leaves.
 */
@Tag("harness")
class PowerCutTest {
  private static final int RANDOM = 8 * Integer.getInteger("loops", 1);
  private static final long SEED = 20_260_214;
  private static final Encryption KEY = Encryption.key(BackupKey.generate());

  /** In clear all of them; encrypted those that write or read a key, and all with more loops. */
  static Stream<Arguments> journeys() {
    Set<Journey> encrypted = Integer.getInteger("loops", 1) > 1
        ? EnumSet.allOf(Journey.class)
        : EnumSet.of(Journey.FIRST_CREATE, Journey.CREATE_PINNED, Journey.DELETE);
    return Stream.concat(
        Stream.of(Journey.values())
            .map(journey -> Arguments.of(journey, Named.of("in clear", Optional.empty()))),
        encrypted.stream()
            .map(journey -> Arguments.of(journey, Named.of("encrypted", Optional.of(KEY)))));
  }

  private int moments;
  private int cuts;
  private int looks;
  private final Set<Object> seen = new HashSet<>();

  @ParameterizedTest
  @MethodSource("journeys")
  void whateverThePowerCutLeavesEveryPromiseHolds(Journey journey, Optional<Encryption> encryption)
      throws IOException {
    SettableClock clock = SettableClock.at(Machine.START);
    try (FileSystem memory = Memory.unix(clock)) {
      Machine harbour = new Machine(memory.getPath("/"), clock, encryption);
      build(harbour, journey);
      ForgetfulDisk disk = ForgetfulDisk.over(memory.getPath("/"), clock);
      Machine machine = harbour.at(disk.root(), clock);
      Promises promises = new Promises(disk::operations);
      journey.go(machine, promises);
      assertThat(machine.warnings()).isEmpty();
      Remains remains = new Remains(disk, machine, promises, Aftermath::look);
      disk.forEveryCut(cut -> {
        if (journey.isNewAt(promises, cut.after())) {
          moments++;
          cut(cut, SEED + 1000L * cut.after(), RANDOM, remains);
        }
      });
    }
    String what = journey + (encryption.isPresent() ? ", encrypted" : "");
    FaultCount.tried(getClass(), "power cuts during " + what, cuts);
    FaultCount.tried(getClass(), "moments of " + what, moments);
    FaultCount.tried(getClass(), "distinct disks after " + what, looks);
  }

  /** What a killed process did is there for the next one, and is not durable for that. */
  @ParameterizedTest
  @EnumSource(names = {"FIRST_CREATE", "PRUNE"})
  void whatAKilledProcessHadBegunIsDurableWhenTheNextOneReturns(Journey journey)
      throws IOException {
    boolean killed = true;
    for (int nth = 1; killed; nth++) {
      SettableClock clock = SettableClock.at(Machine.START);
      try (FileSystem memory = Memory.unix(clock)) {
        Machine harbour = new Machine(memory.getPath("/"), clock, Optional.empty());
        build(harbour, journey);
        ForgetfulDisk disk = ForgetfulDisk.over(memory.getPath("/"), clock);
        Promises promises = new Promises(disk::operations);
        Kill kill = new Kill(nth);
        Machine first = harbour.at(WatchedDisk.over(disk.root(), kill), clock);
        killed = kill.ends(() -> journey.go(first, promises));
        Machine second = first.at(disk.root(), clock);
        second.rememberUnknown(first.live());
        Journey.CREATE_AND_PRUNE.go(second, promises);
        Remains remains = new Remains(disk, second, promises, Aftermath::lookAfterKill);
        cut(disk.cut(), SEED + 1000L * nth, RANDOM / 4, remains);
      }
    }
    FaultCount.tried(getClass(), "power cuts after a killed " + journey + " and a round", cuts);
  }

  /** The oldest of two parts, the second newest pinned. */
  private static void build(Machine machine, Journey journey) throws IOException {
    Files.createDirectories(machine.sink.getParent());
    Files.createDirectories(machine.work.getRoot().resolve("home"));
    Backups backups = machine.backups();
    for (int i = 1; i <= journey.backups(); i++) {
      machine.make(backups, i == 1 ? Machine.PART + 900 : 100 * i);
    }
    if (journey.backups() > 1) {
      backups.pin(backups.list().get(1).id(), "for the audit");
    }
    assertThat(machine.warnings()).isEmpty();
    if (!journey.hasWorkDirectory()) {
      deleteTree(machine.work);
    }
  }

  /** What there was when the power failed. */
  private record Remains(ForgetfulDisk disk, Machine machine, Promises promises, Look look) {
    void look(PowerCut cut, DiskTree tree) throws IOException {
      SettableClock clock = SettableClock.at(machine.clock.instant());
      try (FileSystem memory = Memory.unix(clock)) {
        tree.writeTo(memory.getPath("/"));
        look.at(new Aftermath(machine.at(memory.getPath("/"), clock), promises, cut.after()));
      }
    }

    String story(PowerCut cut, DiskTree tree, String survivors) {
      return "\nwhen the power failed " + cut + ", and " + survivors + " was left:\n" + tree
          + "it had done:\n" + String.join("\n", disk.told().subList(0, cut.after()));
    }
  }

  private interface Look {
    void at(Aftermath aftermath) throws IOException;
  }

  private void cut(PowerCut cut, long seed, int random, Remains remains) {
    List<DiskTree> trees = cut.trees(seed, random);
    Set<String> promised = remains.promises().at(cut.after());
    for (int i = 0; i < trees.size(); i++) {
      cuts++;
      if (seen.add(List.of(promised, trees.get(i)))) {
        looks++;
        try {
          remains.look(cut, trees.get(i));
        } catch (RuntimeException | AssertionError | IOException e) {
          throw new AssertionError(
              e.getMessage() + remains.story(cut, trees.get(i), survivors(i, seed)), e);
        }
      }
    }
  }

  private static String survivors(int index, long seed) {
    return switch (index) {
      case 0 -> "nothing unsynced";
      case 1 -> "everything unsynced";
      default -> "what seed " + (seed + index - 2) + " gives";
    };
  }

  private static void deleteTree(Path top) throws IOException {
    List<String> all = Looks.everythingIn(top);
    for (int i = all.size() - 1; i >= 0; i--) {
      Files.delete(top.resolve(all.get(i)));
    }
    Files.delete(top);
  }
}
