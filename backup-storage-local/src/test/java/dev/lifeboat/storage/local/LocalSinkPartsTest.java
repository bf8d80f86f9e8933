package dev.lifeboat.storage.local;

import static dev.lifeboat.storage.local.Looks.everythingIn;
import static dev.lifeboat.storage.local.Looks.named;
import static dev.lifeboat.storage.local.Looks.names;
import static dev.lifeboat.storage.local.Looks.put;
import static dev.lifeboat.storage.local.Looks.sizeOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lifeboat.sink.BackupSink;
import dev.lifeboat.sink.Content;
import dev.lifeboat.sink.Digest;
import dev.lifeboat.testkit.FailingContent;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The way of an object from a hidden part to its name, and what is left when it is cut short. */
class LocalSinkPartsTest {
  private final Memory memory;
  private final Path directory;
  private final BackupSink sink;

  LocalSinkPartsTest() throws IOException {
    memory = Memory.unix();
    directory = memory.at("/mnt/backups");
    sink = LocalSink.in(directory);
  }

  @AfterEach
  void close() throws IOException {
    memory.close();
  }

  @Test
  void aFailedPutLeavesNoPart() throws IOException {
    IOException lost = new IOException("lost");
    assertThatThrownBy(() -> sink.put(named("a/x"), FailingContent.after(100_000, 200_000, lost)))
        .isSameAs(lost);
    assertThatThrownBy(() -> sink.put(named("a/x"), lying(new byte[3], Digest.of(new byte[2]))))
        .isExactlyInstanceOf(IOException.class)
        .hasMessage(
            "Cannot keep the content of a/x: it goes on after the 2 bytes its digest says. Nothing was kept.");
    assertThatThrownBy(() -> sink.put(named("a/x"), lying(new byte[0], Digest.of(new byte[1]))))
        .isExactlyInstanceOf(IOException.class)
        .hasMessage(
            "Cannot keep the content of a/x: it is 0 bytes, SHA-256"
                + " e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855, its digest says 1 bytes, SHA-256"
                + " 6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d. Nothing was kept.");
    assertThat(everythingIn(directory)).containsExactly(".lifeboat", "a/");
  }

  @Test
  void aContentWithABugLeavesNoPart() throws IOException {
    Content broken = new Content() {
      @Override
      public Digest digest() {
        return Digest.of(new byte[9]);
      }

      @Override
      public InputStream open() {
        throw new IllegalStateException("a bug");
      }
    };
    assertThatThrownBy(() -> sink.put(named("a/x"), broken))
        .isExactlyInstanceOf(IllegalStateException.class)
        .hasMessage("a bug");
    assertThat(everythingIn(directory)).containsExactly(".lifeboat", "a/");
  }

  @Test
  void anInterruptedPutLeavesNoPart() throws IOException {
    put(sink, "a/first", 1);
    Content interrupting = new Content() {
      @Override
      public Digest digest() {
        return Digest.of(new byte[100]);
      }

      @Override
      public InputStream open() {
        Thread.currentThread().interrupt();
        return new ByteArrayInputStream(new byte[100]);
      }
    };
    assertThatThrownBy(() -> sink.put(named("a/x"), interrupting))
        .isExactlyInstanceOf(ClosedByInterruptException.class);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(everythingIn(directory)).containsExactly(".lifeboat", "a/", "a/first");
  }

  @Test
  void whateverFsyncFailsNothingIsKept() throws IOException {
    AtomicInteger forced = new AtomicInteger();
    BackupSink counting = new LocalSink(directory, channel -> forced.incrementAndGet());
    put(counting, "a/b/first", 1);
    int ofFirstPut = forced.getAndSet(0);
    put(counting, "a/b/second", 1);
    int ofLaterPut = forced.get();
    // in memory only files are forced: the marker and the object
    assertThat(ofFirstPut).isEqualTo(2);
    assertThat(ofLaterPut).isEqualTo(1);
    IOException broken = new IOException("Input/output error");
    BackupSink failing = new LocalSink(directory, channel -> {
      throw broken;
    });
    assertThatThrownBy(() -> put(failing, "a/b/third", 1)).isSameAs(broken);
    assertThat(everythingIn(directory))
        .containsExactly(".lifeboat", "a/", "a/b/", "a/b/first", "a/b/second");
  }

  @Test
  void partsLeftByADeadProcessAreInvisibleAndSweptAfterADay() throws IOException {
    put(sink, "a/b/first", 1);
    Path old = left("a/b/.dead.part", Duration.ofHours(25));
    Path oldInDeadFolder = left("dead/deeper/.dead.part", Duration.ofDays(400));
    Path claim = left("a/.x.claim", Duration.ofHours(25));
    Path young = left("a/b/.alive.part", Duration.ofHours(23));
    Path foreign = left("a/b/.foreign", Duration.ofDays(400));
    Path object = left("a/b/object.part", Duration.ofDays(400));
    assertThat(names(sink)).containsExactly("a/b/first", "a/b/object.part");

    put(LocalSink.in(directory), "c/second", 1);

    for (Path swept : new Path[] {old, oldInDeadFolder, claim, directory.resolve("dead")}) {
      assertThat(swept).doesNotExist();
    }
    for (Path kept : new Path[] {young, foreign, object}) {
      assertThat(kept).exists();
    }
    assertThat(names(sink)).containsExactly("a/b/first", "a/b/object.part", "c/second");
  }

  @Test
  void foldersLeftEmptyByADeadProcessAreSweptAfterADay() throws IOException {
    put(sink, "a/first", 1);
    Path dead = Files.createDirectories(directory.resolve("a/dead"));
    Path deeper = Files.createDirectory(dead.resolve("deeper"));
    Path young = Files.createDirectory(directory.resolve("young"));
    Path full = directory.resolve("a");
    for (Path old : new Path[] {deeper, dead, full}) {
      Files.setLastModifiedTime(old, before(Duration.ofHours(25)));
    }
    Files.setLastModifiedTime(young, before(Duration.ofHours(23)));

    put(LocalSink.in(directory), "c/second", 1);

    assertThat(dead).doesNotExist();
    assertThat(young).isEmptyDirectory();
    assertThat(names(sink)).containsExactly("a/first", "c/second");
  }

  @Test
  void aSweepStaysInsideTheDirectory() throws IOException {
    put(sink, "a/first", 1);
    Files.createDirectory(memory.at("/mnt/elsewhere"));
    Path elsewhere = left("../elsewhere/.dead.part", Duration.ofDays(400));
    Files.createSymbolicLink(directory.resolve("linked"), memory.at("/mnt/elsewhere"));
    Path foreign = left("not ours/.dead.part", Duration.ofDays(400));
    put(LocalSink.in(directory), "a/second", 1);
    assertThat(elsewhere).exists();
    assertThat(foreign).exists();
  }

  @Test
  void filesAndFoldersAreTheOwnersAlone() throws IOException {
    put(sink, "a/b/x", 1);
    Set<PosixFilePermission> file = PosixFilePermissions.fromString("rw-------");
    Set<PosixFilePermission> folder = PosixFilePermissions.fromString("rwx------");
    for (String each : new String[] {"a/b/x", ".lifeboat"}) {
      assertThat(Files.getPosixFilePermissions(directory.resolve(each)))
          .as(each)
          .isEqualTo(file);
    }
    for (String each : new String[] {"", "a", "a/b"}) {
      assertThat(Files.getPosixFilePermissions(directory.resolve(each)))
          .as(each)
          .isEqualTo(folder);
    }
  }

  @Test
  void aDirectoryThatWasThereKeepsItsPermissions() throws IOException {
    Set<PosixFilePermission> shared = PosixFilePermissions.fromString("rwxrwx---");
    Files.createDirectory(directory);
    Files.setPosixFilePermissions(directory, shared);
    put(sink, "a", 1);
    assertThat(Files.getPosixFilePermissions(directory)).isEqualTo(shared);
  }

  @Test
  void withoutLinksAClaimOfADeadProcessDoesNotBlockForEver() throws IOException {
    try (Memory fat = Memory.withoutLinks()) {
      Path there = fat.at("/mnt/backups");
      BackupSink second = LocalSink.in(there);
      put(second, "a/first", 1);
      Path claim = Files.createFile(there.resolve("a/.x.claim"));
      Files.setLastModifiedTime(claim, before(Placement.STALE.plusMinutes(1)));
      put(second, "a/x", 7);
      assertThat(sizeOf(second, "a/x")).isEqualTo(7);
      assertThat(everythingIn(there)).containsExactly(".lifeboat", "a/", "a/first", "a/x");
    }
  }

  @Test
  void withoutLinksAClaimOfALivingProcessIsRespected() throws IOException {
    try (Memory fat = Memory.withoutLinks()) {
      Path there = fat.at("/mnt/backups");
      BackupSink second = LocalSink.in(there);
      put(second, "a/first", 1);
      Files.createFile(there.resolve("a/.x.claim"));
      assertThatThrownBy(() -> put(second, "a/x", 7))
          .isExactlyInstanceOf(FileSystemException.class)
          .hasMessage(
              "/mnt/backups/a/x: another process is putting it at this moment. Nothing was kept.");
      Files.createFile(there.resolve("a/x"));
      assertThatThrownBy(() -> put(second, "a/x", 7))
          .isExactlyInstanceOf(FileAlreadyExistsException.class);
      assertThat(everythingIn(there))
          .containsExactly(".lifeboat", "a/", "a/.x.claim", "a/first", "a/x");
    }
  }

  private Path left(String path, Duration age) throws IOException {
    Path file = directory.resolve(path).normalize();
    Files.createDirectories(file.getParent());
    Files.createFile(file);
    return Files.setLastModifiedTime(file, before(age));
  }

  /** By the clock of the file system. */
  private FileTime before(Duration age) throws IOException {
    Path now = Files.createTempFile(memory.at("/mnt"), "now", "");
    try {
      return FileTime.from(
          Files.getLastModifiedTime(now, LinkOption.NOFOLLOW_LINKS).toInstant().minus(age));
    } finally {
      Files.delete(now);
    }
  }

  private static Content lying(byte[] bytes, Digest said) {
    return new Content() {
      @Override
      public Digest digest() {
        return said;
      }

      @Override
      public InputStream open() {
        return new ByteArrayInputStream(bytes);
      }
    };
  }
}
