package dev.lifeboat.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lifeboat.source.BackupSource;
import dev.lifeboat.source.RestoreTarget;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What every {@link RestoreTarget} must do. Implement the four methods over some live data of the test's own, and these
 * tests run; every step is taken by a new object on the same staging directory, as after a crash.
 */
public interface RestoreTargetContract {
  /** A source of the content to restore. */
  BackupSource source() throws Exception;

  /** What the target restores to, to be compared with {@code equals}: rows as text, a document, "absent". */
  Object liveState() throws Exception;

  /** Changes the live data, as a writer of the application does; every change leads to a state that never was. */
  void change() throws Exception;

  /** The target; a new object at every call. By default the source's own. */
  default RestoreTarget target() throws Exception {
    return source().target();
  }

  /** What {@link #liveState} must be once the source's content, as it is now, has been restored. Default: the same. */
  default Object stateToRestore() throws Exception {
    return liveState();
  }

  /** Whether there is live data before the first restore: not for targets that make something new. */
  default boolean isLiveFromTheStart() {
    return true;
  }

  @Test
  default void itTakesWhatTheSourceWritesAndSaysWhereItIs() throws Exception {
    assertEquals(source().type(), target().type());
    assertFalse(target().description().isBlank());
    assertEquals(target().description(), target().description());
    assertEquals(isLiveFromTheStart(), target().holdsData());
  }

  @Test
  default void spaceIsCountedInBytes() throws Exception {
    RestoreTarget.Space space = target().spaceFor(1 << 20);
    assertTrue(space.needed() >= 0, space.toString());
    assertTrue(space.free() >= 0, space.toString());
  }

  @Test
  default void aDrillFindsTheFactsAndTouchesNothing(@TempDir Path directory) throws Exception {
    Saved saved = Saved.of(source(), directory);
    change();
    Object live = liveState();
    Path staging = staged(saved, directory);
    assertEquals(live, liveState());
    for (int i = 0; i < 2; i++) {
      assertEquals(List.of(), saved.facts().differencesFrom(target().check(staging)));
      assertEquals(List.of(), saved.facts().differencesFrom(target().thorough().check(staging)));
    }
    target().discard(staging);
    assertEquals(live, liveState());
  }

  @Test
  default void applyMakesTheContentLive(@TempDir Path directory) throws Exception {
    Object expected = stateToRestore();
    Saved saved = Saved.of(source(), directory);
    change();
    assertNotEquals(expected, liveState(), "change() changes what is live");
    Path staging = checked(saved, directory);
    target().apply(staging);
    assertEquals(expected, liveState());
    assertTrue(target().holdsData());
    target().discard(staging);
    assertEquals(expected, liveState());
  }

  @Test
  default void undoBringsBackWhatWasLive(@TempDir Path directory) throws Exception {
    Saved saved = Saved.of(source(), directory);
    change();
    Object before = liveState();
    Path staging = checked(saved, directory);
    target().apply(staging);
    assertNotEquals(before, liveState());
    target().undo(staging);
    assertEquals(before, liveState());
    assertEquals(isLiveFromTheStart(), target().holdsData());
    target().discard(staging);
    assertEquals(before, liveState());
  }

  @Test
  default void undoBringsBackAlsoWhatChangedAfterTheCheck(@TempDir Path directory)
      throws Exception {
    Saved saved = Saved.of(source(), directory);
    Path staging = checked(saved, directory);
    change();
    Object before = liveState();
    target().apply(staging);
    target().undo(staging);
    assertEquals(before, liveState());
  }

  @Test
  default void undoWithoutApplyDoesNothing(@TempDir Path directory) throws Exception {
    Saved saved = Saved.of(source(), directory);
    Path staging = checked(saved, directory);
    change();
    Object live = liveState();
    target().undo(staging);
    target().undo(staging);
    assertEquals(live, liveState());
    target().discard(staging);
    assertEquals(live, liveState());
  }

  @Test
  default void everyStepMayBeRepeated(@TempDir Path directory) throws Exception {
    Object expected = stateToRestore();
    Saved saved = Saved.of(source(), directory);
    change();
    Object before = liveState();
    Path staging = checked(saved, directory);
    assertEquals(List.of(), saved.facts().differencesFrom(target().check(staging)));
    target().apply(staging);
    target().apply(staging);
    assertEquals(expected, liveState());
    target().undo(staging);
    target().undo(staging);
    assertEquals(before, liveState());
    target().discard(staging);
    target().discard(staging);
    assertEquals(before, liveState());
  }

  @Test
  default void oneRestoreAfterTheOtherIsUndoneToTheOneBefore(@TempDir Path directory)
      throws Exception {
    Object first = stateToRestore();
    Saved early = Saved.of(source(), directory);
    Path firstStaging = checked(early, directory);
    target().apply(firstStaging);
    target().discard(firstStaging);
    change();
    Object between = liveState();
    Path secondStaging = checked(early, directory);
    target().apply(secondStaging);
    assertEquals(first, liveState());
    target().undo(secondStaging);
    assertEquals(between, liveState());
  }

  @Test
  default void contentIsReadToItsEndAndLeftOpen(@TempDir Path directory) throws Exception {
    Saved saved = Saved.of(source(), directory);
    AtomicBoolean ended = new AtomicBoolean();
    AtomicBoolean closed = new AtomicBoolean();
    InputStream content = new FilterInputStream(new ByteArrayInputStream(saved.content())) {
      @Override
      public int read() throws IOException {
        int b = super.read();
        ended.compareAndSet(false, b < 0);
        return b;
      }

      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        int n = super.read(bytes, offset, length);
        ended.compareAndSet(false, n < 0);
        return n;
      }

      @Override
      public void close() {
        closed.set(true);
      }
    };
    target().stage(content, saved.facts(), staging(directory));
    assertTrue(ended.get(), "its end was not read");
    assertFalse(closed.get());
  }

  @Test
  default void anExceptionOfTheContentIsPassedOnAndNothingHasHappened(@TempDir Path directory)
      throws Exception {
    Saved saved = Saved.of(source(), directory);
    change();
    Object live = liveState();
    int length = saved.content().length;
    for (int given : new int[] {0, length / 2, length}) {
      IOException damaged = new IOException("the next byte is not right");
      FailingInput content = FailingInput.after(given, saved.content(), damaged);
      Path staging = staging(directory);
      IOException thrown =
          assertThrows(IOException.class, () -> target().stage(content, saved.facts(), staging));
      assertSame(damaged, thrown, "after " + given + " bytes");
      assertEquals(live, liveState());
      target().undo(staging);
      target().discard(staging);
      assertEquals(live, liveState());
    }
  }

  @Test
  default void aStageThatNeverBeganIsDiscardedAlike(@TempDir Path directory) throws Exception {
    Object live = liveState();
    Path staging = staging(directory);
    target().undo(staging);
    target().discard(staging);
    assertEquals(live, liveState());
  }

  private Path checked(Saved saved, Path directory) throws Exception {
    Path staging = staged(saved, directory);
    assertEquals(List.of(), saved.facts().differencesFrom(target().check(staging)));
    return staging;
  }

  private Path staged(Saved saved, Path directory) throws Exception {
    Path staging = staging(directory);
    target().stage(new ByteArrayInputStream(saved.content()), saved.facts(), staging);
    return staging;
  }

  private static Path staging(Path directory) throws IOException {
    return Files.createTempDirectory(directory, "staging");
  }
}
