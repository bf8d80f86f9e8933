package dev.lifeboat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.Reason;
import dev.lifeboat.catalog.State;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class CreateIfDueTest extends ShopTest {
  private static final Duration DAY = Duration.ofHours(24);

  @Test
  void oneIsMadeWhenThereIsNoneAndThenWhenTheNewestIsOfThatAge() {
    Backups backups = shop().build();

    assertThat(backups.createIfDue(DAY, Reason.SCHEDULED)).isPresent();
    assertThat(backups.createIfDue(DAY, Reason.SCHEDULED)).isEmpty();
    clock.advance(DAY.minusSeconds(1));
    assertThat(backups.createIfDue(DAY, Reason.SCHEDULED)).isEmpty();
    clock.advance(Duration.ofSeconds(1));
    assertThat(backups.createIfDue(DAY, Reason.SCHEDULED).map(Backup::reason))
        .contains(Reason.SCHEDULED);
    assertThat(backups.list()).hasSize(2);
  }

  @Test
  void oneDatedInTheFutureDoesNotCount() {
    Backups backups = shop().build();
    Instant now = clock.instant();
    clock.advance(Duration.ofMinutes(6));
    backups.create(Reason.MANUAL);
    clock.set(now);

    assertThat(backups.latest()).isEmpty();
    assertThat(backups.createIfDue(DAY, Reason.SCHEDULED)).isPresent();
  }

  @Test
  void aClockThatIsALittleFastIsForgiven() {
    Backups backups = shop().build();
    Instant now = clock.instant();
    clock.advance(Duration.ofMinutes(4));
    Backup ahead = backups.create(Reason.MANUAL);
    clock.set(now);

    assertThat(backups.latest()).contains(ahead);
    assertThat(backups.createIfDue(DAY, Reason.SCHEDULED)).isEmpty();
  }

  @Test
  void anIncompleteOneDoesNotCount() {
    users.at("open", Paper.failing("on holiday"));
    Backups backups = bare().source(orders).optionalSource(users).build();
    assertThat(backups.create(Reason.MANUAL).state()).isEqualTo(State.INCOMPLETE);

    assertThat(backups.createIfDue(DAY, Reason.SCHEDULED)).isPresent();
    assertThat(backups.latest()).isEmpty();
  }

  @Test
  void anyAgeIsUnderstood() {
    Backups backups = shop().build();
    backups.create(Reason.MANUAL);
    clock.advance(Duration.ofSeconds(1));

    assertThat(backups.createIfDue(Duration.ofSeconds(Long.MAX_VALUE), Reason.SCHEDULED))
        .isEmpty();
    assertThat(backups.createIfDue(Duration.ZERO, Reason.SCHEDULED)).isPresent();
    assertThat(assertThrows(
            IllegalArgumentException.class,
            () -> backups.createIfDue(Duration.ofDays(-1), Reason.SCHEDULED)))
        .hasMessage("age must not be negative, was PT-24H");
  }

  @Test
  void ofManyAtOnceOneMakesIt() throws Exception {
    Backups backups = shop().build();
    int threads = 8;
    CountDownLatch start = new CountDownLatch(1);
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      Callable<Optional<Backup>> ask = () -> {
        start.await();
        return backups.createIfDue(DAY, Reason.SCHEDULED);
      };
      List<Future<Optional<Backup>>> asked = java.util.stream.IntStream.range(0, threads)
          .mapToObj(i -> pool.submit(ask))
          .toList();
      start.countDown();
      int made = 0;
      for (Future<Optional<Backup>> one : asked) {
        made += one.get().isPresent() ? 1 : 0;
      }
      assertThat(made).isEqualTo(1);
    } finally {
      pool.shutdownNow();
    }
    assertThat(backups.list()).hasSize(1);
  }
}
