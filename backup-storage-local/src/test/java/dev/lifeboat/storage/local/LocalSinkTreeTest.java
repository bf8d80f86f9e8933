package dev.lifeboat.storage.local;

import static dev.lifeboat.storage.local.Looks.everythingIn;
import static dev.lifeboat.storage.local.Looks.named;
import static dev.lifeboat.storage.local.Looks.names;
import static dev.lifeboat.storage.local.Looks.put;
import static dev.lifeboat.storage.local.Looks.sizeOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.lifeboat.sink.BackupSink;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What may lie in the directory, and what a sink makes of it. */
class LocalSinkTreeTest {
  private final Memory memory;
  private final Path directory;
  private final BackupSink sink;

  LocalSinkTreeTest() throws IOException {
    memory = Memory.unix();
    directory = memory.at("/mnt/backups");
    sink = LocalSink.in(directory);
    put(sink, "orders/data", 5);
  }

  @AfterEach
  void close() throws IOException {
    memory.close();
  }

  @Test
  void anObjectIsAPlainFileUnderItsName() throws IOException {
    assertThat(Files.size(directory.resolve("orders").resolve("data"))).isEqualTo(5);
    assertThat(sink.list("").get(0).time())
        .isEqualTo(Files.getLastModifiedTime(directory.resolve("orders/data")).toInstant());
    assertThat(sink.list("").get(0).attested()).isEmpty();
  }

  @Test
  void whatHasNoValidNameIsLeftOut() throws IOException {
    for (String foreign : new String[] {".hidden", "with space", "con.txt", "a..b", "end."}) {
      Files.writeString(directory.resolve(foreign), "x");
    }
    Files.createDirectories(directory.resolve("lost+found"));
    Files.writeString(directory.resolve("lost+found/x"), "x");
    Files.createSymbolicLink(directory.resolve(".link"), memory.at("/mnt"));
    assertThat(names(sink)).containsExactly("orders/data");
  }

  @Test
  void aSymbolicLinkInPlaceOfAnObjectIsNotFollowed() throws IOException {
    Path secret = Files.writeString(memory.at("/mnt/secret"), "secret");
    Files.createSymbolicLink(directory.resolve("orders/link"), secret);
    String message =
        "/mnt/backups/orders/link: is a symbolic link, which is not followed; remove it";
    for (ThrowingCallable call : new ThrowingCallable[] {
      () -> sink.open(named("orders/link")),
      () -> sink.list(""),
      () -> sink.list("orders/"),
      () -> put(sink, "orders/link", 3),
      () -> sink.delete(named("orders/link"))
    }) {
      assertThatThrownBy(call).isExactlyInstanceOf(FileSystemException.class).hasMessage(message);
    }
    assertThat(Files.readString(secret)).isEqualTo("secret");
    assertThat(sizeOf(sink, "orders/data")).isEqualTo(5);
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "there is no such thing")
  void aPipeInPlaceOfAnObjectIsToldAndNeverOpened(@TempDir Path disk) throws Exception {
    BackupSink real = LocalSink.in(disk);
    put(real, "orders/data", 5);
    Path pipe = disk.resolve("orders/pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    for (ThrowingCallable call : new ThrowingCallable[] {
      () -> real.open(named("orders/pipe")),
      () -> real.list(""),
      () -> put(real, "orders/pipe", 3),
      () -> real.delete(named("orders/pipe"))
    }) {
      assertThatThrownBy(call)
          .isExactlyInstanceOf(FileSystemException.class)
          .hasMessage(pipe + ": is neither a file nor a folder; remove it");
    }
    assertThat(sizeOf(real, "orders/data")).isEqualTo(5);
  }

  @Test
  void aSymbolicLinkInPlaceOfAFolderIsNotFollowed() throws IOException {
    Path elsewhere = Files.createDirectory(memory.at("/mnt/elsewhere"));
    Files.writeString(elsewhere.resolve("data"), "foreign");
    Files.createSymbolicLink(directory.resolve("linked"), elsewhere);
    String message = "/mnt/backups/linked: is a symbolic link, which is not followed; remove it";
    for (ThrowingCallable call : new ThrowingCallable[] {
      () -> sink.open(named("linked/data")),
      () -> sink.list(""),
      () -> sink.list("linked/"),
      () -> put(sink, "linked/more", 3),
      () -> put(sink, "linked/deep/more", 3),
      () -> sink.delete(named("linked/data"))
    }) {
      assertThatThrownBy(call).isExactlyInstanceOf(FileSystemException.class).hasMessage(message);
    }
    assertThat(everythingIn(elsewhere)).containsExactly("data");
  }

  @Test
  void aFolderInPlaceOfAnObjectIsNoObject() throws IOException {
    assertThatThrownBy(() -> sink.open(named("orders")))
        .isExactlyInstanceOf(NoSuchFileException.class)
        .hasMessage("/mnt/backups/orders: no such object");
    assertThatThrownBy(() -> put(sink, "orders", 3))
        .isExactlyInstanceOf(FileAlreadyExistsException.class)
        .hasMessage("/mnt/backups/orders: is a folder");
    sink.delete(named("orders"));
    assertThat(sizeOf(sink, "orders/data")).isEqualTo(5);
  }

  @Test
  void nothingIsKeptBelowAnObject() throws IOException {
    assertThatThrownBy(() -> put(sink, "orders/data/more", 3))
        .isExactlyInstanceOf(NotDirectoryException.class)
        .hasMessage("/mnt/backups/orders/data: is a file, so nothing can be kept below it");
    assertThat(names(sink)).containsExactly("orders/data");
  }

  @Test
  void aSecondPutSaysThatTheFirstStays() {
    assertThatThrownBy(() -> put(sink, "orders/data", 5))
        .isExactlyInstanceOf(FileAlreadyExistsException.class)
        .hasMessage("/mnt/backups/orders/data: kept already, and stays as it was");
  }

  @Test
  void theLastDeleteTakesTheFoldersWithIt() throws IOException {
    put(sink, "a/b/c/one", 1);
    put(sink, "a/b/two", 1);
    sink.delete(named("a/b/c/one"));
    assertThat(everythingIn(directory.resolve("a"))).containsExactly("b/", "b/two");
    sink.delete(named("a/b/two"));
    sink.delete(named("orders/data"));
    assertThat(everythingIn(directory)).containsExactly(".lifeboat");
  }

  @Test
  void aFileThatShrinksOrGrowsWhileItIsReadIsAnError() throws IOException {
    put(sink, "orders/long", 200_000);
    try (InputStream in = sink.open(named("orders/long"))) {
      assertThat(in.readNBytes(10)).hasSize(10);
      Files.write(directory.resolve("orders/long"), new byte[100_000]);
      assertThatThrownBy(in::readAllBytes)
          .isExactlyInstanceOf(FileSystemException.class)
          .hasMessage("/mnt/backups/orders/long: changed while it was read: it had 200000 bytes,"
              + " and ended after 100000");
    }
    try (InputStream in = sink.open(named("orders/long"))) {
      assertThat(in.available()).isEqualTo(100_000);
      Files.write(directory.resolve("orders/long"), new byte[1], StandardOpenOption.APPEND);
      assertThatThrownBy(in::readAllBytes)
          .isExactlyInstanceOf(FileSystemException.class)
          .hasMessage(
              "/mnt/backups/orders/long: changed while it was read: it had 100000 bytes, and goes on");
    }
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "needs POSIX permissions")
  void aFolderThatCannotBeReadIsNotAnEmptyOne(@TempDir Path disk) throws IOException {
    BackupSink real = LocalSink.in(disk);
    put(real, "a/b/x", 1);
    Path folder = disk.resolve("a").resolve("b");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("---------"));
    try {
      assumeFalse(Files.isReadable(folder), "root reads everything");
      String reason = "this process may not read there";
      assertThatThrownBy(() -> real.list(""))
          .isExactlyInstanceOf(AccessDeniedException.class)
          .hasMessage(folder + ": cannot list \"\": " + reason);
      assertThatThrownBy(() -> real.open(named("a/b/x")))
          .isExactlyInstanceOf(AccessDeniedException.class)
          .hasMessage(folder.resolve("x") + ": cannot open a/b/x: " + reason);
      assertThatThrownBy(() -> put(real, "a/b/y", 1))
          .isExactlyInstanceOf(AccessDeniedException.class)
          .hasMessage(
              folder.resolve("y") + ": cannot keep a/b/y: this process may not write there");
    } finally {
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    }
  }

  @Test
  void putsIntoAFolderSurviveThatItIsRemovedAgainAndAgain(@TempDir Path disk) throws Exception {
    BackupSink real = LocalSink.in(disk);
    AtomicBoolean done = new AtomicBoolean();
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      Future<?> comingAndGoing = threads.submit(() -> {
        while (!done.get()) {
          put(real, "a/b/passing", 1);
          real.delete(named("a/b/passing"));
        }
        return null;
      });
      int rounds = 200 * Integer.getInteger("loops", 1);
      for (int round = 0; round < rounds; round++) {
        put(real, "a/b/staying", 3);
        assertThat(sizeOf(real, "a/b/staying")).isEqualTo(3);
        real.delete(named("a/b/staying"));
      }
      done.set(true);
      comingAndGoing.get(60, TimeUnit.SECONDS);
    } finally {
      done.set(true);
      threads.shutdownNow();
    }
    assertThat(everythingIn(disk)).containsExactly(".lifeboat");
  }
}
