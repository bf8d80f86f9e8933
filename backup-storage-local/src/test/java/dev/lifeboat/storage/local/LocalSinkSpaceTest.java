package dev.lifeboat.storage.local;

import static dev.lifeboat.storage.local.Looks.everythingIn;
import static dev.lifeboat.storage.local.Looks.named;
import static dev.lifeboat.storage.local.Looks.names;
import static dev.lifeboat.storage.local.Looks.put;
import static dev.lifeboat.storage.local.Looks.sizeOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lifeboat.sink.BackupSink;
import dev.lifeboat.sink.NoSpaceException;
import dev.lifeboat.testkit.FailingContent;
import dev.lifeboat.testkit.Tmpfs;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Full and read-only disks. */
class LocalSinkSpaceTest {
  @Test
  void aFullDiskIsToldWithWhatIsNeededAndFree(@TempDir Path disk) throws Exception {
    try (Tmpfs tmpfs = Tmpfs.at(disk, "size=1m")) {
      BackupSink sink = LocalSink.in(disk);
      put(sink, "orders/one", 600_000);
      List<String> before = everythingIn(disk);
      long free = Files.getFileStore(disk).getUsableSpace();

      NoSpaceException full =
          catchThrowableOfType(NoSpaceException.class, () -> put(sink, "orders/two", 600_000));

      assertThat(full)
          .hasMessage("cannot keep orders/two in " + disk + ": no space left (needs 600000 bytes, "
              + free + " are free)")
          .hasCauseInstanceOf(IOException.class);
      assertThat(everythingIn(disk)).isEqualTo(before);
      assertThat(Files.getFileStore(disk).getUsableSpace()).isEqualTo(free);
      assertThat(sizeOf(sink, "orders/one")).isEqualTo(600_000);
      put(sink, "orders/small", 1000);
      assertThat(names(sink)).containsExactly("orders/one", "orders/small");
      tmpfs.remount("size=2m");
      put(sink, "orders/two", 600_000);
    }
  }

  @Test
  void aDiskWithoutRoomForAnotherNameIsFullToo(@TempDir Path disk) throws Exception {
    try (Tmpfs tmpfs = Tmpfs.at(disk, "size=1m,nr_inodes=6")) {
      BackupSink sink = LocalSink.in(disk);
      List<String> kept = new ArrayList<>();
      NoSpaceException full = catchThrowableOfType(NoSpaceException.class, () -> {
        for (int i = 0; i < 10; i++) {
          put(sink, "folder" + i + "/data", 10);
          kept.add("folder" + i + "/data");
        }
      });
      assertThat(full.getMessage())
          .startsWith("cannot keep folder" + kept.size() + "/data in " + disk
              + ": no space left (needs 10 bytes, ")
          .endsWith(" are free); there may be no room for another file");
      assertThat(names(sink)).isEqualTo(kept).isNotEmpty();
      assertThat(everythingIn(disk)).noneMatch(name -> name.endsWith(".part"));
      tmpfs.remount("nr_inodes=100");
      put(sink, "later/data", 10);
    }
  }

  @Test
  void aFullDiskLeavesNothingWhereverItGetsFull() throws Exception {
    int blocked = 0;
    for (int blocks = 1; blocks < 400; blocks++) {
      try (Memory memory = Memory.ofSize(512L * blocks)) {
        Path directory = memory.at("/mnt/backups");
        BackupSink sink = LocalSink.in(directory);
        try {
          put(sink, "orders/data", 150_000);
          assertThat(sizeOf(sink, "orders/data")).isEqualTo(150_000);
        } catch (NoSpaceException e) {
          blocked++;
          assertThat(names(sink)).isEmpty();
          assertThat(Files.exists(directory) ? everythingIn(directory) : List.of())
              .isSubsetOf(".lifeboat", "orders/");
        }
      }
    }
    assertThat(blocked).isBetween(290, 310);
  }

  @Test
  void aReadOnlyDiskIsReadAndNotWritten(@TempDir Path disk) throws Exception {
    try (Tmpfs tmpfs = Tmpfs.at(disk, "size=1m")) {
      BackupSink sink = LocalSink.in(disk);
      put(sink, "orders/one", 5);
      tmpfs.remount("ro");
      assertThat(sizeOf(sink, "orders/one")).isEqualTo(5);
      assertThat(names(sink)).containsExactly("orders/one");
      assertThatThrownBy(() -> put(sink, "orders/two", 5))
          .isExactlyInstanceOf(AccessDeniedException.class)
          .hasMessageStartingWith(disk + "/orders/.")
          .hasMessageEndingWith(".part: cannot keep orders/two: the file system is read-only")
          .hasCauseInstanceOf(FileSystemException.class);
      assertThatThrownBy(() -> sink.delete(named("orders/one")))
          .isExactlyInstanceOf(AccessDeniedException.class)
          .hasMessage(disk + "/orders/one: cannot delete orders/one: the file system is read-only");
      assertThat(names(sink)).containsExactly("orders/one");
    }
  }

  @Test
  void aContentThatRunsOutOfSpaceItselfIsNotTheSinksTrouble() throws Exception {
    try (Memory memory = Memory.unix()) {
      BackupSink sink = LocalSink.in(memory.at("/mnt/backups"));
      for (IOException own : List.of(
          new IOException("No space left on device"), new NoSuchFileException("snapshot"))) {
        assertThatThrownBy(() -> sink.put(named("a"), FailingContent.after(10, 100, own)))
            .isSameAs(own);
      }
      assertThat(everythingIn(memory.at("/mnt/backups"))).containsExactly(".lifeboat");
    }
  }

  @Test
  void theSystemsWordsAreUnderstood() {
    Path here = Path.of("/mnt/b");
    for (String words : List.of("No space left on device", "out of disk space")) {
      assertThat(Trouble.explained(new IOException(words), here, named("a/x"), 5))
          .isExactlyInstanceOf(NoSpaceException.class)
          .hasMessage("cannot keep a/x in /mnt/b: no space left (needs 5 bytes)");
    }
    assertThat(Trouble.explained(new IOException("Disk quota exceeded"), here, named("a/x"), 5))
        .isExactlyInstanceOf(NoSpaceException.class)
        .hasMessage("cannot keep a/x in /mnt/b: the quota is used up (needs 5 bytes)");
    assertThat(Trouble.explained(
            new FileSystemException("/mnt/b/a", null, "File too large"), here, named("a/x"), 5))
        .isExactlyInstanceOf(NoSpaceException.class)
        .hasMessage("cannot keep a/x in /mnt/b: the file would be too large (needs 5 bytes)");
    IOException other = new IOException("Input/output error");
    assertThat(Trouble.explained(other, here, named("a/x"), 5)).isSameAs(other);
    assertThat(Trouble.explained(new AccessDeniedException("/mnt/b/a"), here, named("a/x"), 5))
        .isExactlyInstanceOf(AccessDeniedException.class)
        .hasMessage("/mnt/b/a: cannot keep a/x: this process may not write there");
  }

  @Test
  void wordsInAnotherLanguageAreUnderstoodByTheSpaceItself() throws Exception {
    try (Memory memory = Memory.ofSize(4096)) {
      IOException german = new IOException("Auf dem Gerät ist kein Speicherplatz mehr verfügbar");
      assertThat(Trouble.explained(german, memory.at("/mnt"), named("a/x"), 10_000))
          .isExactlyInstanceOf(NoSpaceException.class)
          .hasMessage("cannot keep a/x in /mnt: no space left (needs 10000 bytes, 4096 are free)");
      assertThat(Trouble.explained(german, memory.at("/mnt"), named("a/x"), 1000))
          .isSameAs(german);
    }
  }
}
