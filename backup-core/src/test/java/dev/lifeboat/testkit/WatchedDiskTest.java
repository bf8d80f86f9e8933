package dev.lifeboat.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lifeboat.testkit.DiskCall.Operation;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The watched disk does what the one behind does, and hides nothing from its watcher. */
class WatchedDiskTest implements Watcher {
  @TempDir
  Path temp;

  private final List<DiskCall> calls = new ArrayList<>();
  private Predicate<DiskCall> fails = call -> false;
  private Path disk = Path.of("");

  @BeforeEach
  void open() {
    disk = WatchedDisk.over(temp, this);
  }

  @Override
  public <T> T call(DiskCall call, Effect<T> effect) throws IOException {
    calls.add(call);
    if (fails.test(call)) {
      throw new IOException("failing " + call.operation());
    }
    return effect.run();
  }

  private List<String> told() {
    List<String> told =
        calls.stream().map(call -> call.toString().replace(temp.toString(), "")).toList();
    calls.clear();
    return told;
  }

  private List<Operation> operations() {
    List<Operation> operations = calls.stream().map(DiskCall::operation).toList();
    calls.clear();
    return operations;
  }

  @Test
  void whatIsWrittenIsToldWithItsPlaceAndBytes() throws IOException {
    try (FileChannel channel = FileChannel.open(
        disk.resolve("x"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap("hello".getBytes(UTF_8)));
      channel.write(
          new ByteBuffer[] {ByteBuffer.allocate(0), ByteBuffer.wrap(" you".getBytes(UTF_8))});
      channel.write(ByteBuffer.wrap("J".getBytes(UTF_8)), 0);
      channel.truncate(8);
      channel.force(true);
    }

    assertThat(temp.resolve("x")).hasContent("Jello yo");
    assertThat(calls)
        .filteredOn(call -> call.operation() == Operation.WRITE)
        .extracting(
            call -> call.position() + UTF_8.decode(call.bytes().duplicate()).toString())
        .containsExactly("0hello", "5 you", "0J");
    assertThat(calls.get(0).opensForWriting()).isTrue();
    assertThat(calls).allMatch(call -> call.channel() == 1);
    assertThat(calls).extracting(DiskCall::path).containsOnly(temp.resolve("x"));
    assertThat(calls.get(4).position()).isEqualTo(8);
    assertThat(operations())
        .containsExactly(
            Operation.OPEN,
            Operation.WRITE,
            Operation.WRITE,
            Operation.WRITE,
            Operation.TRUNCATE,
            Operation.FORCE,
            Operation.CLOSE);
  }

  @Test
  void theShortWaysOfTheJdkGoThroughItToo() throws IOException {
    Path file = disk.resolve("x");
    Files.writeString(file, "hello");
    assertThat(operations()).containsExactly(Operation.OPEN, Operation.WRITE, Operation.CLOSE);
    assertThat(Files.readString(file)).isEqualTo("hello");
    assertThat(operations()).contains(Operation.OPEN, Operation.READ, Operation.CLOSE);
    try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.APPEND)) {
      out.write('!');
    }
    assertThat(operations()).containsExactly(Operation.OPEN, Operation.WRITE, Operation.CLOSE);
    try (InputStream in = Files.newInputStream(file)) {
      assertThat(in.readAllBytes()).isEqualTo("hello!".getBytes(UTF_8));
    }
    assertThat(operations()).contains(Operation.OPEN, Operation.READ, Operation.CLOSE);
    Files.copy(InputStream.nullInputStream(), disk.resolve("empty"));
    assertThat(temp.resolve("empty")).isEmptyFile();
    Path made = Files.createTempFile(
        disk,
        "a",
        "b",
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----")));
    assertThat(PosixFilePermissions.toString(
            Files.getPosixFilePermissions(temp.resolve(made.getFileName().toString()))))
        .isEqualTo("rw-r-----");
    try (FileChannel from = FileChannel.open(file);
        FileChannel to = FileChannel.open(made, StandardOpenOption.WRITE)) {
      assertThat(from.transferTo(0, from.size(), to)).isEqualTo(6);
      assertThat(to.transferFrom(from, 6, 100)).isEqualTo(6);
    }
    assertThat(made).hasContent("hello!hello!");
  }

  @Test
  void whatIsDoneToNamesIsTold() throws IOException {
    Files.createDirectory(disk.resolve("a"));
    Files.writeString(disk.resolve("a/x"), "x");
    told();
    Files.createLink(disk.resolve("a/y"), disk.resolve("a/x"));
    Files.move(disk.resolve("a/x"), disk.resolve("z"), StandardCopyOption.ATOMIC_MOVE);
    Files.copy(disk.resolve("z"), disk.resolve("c"));
    Files.createSymbolicLink(disk.resolve("s"), disk.resolve("z"));
    assertThat(Files.readSymbolicLink(disk.resolve("s"))).isEqualTo(disk.resolve("z"));
    assertThat(disk.resolve("s").toRealPath()).isEqualTo(disk.resolve("z").toRealPath());
    assertThat(Files.isSameFile(disk.resolve("a/y"), disk.resolve("z"))).isTrue();
    assertThat(Files.deleteIfExists(disk.resolve("z"))).isTrue();
    assertThat(Files.deleteIfExists(disk.resolve("z"))).isFalse();
    assertThat(told())
        .containsExactly(
            "CREATE_LINK /a/x -> /a/y",
            "MOVE /a/x -> /z",
            "COPY /z -> /c",
            "CREATE_SYMBOLIC_LINK /s -> /z",
            "READ_SYMBOLIC_LINK /s",
            "REAL_PATH /s",
            "REAL_PATH /z",
            "READ_ATTRIBUTES /a/y",
            "DELETE /z",
            "DELETE /z");
    assertThat(temp.resolve("a/y")).hasContent("x");
    assertThat(temp.resolve("c")).hasContent("x");
    assertThatThrownBy(() -> Files.createDirectory(disk.resolve("a")))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThatThrownBy(() -> Files.delete(disk.resolve("gone")))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void whatIsAskedAndSetIsTold() throws IOException {
    Path file = Files.writeString(disk.resolve("x"), "x");
    told();
    assertThat(Files.getLastModifiedTime(file)).isGreaterThan(FileTime.fromMillis(0));
    Files.setLastModifiedTime(file, FileTime.fromMillis(2000));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    assertThat(Files.isReadable(file)).isTrue();
    assertThat(Files.getFileStore(file)).isEqualTo(Files.getFileStore(temp));
    assertThat(Files.getOwner(file)).isEqualTo(Files.getOwner(temp.resolve("x")));
    assertThat(operations())
        .containsExactly(
            Operation.READ_ATTRIBUTES,
            Operation.SET_ATTRIBUTE,
            Operation.SET_ATTRIBUTE,
            Operation.CHECK_ACCESS,
            Operation.FILE_STORE,
            Operation.READ_ATTRIBUTES);
    assertThat(Files.getLastModifiedTime(temp.resolve("x"))).isEqualTo(FileTime.fromMillis(2000));
    assertThat(Files.getPosixFilePermissions(temp.resolve("x"))).hasSize(2);
  }

  @Test
  void aDirectoryIsSyncedByForcingAChannelOnIt() throws IOException {
    try (FileChannel channel = FileChannel.open(disk, StandardOpenOption.READ)) {
      channel.force(true);
    }
    assertThat(told()).containsExactly("OPEN  [READ]", "FORCE ", "CLOSE ");
  }

  @Test
  void aListingIsToldWithEveryStep() throws IOException {
    Files.writeString(temp.resolve("x"), "x");
    Files.createDirectory(temp.resolve("a"));
    try (Stream<Path> walk = Files.walk(disk)) {
      assertThat(walk).containsExactlyInAnyOrder(disk, disk.resolve("x"), disk.resolve("a"));
    }
    assertThat(operations()).contains(Operation.LIST, Operation.NEXT, Operation.READ_ATTRIBUTES);
    try (DirectoryStream<Path> list =
        Files.newDirectoryStream(disk, entry -> entry.endsWith("x"))) {
      assertThat(list).containsExactly(disk.resolve("x"));
    }
    assertThat(operations()).containsExactly(Operation.LIST, Operation.NEXT, Operation.NEXT);
    fails = call -> call.operation() == Operation.NEXT;
    try (DirectoryStream<Path> list = Files.newDirectoryStream(disk)) {
      assertThatThrownBy(() -> list.iterator().hasNext())
          .isInstanceOf(DirectoryIteratorException.class)
          .hasRootCauseMessage("failing NEXT");
    }
  }

  @Test
  void aLockIsHeldUntilItIsGivenBack() throws IOException {
    try (FileChannel channel = FileChannel.open(
            disk.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileChannel other = FileChannel.open(temp.resolve("lock"), StandardOpenOption.WRITE)) {
      FileLock lock = channel.tryLock();
      assertThat(lock.isValid()).isTrue();
      assertThat(lock.acquiredBy()).isSameAs(channel);
      assertThatThrownBy(other::tryLock).isInstanceOf(OverlappingFileLockException.class);
      lock.release();
      assertThat(lock.isValid()).isFalse();
      other.lock().release();
    }
    assertThat(operations())
        .containsExactly(Operation.OPEN, Operation.LOCK, Operation.UNLOCK, Operation.CLOSE);
  }

  @Test
  void anInterruptClosesAChannel() throws IOException {
    FileChannel channel =
        FileChannel.open(disk.resolve("x"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> channel.write(ByteBuffer.allocate(1)))
        .isInstanceOf(ClosedByInterruptException.class);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(channel.isOpen()).isFalse();
    assertThat(operations()).containsExactly(Operation.OPEN, Operation.CLOSE);
  }

  @Test
  void theWatcherMayFailAnything() throws IOException {
    fails = call -> true;
    assertThatThrownBy(() -> Files.createDirectory(disk.resolve("a")))
        .isExactlyInstanceOf(IOException.class)
        .hasMessage("failing CREATE_DIRECTORY");
    assertThat(temp.resolve("a")).doesNotExist();
    assertThatThrownBy(() -> Files.setLastModifiedTime(disk, FileTime.fromMillis(0)))
        .isExactlyInstanceOf(IOException.class)
        .hasMessage("failing SET_ATTRIBUTE");
    assertThat(Files.exists(disk)).isFalse();
  }

  @Test
  void itsPathsAreItsOwn() {
    Path file = disk.resolve("a").resolve("../x").normalize();
    assertThat(file).isEqualTo(disk.resolve("x")).isNotEqualTo(temp.resolve("x"));
    assertThat(file).isNotEqualTo(WatchedDisk.over(temp.resolve("x"), this));
    assertThat(file).hasToString(temp.resolve("x").toString());
    assertThat(file.toUri()).isEqualTo(temp.resolve("x").toUri());
    assertThat(file.startsWith(disk)).isTrue();
    assertThat(disk.relativize(file)).hasToString("x");
    assertThat(file.getRoot().getParent()).isNull();
    assertThat(WatchedDisk.behind(file)).isEqualTo(temp.resolve("x"));
    assertThatThrownBy(() -> WatchedDisk.behind(temp))
        .isInstanceOf(ProviderMismatchException.class);
    assertThatThrownBy(() -> disk.resolve(temp)).isInstanceOf(ProviderMismatchException.class);
    assertThat(calls).isEmpty();
  }
}
