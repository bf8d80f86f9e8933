package dev.lifeboat.storage.local;

import dev.lifeboat.sink.BackupSink;
import dev.lifeboat.testkit.DiskFaultsContract;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;

/** The n-th call to the disk of sink and work directory fails, for every n. */
@Tag("harness")
class DiskFaultsAtEveryCallTest implements DiskFaultsContract {
  private final List<Memory> disks = new ArrayList<>();

  @Override
  public Path emptyDirectory() throws IOException {
    close();
    disks.add(Memory.unix());
    return disks.get(0).at("/mnt");
  }

  @Override
  public Function<Path, BackupSink> emptySink() {
    return LocalSink::in;
  }

  @AfterEach
  void close() throws IOException {
    for (Memory disk : disks) {
      disk.close();
    }
    disks.clear();
  }
}
