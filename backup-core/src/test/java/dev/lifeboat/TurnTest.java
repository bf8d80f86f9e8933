package dev.lifeboat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lifeboat.BackupException.Kind;
import dev.lifeboat.catalog.Reason;
import java.io.File;
import java.io.IOException;
import java.lang.ref.Reference;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class TurnTest extends ShopTest {
  private final CountDownLatch inside = new CountDownLatch(1);
  private final CountDownLatch goOn = new CountDownLatch(1);

  /** The common pool may have one thread only. */
  private static final Executor OF_THEIR_OWN = task -> new Thread(task).start();

  /** Makes the next backup stop in the middle of its turn. */
  private CompletableFuture<Void> createThatStops(Backups backups) throws Exception {
    orders.at("write", () -> {
      inside.countDown();
      try {
        goOn.await(60, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    });
    CompletableFuture<Void> running =
        CompletableFuture.runAsync(() -> backups.create(Reason.MANUAL), OF_THEIR_OWN);
    assertThat(inside.await(60, TimeUnit.SECONDS)).isTrue();
    return running;
  }

  private Turn take(String verb, String by) {
    return Turn.take(new WorkDirectory(work()), "shop", verb, by, Duration.ZERO, clock);
  }

  @Test
  void aSecondThreadWaitsAndThenGoes() throws Exception {
    Backups backups = shop().build();
    CompletableFuture<Void> first = createThatStops(backups);
    AtomicReference<Thread> thread = new AtomicReference<>();
    CompletableFuture<Void> second = CompletableFuture.runAsync(
        () -> {
          thread.set(Thread.currentThread());
          backups.prune();
        },
        OF_THEIR_OWN);
    Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> thread.get() != null && thread.get().getState() == Thread.State.TIMED_WAITING);
    assertThat(second).isNotDone();

    goOn.countDown();

    first.get(60, TimeUnit.SECONDS);
    second.get(60, TimeUnit.SECONDS);
  }

  @Test
  void withoutPatienceItSaysWhatIsUnderWayWhoAskedAndSinceWhen() throws Exception {
    CompletableFuture<Void> first = createThatStops(shop().build().by("office"));

    BackupException e = failure(() -> shop().patience(Duration.ZERO).build().prune());

    assertThat(e.kind()).isEqualTo(Kind.BUSY);
    assertThat(e)
        .hasMessage("Cannot prune \"shop\": a create by \"office\" in process "
            + ProcessHandle.current().pid()
            + " is under way since 2026-02-14T14:30:45Z, and did not end within 0 ms. Nothing was"
            + " done; try again later.");
    goOn.countDown();
    first.get(60, TimeUnit.SECONDS);
    shop().patience(Duration.ZERO).build().prune();
  }

  @Test
  void whoIsBusyCannotForgeALine() throws Exception {
    try (Turn turn = take("create", "a\nb")) {
      String message = turn.during(() -> failure(() -> take("prune", ""))).getMessage();
      assertThat(message).contains("a create by \"a\\u000ab\" in process ");
    }
  }

  @Test
  void verbsThatOnlyLookDoNotWait() throws Exception {
    Backups backups = shop().patience(Duration.ZERO).build();
    CompletableFuture<Void> first = createThatStops(backups);
    assertThat(backups.list()).isEmpty();
    assertThat(backups.latest()).isEmpty();
    goOn.countDown();
    first.get(60, TimeUnit.SECONDS);
  }

  @Test
  void anInterruptWhileItWaitsEndsTheWait() throws Exception {
    Backups backups = shop().build();
    CompletableFuture<Void> first = createThatStops(backups);
    AtomicReference<BackupException> thrown = new AtomicReference<>();
    AtomicReference<Boolean> flag = new AtomicReference<>();
    Thread second = new Thread(() -> {
      thrown.set(failure(backups::prune));
      flag.set(Thread.currentThread().isInterrupted());
    });
    second.start();
    Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> second.getState() == Thread.State.TIMED_WAITING);

    second.interrupt();
    second.join(60_000);

    assertThat(Objects.requireNonNull(thrown.get()).kind()).isEqualTo(Kind.INTERRUPTED);
    assertThat(flag).hasValue(true);
    goOn.countDown();
    first.get(60, TimeUnit.SECONDS);
  }

  @Test
  void anotherProcessKeepsItUntilItDies() throws Exception {
    try (Child child = Child.start("turn", work())) {
      assertThat(child.line()).isEqualTo("READY");

      BackupException e = failure(() -> take("create", ""));
      assertThat(e.kind()).isEqualTo(Kind.BUSY);
      assertThat(e)
          .hasMessageStartingWith("Cannot create \"shop\": a restore by \"office\" in process "
              + child.pid() + " is under way since ");

      child.kill();
      assertThat(work().resolve("owner.json")).exists();
      try (Turn turn = take("create", "")) {
        assertThat(turn.during(() -> "mine")).isEqualTo("mine");
      }
      assertThat(work().resolve("owner.json")).doesNotExist();
    }
  }

  @Test
  void itIsHeldAgainstOtherProcessesHoweverOftenSomebodyLooks() throws Exception {
    Backups backups = shop().patience(Duration.ZERO).build();
    CompletableFuture<Void> first = createThatStops(backups);
    for (int i = 0; i < 50; i++) {
      backups.list();
    }
    failure(backups::prune); // who does not get it must not drop it either

    try (Child child = Child.start("try", work())) {
      assertThat(child.line()).isEqualTo("BUSY");
    }
    goOn.countDown();
    first.get(60, TimeUnit.SECONDS);
    try (Child child = Child.start("try", work())) {
      assertThat(child.line()).isEqualTo("TAKEN");
    }
  }

  @Test
  void aCopyOfTheClassesInAnotherLoaderWaitsToo() throws Exception {
    try (OtherLoader other = new OtherLoader();
        Turn turn = take("create", "office")) {
      turn.during(() -> "");
      assertThat(other.tryTurn(work())).isEqualTo("BUSY");
      try (Child child = Child.start("try", work())) {
        assertThat(child.line()).isEqualTo("BUSY");
      }
    }
    try (OtherLoader other = new OtherLoader()) {
      assertThat(other.tryTurn(work())).isEqualTo("TAKEN");
    }
  }

  @Test
  void aCopyThatDoesNotSeeTheRegistryWaitsTooAndDropsNoLock() throws Exception {
    try (OtherLoader other = new OtherLoader();
        Turn turn = take("create", "office")) {
      Object registry = System.getProperties().remove("dev.lifeboat.turns");
      Object others;
      try {
        assertThat(turn.during(() -> other.tryTurn(work()))).isEqualTo("BUSY");
        assertThat(other.tryTurn(work())).isEqualTo("BUSY");
      } finally {
        others = System.getProperties().put("dev.lifeboat.turns", registry);
      }
      try (Child child = Child.start("try", work())) {
        assertThat(child.line()).isEqualTo("BUSY");
      } finally {
        // the channel in it, once collected, would be closed, and the lock dropped with it
        Reference.reachabilityFence(others);
      }
    }
  }

  @Test
  void bySymbolicLinkItIsTheSameTurn() throws Exception {
    Files.createDirectory(work());
    Path link = Files.createSymbolicLink(temp.resolve("link"), work());
    try (Turn turn = take("create", "")) {
      BackupException e = turn.during(() -> failure(() -> Turn.take(
          new WorkDirectory(link), "shop", "prune", "", Duration.ZERO, Clock.systemUTC())));
      assertThat(e.kind()).isEqualTo(Kind.BUSY);
    }
  }

  @Test
  void anOwnerThatCannotBeRemovedDoesNotKeepTheTurn() throws Exception {
    Turn turn = take("create", "");
    Files.delete(work().resolve("owner.json"));
    Files.createDirectories(work().resolve("owner.json").resolve("odd"));
    turn.close();

    Files.delete(work().resolve("owner.json").resolve("odd"));
    Files.delete(work().resolve("owner.json"));
    take("prune", "").close();
  }

  @Test
  void anOwnerThatCannotBeWrittenDoesNotKeepFromTheTurn() throws Exception {
    take("create", "").close();
    Files.createDirectories(work().resolve("owner.json").resolve("odd"));
    try (Turn turn = take("prune", "")) {
      BackupException e = turn.during(() -> failure(() -> take("create", "")));
      assertThat(e.kind()).isEqualTo(Kind.BUSY);
    }
  }

  @Test
  void anOwnerThatCannotBeReadIsStillBusy() throws Exception {
    try (Turn turn = take("create", "")) {
      Files.write(work().resolve("owner.json"), "{".getBytes(StandardCharsets.UTF_8));
      BackupException e = turn.during(() -> failure(() -> take("prune", "")));
      assertThat(e)
          .hasMessage(
              "Cannot prune \"shop\": another verb is under way, and did not end within 0 ms."
                  + " Nothing was done; try again later.");
    }
  }

  @Test
  void itIsGivenBackWhenSweepingFails() throws Exception {
    Files.createDirectories(work().resolve("cache"));
    take("create", "").close();
    Files.write(work().resolve("staging"), new byte[0]); // not a directory: cannot be listed
    BackupException e = failure(() -> take("create", ""));
    assertThat(e.kind()).isEqualTo(Kind.WORK);
    Files.delete(work().resolve("staging"));

    take("create", "").close();
  }

  /** The same classes once more, in a loader of their own. */
  private static final class OtherLoader implements AutoCloseable {
    private final URLClassLoader loader;

    OtherLoader() {
      URL[] path = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
          .map(Path::of)
          .map(OtherLoader::url)
          .toArray(URL[]::new);
      loader = new URLClassLoader(path, ClassLoader.getPlatformClassLoader());
    }

    private static URL url(Path path) {
      try {
        return path.toUri().toURL();
      } catch (java.net.MalformedURLException e) {
        throw new AssertionError(e);
      }
    }

    String tryTurn(Path work) {
      try {
        Class<?> type = loader.loadClass(Attempt.class.getName());
        assertThat(type).isNotSameAs(Attempt.class);
        Method attempt = type.getDeclaredMethod("at", Path.class);
        attempt.setAccessible(true);
        return String.valueOf(attempt.invoke(null, work));
      } catch (InvocationTargetException e) {
        throw new AssertionError(e.getCause());
      } catch (ReflectiveOperationException e) {
        throw new LinkageError(e.getMessage(), e);
      }
    }

    @Override
    public void close() throws IOException {
      loader.close();
    }
  }

  /** What the other loader runs. */
  static final class Attempt {
    private Attempt() {}

    static String at(Path work) {
      try (Turn turn = Turn.take(
          new WorkDirectory(work), "shop", "create", "", Duration.ZERO, Clock.systemUTC())) {
        return turn.during(() -> "TAKEN");
      } catch (BackupException e) {
        return e.kind().toString();
      }
    }
  }

  @Test
  void theAttemptWorksInThisLoaderToo() {
    assertThat(Attempt.at(work())).isEqualTo("TAKEN");
    assertThrows(BackupException.class, () -> {
      try (Turn turn = take("create", "")) {
        turn.during(() -> take("prune", ""));
      }
    });
  }
}
