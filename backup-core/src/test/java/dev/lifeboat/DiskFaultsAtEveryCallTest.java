package dev.lifeboat;

import dev.lifeboat.sink.BackupSink;
import dev.lifeboat.sink.MemorySink;
import dev.lifeboat.testkit.DiskFaultsContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** The n-th call to the work directory's disk fails, for every n. */
@Tag("harness")
class DiskFaultsAtEveryCallTest implements DiskFaultsContract {
  @TempDir
  Path temp;

  @Override
  public Path emptyDirectory() throws IOException {
    return Files.createTempDirectory(temp, "world");
  }

  @Override
  public Function<Path, BackupSink> emptySink() {
    MemorySink memory = new MemorySink("shelf");
    return directory -> memory;
  }
}
