package dev.lifeboat;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.lifeboat.crypto.BackupKey;
import dev.lifeboat.crypto.Encryption;
import dev.lifeboat.sink.BackupSink;
import dev.lifeboat.sink.Content;
import dev.lifeboat.sink.MemorySink;
import dev.lifeboat.sink.ObjectName;
import dev.lifeboat.sink.StoredObject;
import dev.lifeboat.testkit.DiskTree;
import dev.lifeboat.testkit.FaultCount;
import dev.lifeboat.testkit.ForgetfulDisk;
import dev.lifeboat.testkit.PowerCut;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The power fails after every operation of the disk on which the work directory lies. The sink is elsewhere and has
 * lost nothing; what the work directory remembers of it may be anything between nothing and all.
 */
@Tag("harness")
class WorkDirectoryPowerCutTest {
  private static final int RANDOM = 8 * Integer.getInteger("loops", 1);
  private static final long SEED = 14_022_026;

  @TempDir
  static Path temp;

  private static Shop clear = new Shop(Path.of(""));
  private static Shop encrypted = new Shop(Path.of(""));

  private Shop sea = clear;

  private final Set<Object> seen = new HashSet<>();
  private int cuts;
  private int moments;

  @BeforeAll
  static void build() {
    clear = Voyages.sea(temp.resolve("sea"));
    encrypted =
        Voyages.sea(temp.resolve("encrypted"), Optional.of(Encryption.key(BackupKey.generate())));
  }

  /** In clear, and encrypted the one that makes a key; with more loops all. */
  static Stream<Arguments> voyages() {
    List<Voyages> all = List.of(Voyages.CREATE, Voyages.PRUNE, Voyages.DELETE, Voyages.VERIFY);
    return Stream.concat(
        all.stream().map(voyage -> Arguments.of(voyage, false)),
        all.stream()
            .limit(Integer.getInteger("loops", 1) > 1 ? all.size() : 1)
            .map(voyage -> Arguments.of(voyage, true)));
  }

  @ParameterizedTest
  @MethodSource("voyages")
  void whateverIsLeftOfTheWorkDirectoryBackupsGoOn(Voyages voyage, boolean isEncrypted)
      throws IOException {
    sea = isEncrypted ? encrypted : clear;
    Shop shop = sea.copy(temp.resolve("unused"));
    try (FileSystem memory = memory(shop.clock)) {
      ForgetfulDisk disk = ForgetfulDisk.over(memory.getPath("/"), shop.clock);
      RememberingSink sink = new RememberingSink(shop.memory, disk);
      Backups backups = Voyages.boat(shop, sink, disk.root().resolve("app").resolve("shop"));
      if (voyage != Voyages.CREATE) { // which finds none, the others a familiar one
        backups.pin(shop.sea().get(0), "a while ago");
        backups.unpin(shop.sea().get(0));
        disk.sync();
        sink.forget();
      }
      shop.nextContent();
      voyage.sail(backups, shop);
      disk.forEveryCut(cut -> {
        moments++;
        for (List<Change> changes : sink.upTo(cut.after())) {
          cut(voyage, shop, cut, changes);
        }
      });
    }
    String what = voyage + (isEncrypted ? ", encrypted" : "");
    FaultCount.tried(getClass(), "power cuts to the work directory during " + what, cuts);
    FaultCount.tried(getClass(), "moments of " + what, moments);
    FaultCount.tried(getClass(), "distinct disks after " + what, seen.size());
  }

  private void cut(Voyages voyage, Shop shop, PowerCut cut, List<Change> changes) {
    long seed = SEED + 1000L * cut.after();
    List<DiskTree> trees = cut.trees(seed, RANDOM);
    for (int i = 0; i < trees.size(); i++) {
      cuts++;
      if (seen.add(List.of(changes.size(), trees.get(i)))) {
        try {
          look(voyage, shop, trees.get(i), changes);
        } catch (RuntimeException | AssertionError | IOException e) {
          throw new AssertionError(
              e.getMessage() + "\nwhen the power failed " + cut + ", the sink had seen "
                  + changes.size() + " changes, and of the work directory "
                  + (i == 0 ? "nothing" : i == 1 ? "everything" : "what seed " + (seed + i - 2))
                  + " was left:\n" + trees.get(i),
              e);
        }
      }
    }
  }

  private void look(Voyages voyage, Shop shop, DiskTree tree, List<Change> changes)
      throws IOException {
    Shop world = sea.copy(temp.resolve("unused"));
    world.clock.set(shop.clock.instant());
    world.nextContent(); // the same that the shop has
    for (Change change : changes) {
      change.on(world.memory);
    }
    try (FileSystem memory = memory(world.clock)) {
      tree.writeTo(memory.getPath("/"));
      Path work = memory.getPath("/app/shop");
      Backups backups = Voyages.boat(world, world.memory, work);
      voyage.assertEarlierOnesAreSafe(world, backups);
      backups.list().stream()
          .filter(backup -> backup.isPinned())
          .forEach(backup -> backups.unpin(backup.id()));
      voyage.assertAnotherRoundTidiesUp(world, backups);
      world.clock.advance(Duration.ofDays(2));
      world.make(backups);
      assertThat(files(work)).as("left over").allMatch(WorkDirectoryPowerCutTest::isAtHome);
      Turn.forget(work);
    }
  }

  private static boolean isAtHome(String file) {
    return file.matches("series|lock|sinks/[0-9a-f]{16}\\.json|cache/2[^/]*@[0-9a-f]{64}");
  }

  private static List<String> files(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(Files::isRegularFile)
          .map(file -> directory.relativize(file).toString())
          .toList();
    }
  }

  private static FileSystem memory(Clock clock) {
    return Jimfs.newFileSystem(Configuration.unix().toBuilder()
        .setAttributeViews("basic", "owner", "posix", "unix")
        .setWorkingDirectory("/")
        .setFileTimeSource(() -> FileTime.from(clock.instant()))
        .build());
  }

  /** What happened to one object after so many operations of the disk. */
  private record Change(int after, ObjectName name, Content content, boolean deleted) {
    void on(MemorySink sink) throws IOException {
      if (deleted) {
        sink.delete(name);
      } else {
        sink.put(name, content);
      }
    }
  }

  /** Remembers what was changed, and when by the disk's count. */
  private static final class RememberingSink implements BackupSink {
    private final BackupSink sink;
    private final ForgetfulDisk disk;
    private final List<Change> changes = new ArrayList<>();

    RememberingSink(BackupSink sink, ForgetfulDisk disk) {
      this.sink = sink;
      this.disk = disk;
    }

    synchronized void forget() {
      changes.clear();
    }

    /** What the sink may have seen at this moment: all before it, and as many as you like of those at it. */
    synchronized List<List<Change>> upTo(int after) {
      List<List<Change>> all = new ArrayList<>();
      for (int count = 0; count <= changes.size(); count++) {
        List<Change> seen = changes.subList(0, count);
        List<Change> rest = changes.subList(count, changes.size());
        if (seen.stream().allMatch(change -> change.after() <= after)
            && rest.stream().allMatch(change -> change.after() >= after)) {
          all.add(List.copyOf(seen));
        }
      }
      return all;
    }

    @Override
    public StoredObject put(ObjectName name, Content content) throws IOException {
      Content copy;
      try (InputStream in = content.open()) {
        copy = Content.of(in.readAllBytes());
      }
      synchronized (this) {
        StoredObject stored = sink.put(name, content);
        changes.add(new Change(disk.operations(), name, copy, false));
        return stored;
      }
    }

    @Override
    public InputStream open(ObjectName name) throws IOException {
      return sink.open(name);
    }

    @Override
    public List<StoredObject> list(String folder) throws IOException {
      return sink.list(folder);
    }

    @Override
    public synchronized void delete(ObjectName name) throws IOException {
      sink.delete(name);
      changes.add(new Change(disk.operations(), name, Content.of(new byte[0]), true));
    }

    @Override
    public boolean exclusivePut() throws IOException {
      return sink.exclusivePut();
    }

    @Override
    public String description() {
      return sink.description();
    }
  }
}
