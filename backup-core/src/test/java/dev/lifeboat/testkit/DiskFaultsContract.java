package dev.lifeboat.testkit;

import dev.lifeboat.crypto.Encryption;
import dev.lifeboat.sink.BackupSink;
import dev.lifeboat.testkit.FaultyDisk.Failure;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * What must hold when any one call to the disk of a sink and of the work directory fails. Every n-th call of every
 * operation fails in every {@link Errand}; by default one in one way and the next one in another, so that every
 * operation meets every {@link Failure}; with {@code -Dloops=2} or more each in all ways.
 */
public interface DiskFaultsContract {
  /** A new empty directory, on whatever file system. */
  Path emptyDirectory() throws Exception;

  /**
   * A new empty sink: a function that opens it, each time as another process would. It is given a directory that is not
   * there yet, each time through another watched disk; a sink that lies elsewhere need not use it.
   */
  Function<Path, BackupSink> emptySink();

  /** With what the backups are encrypted; by default they lie in clear. */
  default Optional<Encryption> encryption() {
    return Optional.empty();
  }

  /** What is done meanwhile; by default everything. */
  default Set<Errand> errands() {
    return EnumSet.allOf(Errand.class);
  }

  /** One errand after another. */
  @TestFactory
  default Stream<DynamicTest> whicheverCallFailsEarlierBackupsAreSafeAndTheErrorIsTrue() {
    return errands().stream()
        .map(errand ->
            DynamicTest.dynamicTest(errand.name(), () -> new DiskFaults(this, errand).tryAll()));
  }

  /** The same, with nothing, an empty directory, a file, a link or another sink's directory in a directory's place. */
  @TestFactory
  default Stream<DynamicTest> wheneverADirectoryIsReplacedTheWrongOneIsLeftAlone() {
    return errands().stream()
        .map(errand ->
            DynamicTest.dynamicTest(errand.name(), () -> new DiskFaults(this, errand).trySwaps()));
  }
}
