package dev.lifeboat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lifeboat.BackupException.Kind;
import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.Reason;
import dev.lifeboat.testkit.DiskCall;
import dev.lifeboat.testkit.DiskCall.Operation;
import dev.lifeboat.testkit.FaultCount;
import dev.lifeboat.testkit.FaultyDisk;
import dev.lifeboat.testkit.FaultyDisk.Failure;
import dev.lifeboat.testkit.FaultySink.Moment;
import dev.lifeboat.testkit.WatchedDisk;
import dev.lifeboat.testkit.Watcher;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class WorkDirectoryTest extends ShopTest {
  private static final BackupId ID = BackupId.parse("20260214T143045Z-manual-k7f3q2ab");

  private BackupException failureIn(Path directory) {
    Backups backups = Backups.builder("shop")
        .source(orders)
        .sink(sink)
        .workDirectory(directory)
        .build();
    return failure(() -> backups.create(Reason.MANUAL));
  }

  private static String permissions(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  @Test
  void allInItIsPrivateWhateverTheUmask() throws Exception {
    assumeTrue(temp.getFileSystem().supportedFileAttributeViews().contains("posix"));
    try (Child child = Child.start("create", temp.resolve("above").resolve("work"), "000")) {
      assertThat(child.line()).isEqualTo("READY");
      child.kill();
    }

    assertThat(permissions(temp.resolve("above"))).isEqualTo("rwx------");
    assertThat(permissions(temp.resolve("above/work"))).isEqualTo("rwx------");
    List<Path> all = files(temp.resolve("above/work"));
    assertThat(all)
        .contains(
            temp.resolve("above/work/lock"),
            temp.resolve("above/work/owner.json"),
            temp.resolve("above/work/scratch/orders"));
    for (Path file : all) {
      boolean ours = !file.startsWith(temp.resolve("above/work/scratch/orders/"));
      if (ours && !file.endsWith("copy")) {
        assertThat(permissions(file))
            .as(file.toString())
            .isEqualTo(Files.isDirectory(file) ? "rwx------" : "rw-------");
      }
    }
  }

  @Test
  void oneThatWasOpenToOthersIsMadePrivate() throws IOException {
    assumeTrue(temp.getFileSystem().supportedFileAttributeViews().contains("posix"));
    Files.createDirectory(work());
    Files.setPosixFilePermissions(work(), PosixFilePermissions.fromString("rwxr-xr-x"));

    shop().build().create(Reason.MANUAL);

    assertThat(permissions(work())).isEqualTo("rwx------");
  }

  @Test
  void aFileInItsPlaceIsRefused() throws IOException {
    Path file = Files.createFile(temp.resolve("file"));

    BackupException e = failureIn(file);

    assertThat(e.kind()).isEqualTo(Kind.WORK);
    assertThat(e)
        .hasMessage("Cannot create \"shop\": the work directory " + file + " cannot be used: "
            + file + " is not a directory. Nothing was done.");
    assertThat(failureIn(file.resolve("below").resolve("it")))
        .hasMessage("Cannot create \"shop\": the work directory "
            + file.resolve("below").resolve("it") + " cannot be used: " + file
            + " is not a directory. Nothing was done.");
    assertThat(objects()).isEmpty();
  }

  @Test
  void aLinkThatLeadsNowhereIsRefused() throws IOException {
    Path link = Files.createSymbolicLink(temp.resolve("link"), temp.resolve("nowhere"));

    assertThat(failureIn(link).kind()).isEqualTo(Kind.WORK);
  }

  @Test
  void aDirectoryOfSomethingElseIsLeftAlone() throws IOException {
    Path app = Files.createDirectory(temp.resolve("app"));
    Path precious = Files.createDirectories(app.resolve("staging")).resolve("precious");
    Files.writeString(precious, "data");

    BackupException e = failureIn(app);

    assertThat(e.kind()).isEqualTo(Kind.WORK);
    assertThat(e)
        .hasMessage("Cannot create \"shop\": the work directory " + app
            + " cannot be used: it is not empty and was not made by Lifeboat (it holds \"staging\");"
            + " name one that is not there yet. Nothing was done.");
    assertThat(precious).hasContent("data");
  }

  @Test
  void thatOfAnotherSeriesIsRefused() {
    shop().build().create(Reason.MANUAL);

    BackupException e = failure(() -> Backups.builder("pub")
        .source(orders)
        .sink(sink)
        .workDirectory(work())
        .build()
        .create(Reason.MANUAL));

    assertThat(e.kind()).isEqualTo(Kind.WORK);
    assertThat(e)
        .hasMessage("Cannot create \"pub\": the work directory " + work()
            + " cannot be used: it is that of series \"shop\"; every series needs one of its own."
            + " Nothing was done.");
  }

  @Test
  void whoOnlyLooksFirstDoesNotSpoilIt() {
    Backups backups = shop().build();
    assertThat(backups.list()).isEmpty();
    Backups.builder("shop")
        .source(orders)
        .sink(sink)
        .workDirectory(temp.resolve("other"))
        .build()
        .create(Reason.MANUAL);
    assertThat(backups.list()).hasSize(1);
    assertThat(files("sinks")).isNotEmpty();

    backups.create(Reason.MANUAL);
  }

  private List<Path> files(String folder) {
    try {
      return files(work().resolve(folder));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void manyMayLookForTheFirstTimeAtOnce() throws Exception {
    Backups.builder("shop")
        .source(orders)
        .sink(memory)
        .workDirectory(temp.resolve("other"))
        .build()
        .create(Reason.MANUAL);
    ExecutorService pool = Executors.newFixedThreadPool(8);
    try {
      for (int round = 0; round < 20 * Integer.getInteger("loops", 1); round++) {
        Backups backups = Backups.builder("shop")
            .sink(memory)
            .workDirectory(temp.resolve("round" + round))
            .build();
        Callable<Integer> look = () -> backups.list().size();
        for (Future<Integer> seen : pool.invokeAll(java.util.Collections.nCopies(8, look))) {
          assertThat(seen.get()).isEqualTo(1);
        }
      }
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void whatAProcessLeftThatWasKilledWhileItMadeABackupIsSwept() throws Exception {
    try (Child child = Child.start("create", work())) {
      assertThat(child.line()).isEqualTo("READY");
      child.kill();
    }
    assertThat(files("scratch")).isNotEmpty();
    assertThat(files("begun")).hasSize(1);
    Files.write(work().resolve("owner.json.abcdefgh.part"), new byte[3]);
    Files.write(work().resolve("begun").resolve("x.abcdefgh.part"), new byte[3]);
    Files.createDirectories(work().resolve("cache"));
    Files.write(work().resolve("cache").resolve("x@0.abcdefgh.part"), new byte[3]);
    Files.write(work().resolve("sinks").resolve("x.json.abcdefgh.part"), new byte[3]);

    shop().build().create(Reason.MANUAL);

    // that run began in a sink that is not this one; only a verb on that sink can settle it
    assertThat(litter()).hasSize(1).allMatch(file -> file.startsWith(work().resolve("begun")));
  }

  @Test
  void whatIsWrittenOutOfTurnIsSweptWhenNobodyCanBeWritingItAnyMore() throws Exception {
    shop().build().create(Reason.MANUAL);
    shop().build().list();
    FileTime now = Files.getLastModifiedTime(work().resolve("series"));
    for (String name : List.of("series.", "sinks/x.json.", "cache/x.json@00.")) {
      Path old = Files.write(work().resolve(name + "abcdefgh.part"), new byte[3]);
      Files.setLastModifiedTime(old, FileTime.from(now.toInstant().minus(Duration.ofHours(25))));
      Files.write(work().resolve(name + "22222222.part"), new byte[3]);
    }

    shop().build().create(Reason.MANUAL);

    // the others can be written again
    assertThat(litter()).containsExactly(work().resolve("series.22222222.part"));
  }

  @Test
  void whatIsRenamedWhileItIsLookedAtIsNoFailure() throws Exception {
    shop().build().create(Reason.MANUAL);
    Path part = Files.write(work().resolve("series.abcdefgh.part"), new byte[3]);
    Files.write(work().resolve("owner.json"), new byte[0]); // whose turn it is tells what is old
    Path watched = WatchedDisk.over(work(), new Watcher() {
      @Override
      public <T> T call(DiskCall call, Effect<T> effect) throws IOException {
        if (call.operation() == Operation.READ_ATTRIBUTES && call.path().equals(part)) {
          Files.deleteIfExists(part);
        }
        return effect.run();
      }
    });
    new WorkDirectory(watched).sweep();
    assertThat(part).doesNotExist();
  }

  @Test
  void aLinkIsAsOldAsItIsItself() throws Exception {
    shop().build().create(Reason.MANUAL);
    Path old = Files.write(temp.resolve("old"), new byte[3]);
    Files.setLastModifiedTime(old, FileTime.from(clock.instant().minus(Duration.ofDays(9999))));
    Path nowhere =
        Files.createSymbolicLink(work().resolve("series.22222222.part"), temp.resolve("nowhere"));
    Path link = Files.createSymbolicLink(work().resolve("series.abcdefgh.part"), old);
    shop().build().create(Reason.MANUAL);
    assertThat(litter()).containsExactly(nowhere, link);
    assertThat(old).exists();
  }

  @Test
  void whatAProcessLeftThatWasKilledWhileItRestoredIsSwept() throws Exception {
    try (Child child = Child.start("restore", work())) {
      assertThat(child.line()).isEqualTo("READY");
      child.kill();
    }
    assertThat(files("staging")).isNotEmpty();

    shop().build().create(Reason.MANUAL);

    assertThat(litter()).isEmpty();
  }

  @Test
  void byDefaultItLiesInTheHomeDirectory() throws Exception {
    Path home = Files.createDirectory(temp.resolve("home"));
    try (Child child = Child.start("default", work(), "022", "-Duser.home=" + home)) {
      assertThat(child.line()).isEqualTo("DONE");
    }
    assertThat(home.resolve(".lifeboat").resolve("shop").resolve("lock")).exists();
  }

  @Test
  void withoutAHomeDirectoryOneMustBeNamed() {
    String home = System.getProperty("user.home");
    try {
      for (String none : List.of("?", "", " ")) {
        System.setProperty("user.home", none);
        IllegalArgumentException e = assertThrows(
            IllegalArgumentException.class,
            () -> Backups.builder("shop").sink(memory).build());
        assertThat(e)
            .hasMessage(
                "\"shop\" has no workDirectory, and there is no home directory for the default");
      }
    } finally {
      System.setProperty("user.home", home);
    }
  }

  @Test
  void whatIsKeptIsNeitherSweptNorUsedAgain() throws IOException {
    WorkDirectory directory = new WorkDirectory(work());
    directory.prepare("shop");
    Path first = directory.staging(ID);
    Files.writeString(first.resolve("undo"), "precious");
    WorkDirectory.keep(first);
    Path second = directory.staging(ID);
    WorkDirectory.keep(second);
    Path third = directory.staging(ID);

    directory.sweep();

    assertThat(first.resolve("undo")).hasContent("precious");
    assertThat(second).exists().isNotEqualTo(first);
    assertThat(third).doesNotExist();
  }

  @Test
  void whatIsKeptIsNeitherSweptNorUsedAgainWhereTheDiskCannotTell() throws IOException {
    WorkDirectory directory = new WorkDirectory(work());
    directory.prepare("shop");
    Path kept = directory.staging(ID);
    Files.writeString(kept.resolve("undo"), "precious");
    WorkDirectory.keep(kept);
    int tried = 0;
    for (Operation operation : Operation.values()) {
      FaultyDisk dry = new FaultyDisk();
      sweepAndStage(dry);
      for (int nth = 1; nth <= dry.calls(operation); nth++) {
        for (Failure failure : Failure.values()) {
          FaultyDisk disk = new FaultyDisk().failing(operation, nth, Moment.BEFORE, failure);
          try {
            sweepAndStage(disk);
          } catch (IOException e) {
            assertThat(disk.failed()).isNotEmpty();
          }
          Thread.interrupted();
          assertThat(kept.resolve("undo"))
              .as("%s %s with %s", operation, nth, failure)
              .hasContent("precious");
          tried++;
        }
      }
    }
    FaultCount.tried(getClass(), "the disk fails while kept staging is looked at", tried);
  }

  private void sweepAndStage(FaultyDisk disk) throws IOException {
    WorkDirectory directory = new WorkDirectory(disk.over(work()));
    directory.sweep();
    directory.staging(ID);
  }

  @Test
  void aDiskThatCannotTellWhoseItIsIsNotTakenForForeign() throws IOException {
    shop().build().create(Reason.MANUAL);
    FaultyDisk disk = new FaultyDisk();
    disk.failingFrom(Operation.READ_ATTRIBUTES, 2, Failure.INPUT_OUTPUT);

    BackupException e = failureIn(disk.over(work()));

    assertThat(e.kind()).isEqualTo(Kind.WORK);
    assertThat(e)
        .hasMessage("Cannot create \"shop\": the work directory " + work() + " cannot be used: "
            + work().resolve("series") + ": Input/output error. Nothing was done.");
  }

  @Test
  void aComponentCalledKeepIsSweptLikeAnyOther() throws IOException {
    WorkDirectory directory = new WorkDirectory(work());
    directory.prepare("shop");
    WorkDirectory.stagingOf(directory.staging(ID), "keep");

    directory.sweep();

    assertThat(litter()).isEmpty();
  }

  @Test
  void sweepingFollowsNoLink() throws IOException {
    WorkDirectory directory = new WorkDirectory(work());
    directory.prepare("shop");
    Path outside = Files.createDirectory(temp.resolve("outside"));
    Files.writeString(outside.resolve("precious"), "data");
    Files.createSymbolicLink(directory.scratch("orders").resolve("link"), outside);
    Files.createSymbolicLink(directory.staging(ID).resolve("link"), outside);

    directory.sweep();

    assertThat(outside.resolve("precious")).hasContent("data");
    assertThat(litter()).isEmpty();
  }

  @Test
  void whatIsDamagedInItIsNamed() throws IOException {
    WorkDirectory directory = new WorkDirectory(work());
    directory.prepare("shop");
    directory.begin(ID, "memory shelf");
    Files.write(work().resolve("begun").resolve(ID.toString()), new byte[0]);
    assertThat(directory.begun("memory shelf")).isEmpty();

    directory.rememberSeries("memory shelf", "abc");
    assertThat(directory.knownSeries("memory shelf")).contains("abc");
    Path known = directory.knownFile("memory shelf");
    Files.write(known, "{".getBytes(StandardCharsets.UTF_8));
    IOException e = assertThrows(IOException.class, () -> directory.knownSeries("memory shelf"));
    assertThat(e).hasMessageStartingWith(known + " is damaged (");
    assertThat(e).hasMessageEndingWith("); remove it if the sink is right");
  }

  @Test
  void afterEveryVerbNothingIsLeftInIt() throws IOException {
    Backups backups = shop().build();
    BackupId id = backedUp(backups);
    backups.verify(id, dev.lifeboat.catalog.Depth.DRILL);
    backups.restore(id);
    backups.prune();
    orders.at("write", Paper.failing("torn"));
    failure(() -> backups.create(Reason.MANUAL));

    assertThat(litter()).isEmpty();
    try (Stream<Path> entries = Files.list(work())) {
      assertThat(entries.map(entry -> entry.getFileName().toString()))
          .isSubsetOf("lock", "series", "scratch", "staging", "begun", "sinks", "cache");
    }
  }
}
