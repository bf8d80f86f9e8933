package dev.lifeboat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lifeboat.BackupException.Kind;
import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.Depth;
import dev.lifeboat.catalog.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ListenerTest extends ShopTest {
  private final List<BackupEvent> heard = Collections.synchronizedList(new ArrayList<>());

  /** One that has done its last may still be listed for a moment. */
  @AfterEach
  void noThreadIsLeft() {
    Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(() -> assertThat(threads()).isEmpty());
  }

  private static Set<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("lifeboat-"))
        .collect(Collectors.toSet());
  }

  private List<String> kinds() {
    return heard.stream().map(event -> event.getClass().getSimpleName()).toList();
  }

  private <T extends BackupEvent> List<T> heard(Class<T> kind) {
    return heard.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  @Test
  void aRunIsHeardFromItsBeginToItsEnd() {
    Backups backups = shop().listener(heard::add).build().by("office");
    BackupId id = backups.create(Reason.MANUAL).id();

    assertThat(kinds()).startsWith("Started", "Progress").endsWith("Progress", "Finished");
    BackupEvent.Run begun = heard.get(0).run();
    assertThat(begun)
        .isEqualTo(
            new BackupEvent.Run("create", "shop", "office", Optional.empty(), clock.instant()));
    BackupEvent.Finished finished = heard(BackupEvent.Finished.class).get(0);
    assertThat(finished.run().backup()).contains(id);
    assertThat(finished.result()).startsWith(id + " is COMPLETE, ");
    noThreadIsLeft();

    heard.clear();
    backups.verify(id, Depth.STORED);
    assertThat(kinds()).startsWith("Started").endsWith("Finished");
    heard.clear();
    backups.restore(id);
    assertThat(heard(BackupEvent.Finished.class).get(0).result())
        .startsWith(id + " is restored: orders, users, notes; what was live is kept as ");
    assertThat(heard(BackupEvent.Finished.class).get(0).run().backup()).contains(id);
  }

  @Test
  void aRunThatFailsIsHeardToFail() {
    Backups backups = shop().listener(heard::add).build();
    orders.at("write", Paper.failing("torn"));

    BackupException e = failure(() -> backups.create(Reason.MANUAL));

    assertThat(kinds()).startsWith("Started").endsWith("Failed");
    assertThat(heard(BackupEvent.Failed.class).get(0).cause()).isSameAs(e);
    assertThat(heard(BackupEvent.Finished.class)).isEmpty();
  }

  @Test
  void aRunThatEndsWithAnErrorIsHeardToFailToo() {
    Backups backups = shop().listener(heard::add).build();
    orders.at("open", () -> {
      throw new StackOverflowError("deep");
    });

    StackOverflowError e =
        assertThrows(StackOverflowError.class, () -> backups.create(Reason.MANUAL));

    BackupException cause = heard(BackupEvent.Failed.class).get(0).cause();
    assertThat(cause).hasCause(e);
    assertThat(cause)
        .hasMessage(
            "Cannot create \"shop\" in memory shelf: unexpected StackOverflowError: deep. What"
                + " was begun is settled by the next verb; earlier backups are untouched.");
    noThreadIsLeft();
  }

  @Test
  void progressTellsBytesAndTheSizeInTheBackupBeforeAndItsLastWordIsNeverDropped() {
    String large = "0123456789abcdef".repeat(5 << 16);
    orders.live = large;
    Backups backups = bare().source(orders).listener(heard::add).build();
    BackupId id = backups.create(Reason.MANUAL).id();
    List<BackupEvent.Progress> first = heard(BackupEvent.Progress.class);
    assertThat(first.get(first.size() - 1).bytes()).isEqualTo(large.length());
    assertThat(first.get(first.size() - 1).total()).contains((long) large.length());
    assertThat(first.subList(0, first.size() - 1))
        .allSatisfy(progress -> assertThat(progress.total()).isEmpty());

    heard.clear();
    orders.live = large + large;
    backups.create(Reason.MANUAL);
    List<BackupEvent.Progress> second = heard(BackupEvent.Progress.class);
    assertThat(second.subList(0, second.size() - 1))
        .allSatisfy(progress -> assertThat(progress.total()).contains((long) large.length()));
    assertThat(second.get(second.size() - 1).bytes()).isEqualTo(2L * large.length());

    heard.clear();
    backups.restore(RestoreRequest.inPlace(id).withoutBackupBefore());
    List<BackupEvent.Progress> back = heard(BackupEvent.Progress.class);
    assertThat(back).isNotEmpty().allSatisfy(progress -> {
      assertThat(progress.component()).isEqualTo("orders");
      assertThat(progress.total()).contains((long) large.length());
    });
    assertThat(back.get(back.size() - 1).bytes()).isEqualTo(large.length());
  }

  @Test
  void aListenerThatThrowsChangesNothing() {
    Backups backups = shop()
        .listener(event -> {
          throw new IllegalStateException("boo");
        })
        .listener(event -> {
          throw new AssertionError("boo");
        })
        .listener(heard::add)
        .build();

    backups.create(Reason.MANUAL);

    assertThat(kinds()).startsWith("Started").endsWith("Finished");
  }

  @Test
  void aListenerThatBlocksHoldsNobodyUpAndMissesOnlyProgress() throws Exception {
    CountDownLatch written = new CountDownLatch(1);
    List<BackupEvent> late = Collections.synchronizedList(new ArrayList<>());
    orders.live = "0123456789abcdef".repeat(5 << 16);
    orders.at("write", written::countDown);
    Backups backups = bare()
        .source(orders)
        .optionalSource(users.at("open", Paper.failing("on holiday")))
        .listener(event -> {
          awaitQuietly(written);
          late.add(event);
        })
        .listener(heard::add)
        .build();

    backups.create(Reason.MANUAL); // would never write if the run waited for the listener

    assertThat(written.getCount()).isZero();
    assertThat(late.stream().map(event -> event.getClass().getSimpleName()))
        .containsExactly("Started", "Warned", "Progress", "Finished");
    assertThat(heard).containsAll(late);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      if (!latch.await(60, TimeUnit.SECONDS)) {
        throw new AssertionError("held up");
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aListenerThatNeverComesBackIsInterruptedAndHearsNoMore() {
    CountDownLatch never = new CountDownLatch(1);
    AtomicBoolean interrupted = new AtomicBoolean();
    List<BackupEvent> reached = Collections.synchronizedList(new ArrayList<>());
    Backups backups = bare()
        .source(orders)
        .listener(event -> {
          reached.add(event);
          try {
            never.await();
          } catch (InterruptedException e) {
            interrupted.set(true);
          }
        })
        .build();

    backups.create(Reason.MANUAL);

    noThreadIsLeft();
    assertThat(interrupted).isTrue();
    assertThat(reached).hasSize(1);
  }

  @Test
  void anInterruptedRunStillTellsHowItEnded() {
    Backups backups = shop().listener(heard::add).build();
    Thread.currentThread().interrupt();

    BackupException e = failure(() -> backups.create(Reason.MANUAL));

    assertThat(Thread.interrupted()).isTrue();
    assertThat(e.kind()).isEqualTo(Kind.INTERRUPTED);
    assertThat(e)
        .hasMessage("Cannot create \"shop\": interrupted while it waited for its turn. Nothing was"
            + " done.");
    assertThat(kinds()).containsExactly("Started", "Failed");
  }

  @Test
  void whatFailsOfAnOptionalSourceIsAWarningOnOneLine() {
    users.at("open", Paper.failing("on\nholiday\u001b[31m"));
    Backups backups =
        bare().source(orders).optionalSource(users).listener(heard::add).build();

    BackupId id = backups.create(Reason.MANUAL).id();

    BackupEvent.Warned warned = heard(BackupEvent.Warned.class).get(0);
    assertThat(warned.subject()).isEqualTo("users");
    assertThat(warned.message()).isEqualTo("left out: on\\u000aholiday\\u001b[31m");
    assertThat(warned.run().backup()).contains(id);
  }

  @Test
  void aWhyCannotForgeALineOfTheLog() {
    Backups backups = shop().listener(heard::add).build();
    BackupId id = backups.create(Reason.MANUAL).id();
    heard.clear();

    backups.pin(id, "fair\nINFO all is well");
    backups.restore(RestoreRequest.inPlace(id).acrossIdentities("a\nb"));
    backups.forceDelete(id, "no\nmore");

    assertThat(heard(BackupEvent.Finished.class).get(0).result())
        .isEqualTo(id + " is pinned: fair\\u000aINFO all is well");
    assertThat(heard(BackupEvent.Warned.class))
        .extracting(BackupEvent.Warned::message)
        .contains("restored across identities: a\\u000ab");
    assertThat(heard(BackupEvent.Finished.class).get(2).result())
        .isEqualTo(id + " is deleted by force: no\\u000amore");
  }

  @Test
  void verbsThatOnlyLookAreNotAnnounced() {
    Backups backups = shop().listener(heard::add).build();
    BackupId id = backups.create(Reason.MANUAL).id();
    heard.clear();

    backups.list();
    backups.find(id);
    backups.latest();
    backups.usage();
    backups.planPrune();
    backups.planRestore(RestoreRequest.inPlace(id));

    assertThat(heard).isEmpty();
  }
}
