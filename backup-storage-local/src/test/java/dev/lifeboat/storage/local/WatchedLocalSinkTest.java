package dev.lifeboat.storage.local;

import static dev.lifeboat.storage.local.Looks.everythingIn;
import static dev.lifeboat.storage.local.Looks.put;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeboat.sink.BackupSink;
import dev.lifeboat.testkit.BackupSinkContract;
import dev.lifeboat.testkit.DiskCall;
import dev.lifeboat.testkit.DiskCall.Operation;
import dev.lifeboat.testkit.WatchedDisk;
import dev.lifeboat.testkit.Watcher;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A watched disk is a disk like any other, also in front of one in memory, and shows what is forced in which order. */
class WatchedLocalSinkTest implements BackupSinkContract, Watcher {
  private final Memory memory;
  private final List<String> forced = Collections.synchronizedList(new ArrayList<>());

  WatchedLocalSinkTest() throws IOException {
    memory = Memory.unix();
  }

  @AfterEach
  void close() throws IOException {
    memory.close();
  }

  @Override
  public <T> T call(DiskCall call, Effect<T> effect) throws IOException {
    T result = effect.run();
    if (call.operation() == Operation.FORCE || call.operation() == Operation.CREATE_LINK) {
      forced.add(call.operation() + " " + call.other().orElse(call.path()));
    }
    return result;
  }

  @Override
  public BackupSink emptySink() {
    return LocalSink.in(WatchedDisk.over(memory.at("/mnt/backups"), this));
  }

  @Test
  void aFileIsForcedBeforeItHasItsNameAndEveryFolderAfterwards() throws IOException {
    BackupSink sink = emptySink();
    put(sink, "other", 1);
    forced.clear();
    put(sink, "a/b/x", 7);
    Path root = memory.at("/mnt/backups");
    assertThat(everythingIn(root)).contains("a/b/x");
    assertThat(forced.get(0)).matches("FORCE /mnt/backups/a/b/\\.[0-9a-f.-]+\\.part");
    assertThat(forced.subList(1, forced.size()))
        .containsExactly(
            "CREATE_LINK /mnt/backups/a/b/x",
            "FORCE /mnt/backups/a/b",
            "FORCE /mnt/backups/a",
            "FORCE /mnt/backups");
  }
}
