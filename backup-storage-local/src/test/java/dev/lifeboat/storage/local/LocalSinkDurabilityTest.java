package dev.lifeboat.storage.local;

import static dev.lifeboat.storage.local.Looks.everythingIn;
import static dev.lifeboat.storage.local.Looks.named;
import static dev.lifeboat.storage.local.Looks.names;
import static dev.lifeboat.storage.local.Looks.put;
import static dev.lifeboat.storage.local.Looks.sizeOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lifeboat.sink.BackupSink;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What is forced to a real disk, and what happens when the disk refuses. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "folders are not forced there")
class LocalSinkDurabilityTest {
  @TempDir
  Path parent;

  private final List<Boolean> forced = new ArrayList<>();
  private int failAt = Integer.MAX_VALUE;
  private IOException failure = new IOException("Input/output error");
  private Path directory = Path.of("");
  private BackupSink sink = LocalSink.in(directory);

  @BeforeEach
  void open() {
    directory = parent.resolve("backups");
    sink = another();
  }

  private BackupSink another() {
    return new LocalSink(directory, channel -> {
      forced.add(true);
      if (forced.size() == failAt) {
        throw failure;
      }
      channel.force(true);
    });
  }

  @Test
  void theFileAndEveryFolderAboveItAreForced() throws IOException {
    put(sink, "a/b/x", 1);
    // marker, directory, parent; then the file, a/b, a, directory
    assertThat(forced).hasSize(3 + 4);
    forced.clear();
    put(sink, "a/b/y", 1);
    assertThat(forced).hasSize(4);
    forced.clear();
    put(sink, "z", 1);
    assertThat(forced).hasSize(2);
    forced.clear();
    sink.delete(named("a/b/x"));
    assertThat(forced).hasSize(1);
    sink.delete(named("a/b/x"));
    assertThat(forced).as("whoever deleted it may have been killed before").hasSize(2);
    sink.delete(named("gone/x"));
    assertThat(forced).hasSize(2);
  }

  @Test
  void theDirectorysOwnNameIsForcedAlsoIfAnotherProcessMadeIt() throws IOException {
    put(sink, "x", 1);
    BackupSink second = another();
    forced.clear();
    put(second, "y", 1);
    // parent, file, directory
    assertThat(forced).hasSize(3);
    forced.clear();
    put(second, "z", 1);
    assertThat(forced).hasSize(2);
  }

  @Test
  void whicheverForceFailsNothingIsKeptAndTheNextPutSucceeds() throws IOException {
    for (int nth = 1; nth <= 4; nth++) {
      put(sink, "a/b/other", 1);
      forced.clear();
      failAt = nth;
      assertThatThrownBy(() -> put(sink, "a/b/x", 7)).isSameAs(failure);
      failAt = Integer.MAX_VALUE;
      assertThat(everythingIn(directory)).containsExactly(".lifeboat", "a/", "a/b/", "a/b/other");
      put(sink, "a/b/x", 7);
      assertThat(sizeOf(sink, "a/b/x")).isEqualTo(7);
      sink.delete(named("a/b/x"));
      sink.delete(named("a/b/other"));
    }
  }

  @Test
  void whicheverForceOfTheFirstPutFailsNothingIsKept() throws IOException {
    for (int nth = 1; nth <= 7; nth++) {
      directory = parent.resolve("backups" + nth);
      int failing = nth;
      List<Boolean> count = new ArrayList<>();
      BackupSink first = new LocalSink(directory, channel -> {
        count.add(true);
        if (count.size() == failing) {
          throw failure;
        }
      });
      assertThatThrownBy(() -> put(first, "a/b/x", 7)).isSameAs(failure);
      assertThat(names(first)).isEmpty();
      assertThat(everythingIn(directory)).isSubsetOf(".lifeboat", "a/", "a/b/");
      put(first, "a/b/x", 7);
      assertThat(names(LocalSink.in(directory))).containsExactly("a/b/x");
    }
  }

  @Test
  void aFileSystemThatCannotForceFoldersIsNotAFailure() throws IOException {
    put(sink, "other", 1);
    failure = new IOException("Invalid argument");
    forced.clear();
    failAt = 2;
    put(sink, "x", 7);
    assertThat(forced).hasSize(2);
    assertThat(sizeOf(sink, "x")).isEqualTo(7);
  }

  @Test
  void aDeleteThatCouldNotBeForcedSaysSo() throws IOException {
    put(sink, "a/x", 1);
    forced.clear();
    failAt = 1;
    assertThatThrownBy(() -> sink.delete(named("a/x"))).isSameAs(failure);
    sink.delete(named("a/x"));
    assertThat(names(sink)).isEmpty();
  }
}
