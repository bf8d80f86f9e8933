package dev.lifeboat.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lifeboat.source.BackupSource;
import dev.lifeboat.source.Facts;
import dev.lifeboat.source.Snapshot;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What every {@link BackupSource} must do. Implement {@link #source} and {@link #change} over some live data of the
 * test's own, not empty, and these tests run.
 */
public interface BackupSourceContract {
  /** A source of the test's live data; the same data at every call. */
  BackupSource source() throws Exception;

  /** Changes the live data, as a writer of the application does; every change leads to a state that never was. */
  void change() throws Exception;

  /**
   * What the content means, to be compared; the bytes by default. For sources that do not write the same bytes twice.
   *
   * @param content as {@link Snapshot#writeTo} wrote it
   * @param directory empty, to work in
   */
  default Object meaningOf(byte[] content, Path directory) throws Exception {
    return ByteBuffer.wrap(content);
  }

  /** Whether {@code open} fixes the state. A tree of files cannot be frozen. */
  default boolean freezes() {
    return true;
  }

  @Test
  default void nameTypeAndSuffixFitTheirGrammars() throws Exception {
    BackupSource source = source();
    assertTrue(source.name().matches("[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?"), source.name());
    assertFalse(Set.of("catalog", "lease", "series", "keys").contains(source.name()));
    assertTrue(source.type().matches("[a-z0-9]{1,16}"), source.type());
    assertTrue(source.suffix().matches("[a-z0-9]{1,16}"), source.suffix());
    assertEquals(source.type(), source().type());
  }

  @Test
  default void itsTargetTakesWhatItWrites() throws Exception {
    assertEquals(source().type(), source().target().type());
  }

  @Test
  default void aSnapshotIsTheStateOfItsOpening(@TempDir Path directory) throws Exception {
    assumeTrue(freezes());
    Saved before = Saved.of(source(), directory);
    Saved taken;
    try (Snapshot snapshot = open(source(), directory)) {
      change();
      taken = Saved.of(snapshot);
    }
    assertEquals(meaning(before, directory), meaning(taken, directory));
    assertEquals(before.facts().counts(), taken.facts().counts());
    assertEquals(before.facts().values(), taken.facts().values());
    assertNotEquals(
        meaning(before, directory),
        meaning(Saved.of(source(), directory), directory),
        "change() changes what the source writes");
  }

  @Test
  default void changesAfterTheCaptureDoNotReachIt(@TempDir Path directory) throws Exception {
    assumeTrue(freezes());
    Saved before = Saved.of(source(), directory);
    try (Snapshot snapshot = open(source(), directory)) {
      snapshot.capture();
      change();
      Saved taken = Saved.ofCaptured(snapshot);
      assertEquals(meaning(before, directory), meaning(taken, directory));
    }
  }

  @Test
  default void severalSnapshotsStandSideBySide(@TempDir Path directory) throws Exception {
    assumeTrue(freezes());
    BackupSource source = source();
    Object first = meaning(Saved.of(source, directory), directory);
    try (Snapshot early = open(source, directory)) {
      change();
      Object second = meaning(Saved.of(source, directory), directory);
      try (Snapshot late = open(source, directory)) {
        change();
        early.capture();
        late.capture();
        assertEquals(second, meaning(Saved.ofCaptured(late), directory));
      }
      assertEquals(first, meaning(Saved.ofCaptured(early), directory));
    }
  }

  @Test
  default void everyStepMayRunOnAThreadOfItsOwn(@TempDir Path directory) throws Exception {
    Object expected = meaning(Saved.of(source(), directory), directory);
    ExecutorService one = Executors.newSingleThreadExecutor();
    ExecutorService other = Executors.newSingleThreadExecutor();
    ExecutorService third = Executors.newSingleThreadExecutor();
    try (Snapshot snapshot = open(source(), directory)) {
      one.submit(() -> {
            snapshot.capture();
            return null;
          })
          .get();
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      Future<Facts> examined = other.submit(snapshot::examine);
      Future<Facts> written = third.submit(() -> snapshot.writeTo(out));
      Facts facts = examined.get().and(written.get());
      assertEquals(List.of(), Saved.of(source(), directory).facts().differencesFrom(facts));
      assertEquals(expected, meaning(new Saved(out.toByteArray(), facts), directory));
    } finally {
      one.shutdownNow();
      other.shutdownNow();
      third.shutdownNow();
    }
  }

  @Test
  default void anExceptionOfTheStreamIsPassedOn(@TempDir Path directory) throws Exception {
    int length = Saved.of(source(), directory).content().length;
    for (int taken : new int[] {0, Math.min(1, length - 1), length / 2, length - 1}) {
      IOException full = new IOException("the sink is full");
      FailingOutput out = FailingOutput.after(taken, full);
      try (Snapshot snapshot = open(source(), directory)) {
        snapshot.capture();
        assertSame(full, assertThrows(IOException.class, () -> snapshot.writeTo(out)));
      }
      assertFalse(out.wasFlushedOrClosed());
    }
    assertTrue(Saved.of(source(), directory).content().length > 0, "it can be read again");
  }

  @Test
  default void theStreamIsTheEnginesToFlushAndClose(@TempDir Path directory) throws Exception {
    FailingOutput out = FailingOutput.after(Long.MAX_VALUE, new IOException("never"));
    try (Snapshot snapshot = open(source(), directory)) {
      snapshot.capture();
      snapshot.writeTo(out);
    }
    assertFalse(out.wasFlushedOrClosed());
  }

  @Test
  default void closingEarlyAndTwiceIsNoError(@TempDir Path directory) throws Exception {
    Snapshot opened = open(source(), directory);
    opened.close();
    opened.close();
    Snapshot captured = open(source(), directory);
    captured.capture();
    captured.close();
    captured.close();
    Snapshot written = open(source(), directory);
    Saved.of(written);
    written.close();
    written.close();
    change(); // nothing holds the live data any more
    assertTrue(Saved.of(source(), directory).content().length > 0);
  }

  @Test
  default void nothingIsLeftBesideTheScratchDirectory(@TempDir Path directory) throws Exception {
    Path scratch = Files.createDirectory(directory.resolve("scratch"));
    try (Snapshot snapshot = source().open(scratch)) {
      Saved.of(snapshot);
    }
    try (Stream<Path> left = Files.list(directory)) {
      assertEquals(List.of(scratch), left.toList());
    }
  }

  private static Snapshot open(BackupSource source, Path directory) throws IOException {
    return source.open(Files.createTempDirectory(directory, "scratch"));
  }

  private Object meaning(Saved saved, Path directory) throws Exception {
    return meaningOf(saved.content(), Files.createTempDirectory(directory, "meaning"));
  }
}
