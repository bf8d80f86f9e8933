package dev.lifeboat.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lifeboat.testkit.BackupSinkContract;
import dev.lifeboat.testkit.FaultySink;
import dev.lifeboat.testkit.FaultySink.Call;
import dev.lifeboat.testkit.FaultySink.Moment;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The double does what its script says, and nothing else. */
class FaultySinkTest {
  private static final ObjectName A = ObjectName.of("orders/a");
  private static final ObjectName B = ObjectName.of("orders/b");
  private static final Content CONTENT = Content.of(new byte[] {1, 2, 3, 4});

  private final MemorySink store = new MemorySink("here");
  private final FaultySink sink = FaultySink.over(store);

  @Nested
  class WithoutAScript implements BackupSinkContract {
    @Override
    public BackupSink emptySink() {
      return FaultySink.over(new MemorySink());
    }
  }

  @Test
  void aCallFailsBeforeOrAfterItsEffect() throws IOException {
    sink.failing(Call.PUT, 1, Moment.BEFORE, () -> new IOException("before"))
        .failing(Call.PUT, 2, Moment.AFTER, () -> new IllegalStateException("after"))
        .failing(Call.DELETE, 1, Moment.AFTER, () -> new AssertionError("gone"));
    assertThatThrownBy(() -> sink.put(A, CONTENT)).hasMessage("before");
    assertThat(store.list("")).isEmpty();
    assertThatThrownBy(() -> sink.put(A, CONTENT)).hasMessage("after");
    assertThat(store.list("")).hasSize(1);
    sink.put(B, CONTENT);
    assertThatThrownBy(() -> sink.delete(A)).hasMessage("gone");
    assertThat(store.list("")).hasSize(1);
    assertThat(sink.history())
        .containsExactly("PUT orders/a", "PUT orders/a", "PUT orders/b", "DELETE orders/a");
    assertThat(sink.calls(Call.PUT)).isEqualTo(3);
  }

  @Test
  void aStoreThatIsGoneComesBackWhenHealed() throws IOException {
    sink.failingFrom(Call.LIST, 2, () -> new IOException("gone"));
    assertThat(sink.list("")).isEmpty();
    assertThatThrownBy(() -> sink.list("")).hasMessage("gone");
    assertThatThrownBy(() -> sink.list("")).hasMessage("gone");
    assertThat(sink.healed().list("")).isEmpty();
    assertThat(sink.calls(Call.LIST)).isEqualTo(4);
  }

  @Test
  void aLyingStoreKeepsNothingOrHalf() throws IOException {
    sink.losingPut(1).halvingPut(2);
    assertThat(sink.put(A, CONTENT).size()).isEqualTo(4);
    assertThat(store.list("")).isEmpty();
    assertThat(sink.put(B, CONTENT).size()).isEqualTo(4);
    assertThat(store.open(B).readAllBytes()).containsExactly(1, 2);
  }

  @Test
  void readsAreCorruptedOrCut() throws IOException {
    sink.put(A, CONTENT);
    sink.put(B, CONTENT);
    sink.corrupting(B::equals).cuttingOpen(3, 2, () -> new IOException("cut"));
    assertThat(sink.open(A).readAllBytes()).containsExactly(1, 2, 3, 4);
    assertThat(sink.open(B).readAllBytes()).containsExactly(0, 2, 3, 4);
    assertThatThrownBy(() -> sink.open(A).readAllBytes()).hasMessage("cut");
    assertThat(store.open(B).readAllBytes()).containsExactly(1, 2, 3, 4);
  }

  @Test
  void listingsHideAndDoNotAttest() throws IOException {
    sink.put(A, CONTENT);
    sink.put(B, CONTENT);
    assertThat(sink.list("")).allMatch(object -> object.attested().isPresent());
    sink.hiding(A::equals).notAttesting();
    assertThat(sink.list("")).singleElement().satisfies(object -> {
      assertThat(object.name()).isEqualTo(B);
      assertThat(object.attested()).isEmpty();
    });
  }

  @Test
  void aCallOnHoldHasNoEffectYet() throws Exception {
    CountDownLatch reached = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    sink.holding(Call.PUT, 1, reached, release);
    ExecutorService threads = Executors.newSingleThreadExecutor();
    try {
      Future<StoredObject> put = threads.submit(() -> sink.put(A, CONTENT));
      assertThat(reached.await(60, TimeUnit.SECONDS)).isTrue();
      assertThat(store.list("")).isEmpty();
      release.countDown();
      assertThat(put.get(60, TimeUnit.SECONDS).size()).isEqualTo(4);
    } finally {
      threads.shutdownNow();
    }
  }
}
