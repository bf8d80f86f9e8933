package dev.lifeboat.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lifeboat.testkit.DiskCall.Operation;
import dev.lifeboat.testkit.FaultyDisk.Failure;
import dev.lifeboat.testkit.FaultySink.Moment;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The disk does what its script says, and nothing else. */
class FaultyDiskTest {
  @TempDir
  Path temp;

  private final FaultyDisk disk = new FaultyDisk();

  @Test
  void theNthCallFailsBeforeOrAfterItsEffect() throws IOException {
    disk.failing(Operation.CREATE_DIRECTORY, 1, Moment.BEFORE, Failure.INPUT_OUTPUT)
        .failing(Operation.CREATE_DIRECTORY, 2, Moment.AFTER, Failure.NO_SPACE)
        .failing(Operation.MOVE, 1, Moment.BEFORE, Failure.DENIED);
    Path a = disk.over(temp).resolve("a");
    assertThatThrownBy(() -> Files.createDirectory(a))
        .isExactlyInstanceOf(FileSystemException.class)
        .hasMessage(temp.resolve("a") + ": Input/output error");
    assertThat(temp.resolve("a")).doesNotExist();
    assertThatThrownBy(() -> Files.createDirectory(a))
        .isExactlyInstanceOf(FileSystemException.class)
        .hasMessage(temp.resolve("a") + ": No space left on device");
    assertThat(temp.resolve("a")).isDirectory();
    assertThatThrownBy(() -> Files.move(a, a.resolveSibling("b")))
        .isExactlyInstanceOf(AccessDeniedException.class)
        .hasMessage(temp.resolve("a").toString());
    Files.move(a, a.resolveSibling("b"));
    assertThat(disk.calls(Operation.CREATE_DIRECTORY)).isEqualTo(2);
    assertThat(disk.failed()).hasSize(3);
    assertThat(disk.history())
        .extracting(DiskCall::operation)
        .containsExactly(
            Operation.CREATE_DIRECTORY, Operation.CREATE_DIRECTORY, Operation.MOVE, Operation.MOVE);
  }

  @Test
  void fromTheNthCallOnAllFailUntilItIsHealed() throws IOException {
    disk.failingFrom(Operation.OPEN, 2, Failure.NO_SPACE);
    Path root = disk.over(temp);
    Files.writeString(root.resolve("a"), "a");
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> Files.writeString(root.resolve("b"), "b"))
          .hasMessage(temp.resolve("b") + ": No space left on device");
    }
    assertThat(temp.resolve("b")).doesNotExist();
    disk.healed();
    Files.writeString(root.resolve("b"), "b");
    assertThat(disk.calls(Operation.OPEN)).isEqualTo(5);
    assertThat(disk.failed()).hasSize(3);
  }

  @Test
  void aChannelFailsInTheWordsOfTheJdk() throws IOException {
    disk.failing(Operation.WRITE, 1, Moment.BEFORE, Failure.NO_SPACE)
        .failing(Operation.WRITE, 2, Moment.AFTER, Failure.INPUT_OUTPUT)
        .failing(Operation.FORCE, 1, Moment.BEFORE, Failure.INPUT_OUTPUT);
    try (FileChannel channel = writing("x")) {
      assertThatThrownBy(() -> channel.write(ByteBuffer.wrap("a".getBytes(UTF_8))))
          .isExactlyInstanceOf(IOException.class)
          .hasMessage("No space left on device");
      assertThatThrownBy(() -> channel.write(ByteBuffer.wrap("b".getBytes(UTF_8))))
          .isExactlyInstanceOf(IOException.class)
          .hasMessage("Input/output error");
      assertThatThrownBy(() -> channel.force(true)).hasMessage("Input/output error");
      channel.force(true);
    }
    assertThat(temp.resolve("x")).hasContent("b");
  }

  @Test
  void anInterruptClosesTheChannelItMeetsAndElseOnlySetsTheFlag() throws IOException {
    disk.failing(Operation.WRITE, 1, Moment.BEFORE, Failure.INTERRUPT)
        .failing(Operation.DELETE, 1, Moment.BEFORE, Failure.INTERRUPT);
    try (FileChannel channel = writing("x")) {
      assertThatThrownBy(() -> channel.write(ByteBuffer.allocate(1)))
          .isExactlyInstanceOf(ClosedByInterruptException.class);
      assertThat(channel.isOpen()).isFalse();
      assertThat(Thread.interrupted()).isTrue();
    }
    Files.delete(disk.over(temp).resolve("x"));
    assertThat(Thread.interrupted()).isTrue();
    assertThat(temp.resolve("x")).doesNotExist();
  }

  @Test
  void whatFailsToCloseIsClosedAndWhatNobodyLearntOfIsLetGo() throws IOException {
    disk.failing(Operation.CLOSE, 1, Moment.BEFORE, Failure.INPUT_OUTPUT)
        .failing(Operation.OPEN, 2, Moment.AFTER, Failure.INPUT_OUTPUT)
        .failing(Operation.LOCK, 2, Moment.AFTER, Failure.INPUT_OUTPUT);
    FileChannel channel = writing("x");
    channel.lock();
    assertThatThrownBy(channel::close).hasMessage("Input/output error");
    assertThatThrownBy(() -> writing("x")).hasMessage(temp.resolve("x") + ": Input/output error");
    try (FileChannel again = writing("x")) {
      assertThatThrownBy(again::lock).hasMessage("Input/output error");
      again.lock();
    }
    assertThat(disk.calls(Operation.CLOSE)).isEqualTo(3);
    assertThat(disk.open()).isEmpty();
    try (FileChannel left = writing("x")) {
      assertThat(left.isOpen()).isTrue();
      assertThat(disk.open()).containsExactly(temp.resolve("x"));
    }
  }

  @Test
  void whatIsNotForcedIsCountedAllTheSame() throws IOException {
    disk.notForcing().failing(Operation.FORCE, 2, Moment.BEFORE, Failure.INPUT_OUTPUT);
    try (FileChannel channel = writing("x")) {
      channel.force(true);
      assertThatThrownBy(() -> channel.force(true)).hasMessage("Input/output error");
    }
    assertThat(disk.calls(Operation.FORCE)).isEqualTo(2);
  }

  private FileChannel writing(String name) throws IOException {
    return FileChannel.open(
        disk.over(temp).resolve(name), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }
}
