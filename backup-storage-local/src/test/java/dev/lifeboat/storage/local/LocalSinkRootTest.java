package dev.lifeboat.storage.local;

import static dev.lifeboat.storage.local.Looks.everythingIn;
import static dev.lifeboat.storage.local.Looks.named;
import static dev.lifeboat.storage.local.Looks.names;
import static dev.lifeboat.storage.local.Looks.put;
import static dev.lifeboat.storage.local.Looks.sizeOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lifeboat.sink.BackupSink;
import dev.lifeboat.testkit.Tmpfs;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which directory a sink accepts, and that it keeps to it. */
class LocalSinkRootTest {
  private static final String NOT_THE_SAME =
      "/mnt/backups: is not the directory it was: not mounted, or replaced. Nothing was written.";

  private Memory memory;
  private Path directory;
  private BackupSink sink;

  LocalSinkRootTest() throws IOException {
    memory = Memory.unix();
    directory = memory.at("/mnt/backups");
    sink = LocalSink.in(directory);
  }

  @Test
  void nothingIsDoneBeforeTheFirstCall() throws IOException {
    assertThat(everythingIn(memory.at("/mnt"))).isEmpty();
  }

  @AfterEach
  void close() throws IOException {
    memory.close();
  }

  @Test
  void theDescriptionIsTheAbsolutePath() {
    assertThat(sink.description()).isEqualTo("directory /mnt/backups");
    assertThat(LocalSink.in(memory.at("mnt/x/../backups/.")).description())
        .isEqualTo("directory /mnt/backups");
  }

  @Test
  void aDirectoryThatNeverWasIsEmptyAndIsNotMadeByLooking() throws IOException {
    assertThat(sink.list("")).isEmpty();
    assertThat(sink.list("orders/")).isEmpty();
    assertThatThrownBy(() -> sink.open(named("orders/data")))
        .isExactlyInstanceOf(NoSuchFileException.class)
        .hasMessage("/mnt/backups/orders/data: no such object");
    sink.delete(named("orders/data"));
    assertThat(everythingIn(memory.at("/mnt"))).isEmpty();
  }

  @Test
  void theFirstPutMakesTheDirectoryAndItsMarker() throws IOException {
    put(sink, "orders/data", 5);
    assertThat(everythingIn(memory.at("/mnt")))
        .containsExactly("backups/", "backups/.lifeboat", "backups/orders/", "backups/orders/data");
    assertThat(Files.readString(directory.resolve(".lifeboat")))
        .matches("id=[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}\n"
            + "# Backups are kept in this directory\\. By this file it is told from an empty mount point:"
            + " do not remove it\\.\n");
  }

  @Test
  void theMarkerStaysAsItIs() throws IOException {
    put(sink, "a", 1);
    String marker = Files.readString(directory.resolve(".lifeboat"));
    put(sink, "b", 1);
    put(LocalSink.in(directory), "c", 1);
    assertThat(Files.readString(directory.resolve(".lifeboat"))).isEqualTo(marker);
    assertThat(names(sink)).containsExactly("a", "b", "c");
  }

  @Test
  void onlyTheLastLevelIsMade() throws IOException {
    BackupSink deep = LocalSink.in(memory.at("/mnt/disk/backups"));
    for (ThrowingCallable call : callsOn(deep)) {
      assertThatThrownBy(call)
          .isExactlyInstanceOf(NoSuchFileException.class)
          .hasMessage("/mnt/disk: no such directory to keep backups in; is its disk mounted?");
    }
    assertThat(everythingIn(memory.at("/mnt"))).isEmpty();
  }

  @Test
  void aSymbolicLinkIsRefused() throws IOException {
    Files.createDirectory(memory.at("/mnt/elsewhere"));
    Files.createSymbolicLink(directory, memory.at("/mnt/elsewhere"));
    for (ThrowingCallable call : callsOn(sink)) {
      assertThatThrownBy(call)
          .isExactlyInstanceOf(FileSystemException.class)
          .hasMessage("/mnt/backups: is a symbolic link; name the directory itself");
    }
    assertThat(everythingIn(memory.at("/mnt/elsewhere"))).isEmpty();
  }

  @Test
  void aFileInItsPlaceIsRefused() throws IOException {
    Files.writeString(directory, "mine");
    for (ThrowingCallable call : callsOn(sink)) {
      assertThatThrownBy(call)
          .isExactlyInstanceOf(NotDirectoryException.class)
          .hasMessage("/mnt/backups: is a file; a directory is needed to keep backups in");
    }
    assertThat(Files.readString(directory)).isEqualTo("mine");
  }

  @Test
  void aDirectoryThatVanishedIsNotMadeAgain() throws IOException {
    put(sink, "orders/data", 5);
    Files.move(directory, memory.at("/mnt/away"));
    assertEveryCallSaysItIsNotTheSame();
    assertThat(everythingIn(memory.at("/mnt"))).doesNotContain("backups/");
  }

  @Test
  void anEmptyMountPointIsNotTakenForTheSink() throws IOException {
    put(sink, "orders/data", 5);
    Files.move(directory, memory.at("/mnt/away"));
    Files.createDirectory(directory);
    assertEveryCallSaysItIsNotTheSame();
    assertThat(everythingIn(directory)).isEmpty();
  }

  @Test
  void anotherSinksDirectoryIsNotTakenForThisOne() throws IOException {
    put(sink, "orders/data", 5);
    put(LocalSink.in(memory.at("/mnt/other")), "others/data", 5);
    Files.move(directory, memory.at("/mnt/away"));
    Files.move(memory.at("/mnt/other"), directory);
    assertEveryCallSaysItIsNotTheSame();
    assertThat(everythingIn(directory)).containsExactly(".lifeboat", "others/", "others/data");
  }

  @Test
  void whoeverOnlyLookedKeepsToWhatItSawToo() throws IOException {
    put(LocalSink.in(directory), "orders/data", 5);
    assertThat(names(sink)).containsExactly("orders/data");
    Files.delete(directory.resolve(".lifeboat"));
    assertEveryCallSaysItIsNotTheSame();
  }

  @Test
  void aDirectoryThatComesBackIsAccepted() throws IOException {
    put(sink, "orders/data", 5);
    Files.move(directory, memory.at("/mnt/away"));
    assertEveryCallSaysItIsNotTheSame();
    Files.move(memory.at("/mnt/away"), directory);
    assertThat(sizeOf(sink, "orders/data")).isEqualTo(5);
    put(sink, "orders/more", 6);
    assertThat(names(sink)).containsExactly("orders/data", "orders/more");
  }

  @Test
  void aDamagedMarkerIsAnError() throws IOException {
    put(sink, "orders/data", 5);
    Files.writeString(directory.resolve(".lifeboat"), "");
    for (BackupSink each : List.of(sink, LocalSink.in(directory))) {
      for (ThrowingCallable call : callsOn(each)) {
        assertThatThrownBy(call)
            .isExactlyInstanceOf(FileSystemException.class)
            .hasMessage(
                "/mnt/backups/.lifeboat: is damaged: it does not begin with the id of this directory");
      }
    }
  }

  @Test
  void anUnmountedDiskIsNotTakenForAnEmptySink(@TempDir Path disk) throws Exception {
    BackupSink mounted = LocalSink.in(disk);
    Tmpfs tmpfs = Tmpfs.at(disk, "size=1m");
    try (tmpfs) {
      put(mounted, "orders/data", 5);
      assertThat(names(mounted)).containsExactly("orders/data");
    }
    assertThatThrownBy(() -> put(mounted, "orders/more", 5))
        .hasMessage(
            disk + ": is not the directory it was: not mounted, or replaced. Nothing was written.");
    assertThatThrownBy(() -> mounted.list(""))
        .hasMessage(
            disk + ": is not the directory it was: not mounted, or replaced. Nothing was written.");
    assertThat(everythingIn(disk)).isEmpty();
  }

  private void assertEveryCallSaysItIsNotTheSame() {
    for (ThrowingCallable call : callsOn(sink)) {
      assertThatThrownBy(call)
          .isExactlyInstanceOf(FileSystemException.class)
          .hasMessage(NOT_THE_SAME);
    }
  }

  private static List<ThrowingCallable> callsOn(BackupSink sink) {
    return new ArrayList<>(List.of(
        () -> put(sink, "orders/more", 1),
        () -> sink.open(named("orders/data")),
        () -> sink.list(""),
        () -> sink.list("orders/"),
        () -> sink.delete(named("orders/data"))));
  }
}
