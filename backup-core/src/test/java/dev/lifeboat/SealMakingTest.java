package dev.lifeboat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.Reason;
import dev.lifeboat.crypto.BackupKey;
import dev.lifeboat.crypto.Encryption;
import dev.lifeboat.crypto.KeyWrap;
import dev.lifeboat.crypto.Seal;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Threads beside a verb: they end with it, what they throw is thrown by the verb, and an interrupt is heard. */
@Timeout(60)
class SealMakingTest extends ShopTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  private Series series(Optional<Encryption> encryption) {
    SeriesBuilder options = new SeriesBuilder("shop");
    options.source(orders, false);
    options.sink.set(sink);
    options.workDirectory.set(work());
    options.clock.set(clock);
    encryption.ifPresent(options.encryption::set);
    return options.build();
  }

  private SealMaking making(Encryption encryption, Duration patience) {
    BackupId id = BackupId.create(clock.instant(), Reason.MANUAL);
    return new SealMaking(series(Optional.of(encryption)), id, patience);
  }

  private static long threads(String name) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals(name))
        .count();
  }

  /** One that has done its last may still be listed for a moment. */
  private static void assertNoneIsLeft() {
    Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> threads("lifeboat-seal") == 0);
  }

  @Test
  void theSealIsThereAndNoThreadIsLeft() throws IOException {
    Seal seal;
    try (SealMaking making = making(Encryption.key(BackupKey.generate()), LONG)) {
      seal = making.await().orElseThrow();
      assertThat(seal.keys()).isNotEmpty();
      assertThat(seal.codec("orders").id()).isEqualTo("floe");
    }
    assertNoneIsLeft();
    assertThatThrownBy(() -> seal.conceal(new byte[1], "mark"))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void withoutEncryptionThereIsNoneAndNoThread() throws IOException {
    BackupId id = BackupId.create(clock.instant(), Reason.MANUAL);
    try (SealMaking making = new SealMaking(series(Optional.empty()), id)) {
      assertThat(making.await()).isEmpty();
      assertNoneIsLeft();
    }
  }

  @Test
  void whatGoesWrongIsThrownAsItIs() throws IOException {
    for (Throwable failure :
        new Throwable[] {new IOException("the service is down"), new NoClassDefFoundError("gone")
        }) {
      try (SealMaking making = making(Encryption.wrappedBy(new Service(failure)), LONG)) {
        assertThatThrownBy(making::await)
            .matches(thrown -> thrown == failure || thrown.getCause() == failure);
      }
      assertNoneIsLeft();
    }
    try (SealMaking making =
        making(Encryption.wrappedBy(new Service(new IllegalStateException("odd"))), LONG)) {
      assertThatThrownBy(making::await).hasMessageContaining("odd");
    }
  }

  @Test
  void anInterruptEndsTheWaitAndTheWork() throws IOException {
    CountDownLatch never = new CountDownLatch(1);
    try (SealMaking making = making(Encryption.wrappedBy(new Service(never, true)), LONG)) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(making::await).isInstanceOf(InterruptedIOException.class);
      Thread.currentThread().interrupt(); // also while it closes
    }
    assertThat(Thread.interrupted()).isTrue();
    assertNoneIsLeft();
  }

  @Test
  void aServiceThatHangsAndHearsNoInterruptIsNotWaitedForAndItsKeyIsWiped() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    Service hanging = new Service(release, false);
    SealMaking making = making(Encryption.wrappedBy(hanging), Duration.ofMillis(1));
    hanging.reached.await();
    making.close();
    assertThat(threads("lifeboat-seal")).isPositive();
    release.countDown();
    assertNoneIsLeft();
    Seal late = making.await().orElseThrow(); // which nobody does
    assertThatThrownBy(() -> late.conceal(new byte[1], "mark"))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void theWarmUpEndsWithTheVerbWhateverThatDoes() {
    Series warm = series(Optional.of(Encryption.key(BackupKey.generate())));
    assertThat(WarmingUp.beside(warm, () -> "done")).isEqualTo("done");
    assertThat(threads("lifeboat-warm-up")).isZero();
    IllegalStateException failure = new IllegalStateException("no");
    assertThatThrownBy(() -> WarmingUp.beside(warm, () -> {
          throw failure;
        }))
        .isSameAs(failure);
    assertThat(threads("lifeboat-warm-up")).isZero();
    Thread.currentThread().interrupt();
    assertThat(WarmingUp.beside(warm, () -> "done")).isEqualTo("done");
    assertThat(Thread.interrupted()).isTrue();
    assertThat(threads("lifeboat-warm-up")).isZero();
  }

  /** A key service that fails, or hangs. */
  private static final class Service implements KeyWrap {
    final CountDownLatch reached = new CountDownLatch(1);
    private final Optional<Throwable> failure;
    private final CountDownLatch release;
    private final boolean hears;

    Service(Throwable failure) {
      this.failure = Optional.of(failure);
      this.release = new CountDownLatch(0);
      this.hears = true;
    }

    Service(CountDownLatch release, boolean hears) {
      this.failure = Optional.empty();
      this.release = release;
      this.hears = hears;
    }

    @Override
    public String id() {
      return "service";
    }

    @Override
    public byte[] wrap(byte[] dataKey, String context) throws IOException {
      reached.countDown();
      if (failure.isPresent()) {
        if (failure.get() instanceof IOException io) {
          throw io;
        } else if (failure.get() instanceof Error error) {
          throw error;
        }
        throw (RuntimeException) failure.get();
      }
      while (release.getCount() > 0) {
        try {
          release.await();
        } catch (InterruptedException e) {
          if (hears) {
            throw new InterruptedIOException("interrupted");
          }
        }
      }
      return dataKey.clone();
    }

    @Override
    public byte[] unwrap(byte[] wrapped, String context) {
      return wrapped;
    }
  }
}
