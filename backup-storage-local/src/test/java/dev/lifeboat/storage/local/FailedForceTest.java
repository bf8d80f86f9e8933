package dev.lifeboat.storage.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeboat.BackupException;
import dev.lifeboat.Backups;
import dev.lifeboat.catalog.Reason;
import dev.lifeboat.sink.Sinks;
import dev.lifeboat.source.BytesSource;
import dev.lifeboat.testkit.DiskCall;
import dev.lifeboat.testkit.DiskCall.Operation;
import dev.lifeboat.testkit.FaultCount;
import dev.lifeboat.testkit.FaultyDisk;
import dev.lifeboat.testkit.FaultyDisk.Failure;
import dev.lifeboat.testkit.FaultySink.Moment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * After a force that failed the system may have dropped what it could not write, and the next force would report success.
 * So what was not forced is given up, also where it is tried again.
 */
class FailedForceTest {
  private static final Set<Operation> USING = EnumSet.of(
      Operation.WRITE, Operation.FORCE, Operation.CREATE_LINK, Operation.MOVE, Operation.COPY);

  @Test
  void aFileThatCouldNotBeForcedIsNeverForcedAgainNorGivenAName() throws IOException {
    FaultyDisk dry = new FaultyDisk();
    try (Memory memory = Memory.unix()) {
      backups(dry.over(memory.at("/mnt"))).create(Reason.MANUAL);
    }
    int forces = dry.calls(Operation.FORCE);
    int files = 0;
    for (int nth = 1; nth <= forces; nth++) {
      for (Moment moment : Moment.values()) {
        FaultyDisk disk =
            new FaultyDisk().failing(Operation.FORCE, nth, moment, Failure.INPUT_OUTPUT);
        try (Memory memory = Memory.unix()) {
          Backups backups = backups(disk.over(memory.at("/mnt")));
          boolean made = isMade(backups);
          DiskCall failed = disk.failed().get(0);
          if (!Files.isDirectory(failed.path())) {
            files++;
            assertThat(usesAfter(disk, failed))
                .as("%s of force %s", moment, nth)
                .isEmpty();
            assertThat(failed.path()).doesNotExist();
          }
          assertThat(backups.list()).hasSize(made ? 1 : 0);
          assertThat(isMade(backups)).isTrue();
        }
      }
    }
    assertThat(files).isGreaterThan(10);
    FaultCount.tried(FailedForceTest.class, "a force fails", 2L * forces);
  }

  private static List<DiskCall> usesAfter(FaultyDisk disk, DiskCall failed) {
    List<DiskCall> history = disk.history();
    return history.subList(history.indexOf(failed) + 1, history.size()).stream()
        .filter(call -> USING.contains(call.operation()))
        .filter(call -> call.channel() == failed.channel() || call.path().equals(failed.path()))
        .toList();
  }

  private static boolean isMade(Backups backups) {
    try {
      backups.create(Reason.MANUAL);
      return true;
    } catch (BackupException e) {
      return false;
    }
  }

  private static Backups backups(Path root) {
    return Backups.builder("shop")
        .source(BytesSource.of("orders", () -> "orders".getBytes(UTF_8), document -> {}))
        .sink(Sinks.retrying(LocalSink.in(root.resolve("backups")), 3, Duration.ZERO))
        .workDirectory(root.resolve("work"))
        .patience(Duration.ZERO)
        .build();
  }
}
