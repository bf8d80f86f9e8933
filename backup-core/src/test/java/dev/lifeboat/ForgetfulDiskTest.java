package dev.lifeboat;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.lifeboat.testkit.DiskTree;
import dev.lifeboat.testkit.ForgetfulDisk;
import dev.lifeboat.testkit.PowerCut;
import dev.lifeboat.testkit.SettableClock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The disk forgets what every careless program loses, and keeps what every careful one has forced. */
class ForgetfulDiskTest {
  private static final int SEEDS = 200;

  private final SettableClock clock = SettableClock.at("2026-02-14T14:30:45Z");
  private final FileSystem behind = Jimfs.newFileSystem(unix());
  private ForgetfulDisk disk;
  private Path folder;

  @BeforeEach
  void make() throws IOException {
    Files.createDirectory(behind.getPath("/mnt"));
    disk = ForgetfulDisk.over(behind.getPath("/"), clock);
    folder = disk.root().resolve("mnt");
  }

  @AfterEach
  void close() throws IOException {
    behind.close();
  }

  private static Configuration unix() {
    return Configuration.unix().toBuilder()
        .setAttributeViews("basic", "owner", "posix", "unix")
        .setWorkingDirectory("/")
        .build();
  }

  @Test
  void whatWasThereBeforeIsDurable() throws IOException {
    try (FileSystem other = Jimfs.newFileSystem(unix())) {
      Files.createDirectories(other.getPath("/a/b"));
      Files.writeString(other.getPath("/a/b/x"), "old");
      Files.createLink(other.getPath("/a/y"), other.getPath("/a/b/x"));
      DiskTree none = ForgetfulDisk.over(other.getPath("/"), clock).cut().none();
      assertThat(none.paths()).containsExactly("a/", "a/b/", "a/b/x", "a/y");
      assertThat(text(none, "a/b/x")).isEqualTo("old");
      assertThat(text(none, "a/y")).isEqualTo("old");
    }
  }

  @Test
  void aFileThatWasOnlyWrittenIsLost() throws IOException {
    Files.writeString(folder.resolve("x"), "new");
    assertThat(disk.cut().none().paths()).containsExactly("mnt/");
    assertThat(disk.cut().all().paths()).containsExactly("mnt/", "mnt/x");
    assertThat(text(disk.cut().all(), "mnt/x")).isEqualTo("new");
  }

  @Test
  void aForcedFileIsLostIfItsFolderWasNotForced() throws IOException {
    writeForced(folder.resolve("x"), "new");
    assertThat(disk.cut().none().paths()).containsExactly("mnt/");
    force(folder);
    assertThat(text(disk.cut().none(), "mnt/x")).isEqualTo("new");
  }

  @Test
  void aForcedFolderHasAFileWithoutItsBytes() throws IOException {
    Files.writeString(folder.resolve("x"), "new");
    force(folder);
    assertThat(text(disk.cut().none(), "mnt/x")).isEmpty();
  }

  @Test
  void aFileThatTookAnothersPlaceUnforcedIsEmptyThere() throws IOException {
    writeForced(folder.resolve("x"), "old");
    force(folder);
    Files.writeString(folder.resolve("part"), "new");
    Files.move(folder.resolve("part"), folder.resolve("x"), StandardCopyOption.ATOMIC_MOVE);
    force(folder);
    assertThat(text(disk.cut().none(), "mnt/x")).isEmpty();
    assertThat(disk.cut().none().paths()).containsExactly("mnt/", "mnt/x");
  }

  @Test
  void aRenameIsBothHalvesOrNone() throws IOException {
    Path from = Files.createDirectory(folder.resolve("from"));
    Path to = Files.createDirectory(folder.resolve("to"));
    writeForced(from.resolve("x"), "moved");
    disk.sync();
    Files.move(from.resolve("x"), to.resolve("y"));
    Set<String> seen = new TreeSet<>();
    forEverySeed(tree -> seen.add(String.join(" ", tree.paths())));
    assertThat(seen)
        .containsExactly("mnt/ mnt/from/ mnt/from/x mnt/to/", "mnt/ mnt/from/ mnt/to/ mnt/to/y");
    force(to);
    assertThat(disk.cut().none().paths())
        .containsExactly("mnt/", "mnt/from/", "mnt/to/", "mnt/to/y");
  }

  @Test
  void aForcedRenameTakesTheEarlierOnesOfItsNamesWithIt() throws IOException {
    Path to = Files.createDirectory(folder.resolve("to"));
    disk.sync();
    writeForced(folder.resolve("a"), "moved");
    Files.move(folder.resolve("a"), folder.resolve("b"));
    Files.move(folder.resolve("b"), to.resolve("c"));
    force(to);
    forEverySeed(tree -> assertThat(tree.paths()).containsExactly("mnt/", "mnt/to/", "mnt/to/c"));
  }

  @Test
  void aDeletedFileComesBackUnlessItsFolderWasForced() throws IOException {
    writeForced(folder.resolve("x"), "old");
    disk.sync();
    Files.delete(folder.resolve("x"));
    assertThat(text(disk.cut().none(), "mnt/x")).isEqualTo("old");
    assertThat(disk.cut().all().paths()).containsExactly("mnt/");
    force(folder);
    assertThat(disk.cut().none().paths()).containsExactly("mnt/");
  }

  @Test
  void nothingLiesInAFolderThatIsNotThere() throws IOException {
    Path inner = Files.createDirectory(folder.resolve("inner"));
    writeForced(inner.resolve("x"), "new");
    force(inner);
    assertThat(disk.cut().none().paths()).containsExactly("mnt/");
    force(folder);
    assertThat(text(disk.cut().none(), "mnt/inner/x")).isEqualTo("new");
  }

  @Test
  void aFolderIsRemovedOnlyWithAllThatWasInIt() throws IOException {
    Path inner = Files.createDirectory(folder.resolve("inner"));
    writeForced(inner.resolve("x"), "kept");
    disk.sync();
    Files.move(inner.resolve("x"), folder.resolve("x"));
    Files.delete(inner);
    Set<String> seen = new TreeSet<>();
    forEverySeed(tree -> seen.add(String.join(" ", tree.paths())));
    assertThat(seen)
        .containsExactly(
            "mnt/ mnt/inner/ mnt/inner/x", // nothing, or
            "mnt/ mnt/inner/ mnt/x", // the move, or both
            "mnt/ mnt/x");
  }

  @Test
  void operationsSurviveInNoOrder() throws IOException {
    for (String name : List.of("a", "b", "c")) {
      Files.createFile(folder.resolve(name));
    }
    Set<String> seen = new TreeSet<>();
    forEverySeed(tree -> seen.add(String.join(" ", tree.paths())));
    assertThat(seen).as("all subsets of three").hasSize(8);
  }

  @Test
  void writesSurviveInNoOrder() throws IOException {
    Path file = folder.resolve("x");
    writeForced(file, "....");
    disk.sync();
    try (FileChannel channel = FileChannel.open(file, WRITE)) {
      channel.write(bytes("A"), 0);
      channel.write(bytes("B"), 1);
      channel.write(bytes("C"), 2);
    }
    Set<String> seen = new TreeSet<>();
    forEverySeed(tree -> seen.add(text(tree, "mnt/x")));
    assertThat(seen)
        .containsExactly("....", "..C.", ".B..", ".BC.", "A...", "A.C.", "AB..", "ABC.");
    assertThat(text(disk.cut().all(), "mnt/x")).isEqualTo("ABC.");
  }

  @Test
  void aLongWriteSurvivesAsFarAsABlockOrAsALengthOnly() throws IOException {
    try (FileChannel channel = FileChannel.open(folder.resolve("x"), CREATE_NEW, WRITE)) {
      channel.write(bytes("x".repeat(10_000)));
    }
    force(folder);
    Set<Integer> lengths = new TreeSet<>();
    Set<Boolean> blank = new HashSet<>();
    forEverySeed(tree -> {
      String text = text(tree, "mnt/x");
      lengths.add(text.length());
      blank.add(text.startsWith("\0"));
      assertThat(text.matches("x*|\0*")).as("of one kind").isTrue();
    });
    assertThat(lengths).hasSizeGreaterThan(10).contains(0, 4096, 8192, 10_000);
    assertThat(lengths)
        .allMatch(length -> length % 512 == 0 || length == 10_000, "a number of blocks");
    assertThat(blank).containsExactlyInAnyOrder(true, false);
  }

  @Test
  void bytesThatWereThereAreNeverBlank() throws IOException {
    writeForced(folder.resolve("x"), "old");
    disk.sync();
    Files.write(folder.resolve("x"), "newer".getBytes(US_ASCII), WRITE);
    forEverySeed(tree -> assertThat(text(tree, "mnt/x")).isIn("old", "newer", "old\0\0"));
  }

  @Test
  void aTruncationMayOrMayNotSurvive() throws IOException {
    writeForced(folder.resolve("x"), "old");
    disk.sync();
    try (FileChannel channel = FileChannel.open(folder.resolve("x"), WRITE)) {
      channel.truncate(1);
      assertThat(text(disk.cut().none(), "mnt/x")).isEqualTo("old");
      assertThat(text(disk.cut().all(), "mnt/x")).isEqualTo("o");
      channel.force(true);
    }
    assertThat(text(disk.cut().none(), "mnt/x")).isEqualTo("o");
    Files.writeString(folder.resolve("x"), "new"); // truncates, then writes
    Set<String> seen = new TreeSet<>();
    forEverySeed(tree -> seen.add(text(tree, "mnt/x")));
    assertThat(seen).contains("", "o", "new");
  }

  @Test
  void aChannelGoesOnWithItsFileWhateverBecomesOfTheName() throws IOException {
    Path file = folder.resolve("x");
    try (FileChannel channel = FileChannel.open(file, CREATE_NEW, WRITE)) {
      channel.write(bytes("first "));
      Files.move(file, folder.resolve("y"));
      writeForced(file, "another");
      channel.write(bytes("second"));
      channel.force(false);
    }
    force(folder);
    assertThat(text(disk.cut().none(), "mnt/y")).isEqualTo("first second");
    assertThat(text(disk.cut().none(), "mnt/x")).isEqualTo("another");
    try (FileChannel channel = FileChannel.open(file, WRITE)) {
      Files.delete(file);
      channel.write(bytes("to nobody"));
      channel.force(true);
    }
    assertThat(disk.cut().all().paths()).containsExactly("mnt/", "mnt/y");
  }

  @Test
  void appendingWritesAtTheEnd() throws IOException {
    writeForced(folder.resolve("x"), "old");
    force(folder);
    Files.write(folder.resolve("x"), " and new".getBytes(US_ASCII), APPEND);
    assertThat(text(disk.cut().none(), "mnt/x")).isEqualTo("old");
    assertThat(text(disk.cut().all(), "mnt/x")).isEqualTo("old and new");
  }

  @Test
  void aCopyIsANewFile() throws IOException {
    writeForced(folder.resolve("x"), "old");
    force(folder);
    Files.copy(folder.resolve("x"), folder.resolve("y"));
    assertThat(disk.cut().none().paths()).containsExactly("mnt/", "mnt/x");
    assertThat(text(disk.cut().all(), "mnt/y")).isEqualTo("old");
  }

  @Test
  void permissionsAreUnsyncedToo() throws IOException {
    Files.createDirectory(
        folder.resolve("inner"),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-x---")));
    force(folder);
    Files.setPosixFilePermissions(
        folder.resolve("inner"), PosixFilePermissions.fromString("rwx------"));
    assertThat(disk.cut().none().toString()).contains("rwxr-x--- mnt/inner/");
    assertThat(disk.cut().all().toString()).contains("rwx------ mnt/inner/");
    force(folder.resolve("inner"));
    assertThat(disk.cut().none().toString()).contains("rwx------ mnt/inner/");
  }

  @Test
  void aFailedOperationIsNone() throws IOException {
    Files.createFile(folder.resolve("x"));
    int before = disk.operations();
    assertThatThrownBy(() -> Files.createFile(folder.resolve("x"))).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> Files.delete(folder.resolve("y"))).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> Files.createLink(folder.resolve("x"), folder.resolve("z")))
        .isInstanceOf(IOException.class);
    assertThat(disk.operations()).isEqualTo(before);
  }

  @Test
  void aTreeIsMadeAgainAsItWas() throws IOException {
    Files.createDirectory(
        folder.resolve("empty"),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    Files.writeString(folder.resolve("x"), "text");
    Files.createLink(folder.resolve("y"), folder.resolve("x"));
    Files.setPosixFilePermissions(
        folder.resolve("x"), PosixFilePermissions.fromString("rw-------"));
    clock.advance(Duration.ofHours(1));
    DiskTree tree = disk.cut().all();
    assertThat(tree).hasToString("""
          rw-r--r-- mnt/
          rwxr-xr-x mnt/empty/
          rw------- 4 mnt/x
          mnt/y = mnt/x
        """);
    try (FileSystem other = Jimfs.newFileSystem(unix())) {
      tree.writeTo(other.getPath("/"));
      assertThat(Files.readString(other.getPath("/mnt/y"))).isEqualTo("text");
      assertThat(Files.isSameFile(other.getPath("/mnt/x"), other.getPath("/mnt/y")))
          .isTrue();
      assertThat(Files.getLastModifiedTime(other.getPath("/mnt/x")).toInstant())
          .isEqualTo("2026-02-14T14:30:45Z");
      assertThat(
              PosixFilePermissions.toString(Files.getPosixFilePermissions(other.getPath("/mnt/x"))))
          .isEqualTo("rw-------");
      assertThat(Files.isDirectory(other.getPath("/mnt/empty"))).isTrue();
    }
  }

  @Test
  void treesAreEqualThatLookTheSame() throws IOException {
    DiskTree before = disk.cut().all();
    assertThat(disk.cut().none()).isEqualTo(before).hasSameHashCodeAs(before);
    Files.writeString(folder.resolve("x"), "text");
    DiskTree first = disk.cut().all();
    assertThat(first).isNotEqualTo(before);
    Files.writeString(folder.resolve("x"), "TEXT");
    assertThat(disk.cut().all()).isNotEqualTo(first);
    Files.writeString(folder.resolve("x"), "text");
    assertThat(disk.cut().all()).isEqualTo(first).hasSameHashCodeAs(first);
    Files.setPosixFilePermissions(
        folder.resolve("x"), PosixFilePermissions.fromString("rw-------"));
    assertThat(disk.cut().all()).isNotEqualTo(first);
  }

  @Test
  void everyMomentIsGoneThroughWithWhatWasDurableThen() throws IOException {
    writeForced(folder.resolve("x"), "text");
    force(folder);
    Files.delete(folder.resolve("x"));
    List<String> moments = new ArrayList<>();
    disk.forEveryCut(cut -> moments.add(
        cut + ": " + cut.none().paths().size() + " of " + cut.all().paths().size()));
    assertThat(moments)
        .containsExactly(
            "before the first operation: 1 of 1",
            "after operation 1, make file /mnt/x: 1 of 2",
            "after operation 2, WRITE /mnt/x 4 bytes at 0: 1 of 2",
            "after operation 3, FORCE /mnt/x: 1 of 2",
            "after operation 4, FORCE /mnt: 2 of 2",
            "after operation 5, DELETE /mnt/x: 2 of 1");
    assertThat(disk.operations()).isEqualTo(5);
    assertThat(disk.told()).hasSize(5).endsWith("DELETE /mnt/x");
    disk.sync();
    assertThat(disk.operations()).isZero();
    assertThat(disk.cut().none().paths()).containsExactly("mnt/");
  }

  @Test
  void theSameSeedLeavesTheSame() throws IOException {
    for (int i = 0; i < 20; i++) {
      Files.writeString(folder.resolve("x" + i), "x".repeat(i * 100));
    }
    PowerCut cut = disk.cut();
    assertThat(cut.trees(7, 16)).isEqualTo(cut.trees(7, 16)).hasSize(18);
    assertThat(new HashSet<>(cut.trees(7, 16))).hasSizeGreaterThan(15);
    assertThat(cut.trees(8, 16)).isNotEqualTo(cut.trees(7, 16));
    assertThat(cut.trees(7, 0)).containsExactly(cut.none(), cut.all());
  }

  @Test
  void symbolicLinksAreRefused() {
    assertThatThrownBy(() -> Files.createSymbolicLink(folder.resolve("x"), folder))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> ForgetfulDisk.over(behind.getPath("/mnt"), clock))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("root must be a root, was /mnt");
  }

  private interface Look {
    void at(DiskTree tree);
  }

  /** So many that what chance can leave has been left. */
  private void forEverySeed(Look look) {
    for (long seed = 0; seed < SEEDS; seed++) {
      look.at(disk.cut().some(seed));
    }
  }

  private static void writeForced(Path file, String text) throws IOException {
    try (FileChannel channel = FileChannel.open(file, CREATE_NEW, WRITE)) {
      channel.write(bytes(text));
      channel.force(true);
    }
  }

  private static void force(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, READ)) {
      channel.force(true);
    }
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(Shop.text(text));
  }

  private static String text(DiskTree tree, String path) {
    return new String(tree.content(path).orElseThrow(), UTF_8);
  }
}
