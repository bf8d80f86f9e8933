package dev.lifeboat.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class RelayTest {
  @TempDir
  Path directory;

  private final Relay relay = new Relay();

  /** @param spill after how many pieces are taken; -1 for never */
  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 1, 7, 20})
  void everyByteArrivesInOrder(int spill) throws Exception {
    byte[] all = new byte[30 * Relay.PIECE + 17];
    new Random(spill).nextBytes(all);
    if (spill == 0) {
      relay.spill(directory, 0);
    }
    FutureTask<Void> filling = inThread(() -> relay.fill(new ByteArrayInputStream(all)));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int taken = 0;
    for (Piece piece = relay.take(); piece != null; piece = relay.take()) {
      piece.writeTo(out);
      if (++taken == spill) {
        relay.spill(directory, 0);
      }
    }
    filling.get();
    assertThat(out.toByteArray()).isEqualTo(all);
    relay.close();
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void whoGivesWaitsUntilItIsSpilled() throws Exception {
    byte[] all = new byte[40 * Relay.PIECE];
    FutureTask<Void> filling = inThread(() -> relay.fill(new ByteArrayInputStream(all)));
    await().atMost(Duration.ofMinutes(1)).until(relay::isFull);
    assertThat(filling.isDone()).isFalse();
    relay.spill(directory, 0);
    filling.get(); // nobody has taken anything
    assertThat(relay.isSpilled()).isTrue();
    assertThat(relay.spooled()).isEqualTo(32L * Relay.PIECE);
    relay.close();
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void whoGivesWaitsWhereTheDiskHasNoRoomAndTheFileIsEmptiedWhenRead() throws Exception {
    relay.spill(directory, Long.MAX_VALUE);
    assertThat(relay.give(piece(Relay.PIECE))).isTrue();
    FutureTask<Void> giving = inThread(() -> {
      relay.give(piece(5));
      relay.give(piece(7));
    });
    assertThat(giving.isDone()).isFalse();
    assertThat(length()).isEqualTo(Relay.PIECE);
    assertThat(length()).isEqualTo(5);
    assertThat(length()).isEqualTo(7);
    giving.get();
    assertThat(relay.give(piece(3 * Relay.PIECE))).isTrue();
    for (int i = 0; i < 3; i++) {
      relay.take();
    }
    assertThat(relay.give(piece(9))).isTrue();
    assertThat(relay.spooled()).isEqualTo(9);
    relay.close();
  }

  @Test
  void closingSendsBothHome() throws Exception {
    FutureTask<Void> filling =
        inThread(() -> relay.fill(new ByteArrayInputStream(new byte[40 * Relay.PIECE])));
    await().atMost(Duration.ofMinutes(1)).until(relay::isFull);
    relay.close();
    filling.get();
    assertThat(relay.give(piece(1))).isFalse();
    assertThat(relay.take()).isNull();
  }

  @Test
  void anInterruptIsHeard() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(relay::take).isInstanceOf(InterruptedIOException.class);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void whatIsSlowIsForetold() {
    long second = 1_000_000_000L;
    Pace pace = new Pace(1000, 5 * second);
    assertThat(pace.isTooSlow(0, 6 * second)).isFalse(); // too early to tell
    assertThat(pace.isTooSlow(0, 15 * second)).isTrue();
    assertThat(pace.isTooSlow(5, 15 * second)).isTrue(); // 10 s for 0.5 % are 33 min
    assertThat(pace.isTooSlow(6, 15 * second)).isFalse(); // 28 min
    assertThat(pace.isTooSlow(1000, 9000 * second)).isFalse(); // it is through
    assertThat(new Pace(0, 0).isTooSlow(0, 20 * second)).isFalse();
  }

  private int length() throws IOException {
    Piece piece = relay.take();
    return piece == null ? -1 : piece.length();
  }

  private static Piece piece(int length) {
    return Piece.of(new byte[length], length);
  }

  @FunctionalInterface
  private interface Deed {
    void run() throws IOException;
  }

  private static FutureTask<Void> inThread(Deed deed) {
    FutureTask<Void> task = new FutureTask<>(() -> {
      deed.run();
      return null;
    });
    new Thread(task).start();
    return task;
  }
}
