package dev.lifeboat.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lifeboat.codec.DamagedDataException;
import dev.lifeboat.sink.BackupSink;
import dev.lifeboat.sink.Content;
import dev.lifeboat.sink.Digest;
import dev.lifeboat.sink.MemorySink;
import dev.lifeboat.sink.ObjectName;
import dev.lifeboat.sink.StoredObject;
import dev.lifeboat.testkit.FaultySink;
import dev.lifeboat.testkit.FaultySink.Call;
import dev.lifeboat.testkit.FaultySink.Moment;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Streams that go on after a cut, and streams that end only if all was right. */
class StreamsTest {
  private static final ObjectName NAME = ObjectName.of("shop/part");

  private final byte[] bytes = new byte[100_000];
  private final MemorySink memory = new MemorySink();
  private final FaultySink sink = FaultySink.over(memory);

  @BeforeEach
  void put() throws IOException {
    new Random(1).nextBytes(bytes);
    memory.put(NAME, Content.of(bytes));
  }

  @Test
  void aCutStreamGoesOnWhereItStopped() throws IOException {
    sink.cuttingOpen(1, 30_000, () -> new IOException("reset"))
        .cuttingOpen(2, 70_000, () -> new SocketTimeoutException("slow"))
        .cuttingOpen(3, 99_999, () -> new IOException("reset"));
    try (InputStream in = new ResumingStream(sink, NAME)) {
      assertThat(in.readAllBytes()).isEqualTo(bytes);
    }
    assertThat(sink.calls(Call.OPEN)).isEqualTo(4);
  }

  @Test
  void aStreamThatIsCutAgainAndAgainWithoutGettingOnIsGivenUp() throws IOException {
    for (int nth = 1; nth <= 9; nth++) {
      sink.cuttingOpen(nth, 30_000, () -> new IOException("reset"));
    }
    try (InputStream in = new ResumingStream(sink, NAME)) {
      assertThatThrownBy(in::readAllBytes).isInstanceOf(IOException.class).hasMessage("reset");
    }
    assertThat(sink.calls(Call.OPEN)).isEqualTo(Shelf.ATTEMPTS);
  }

  @Test
  void aReopeningThatFailsOnceIsTriedAgain() throws IOException {
    sink.cuttingOpen(1, 30_000, () -> new IOException("reset"))
        .failing(Call.OPEN, 2, Moment.BEFORE, () -> new IOException("refused"));
    try (InputStream in = new ResumingStream(sink, NAME)) {
      assertThat(in.readAllBytes()).isEqualTo(bytes);
    }
  }

  @Test
  void whatIsFinalIsNotTriedAgain() throws IOException {
    sink.cuttingOpen(1, 10, () -> new InterruptedIOException("stop"))
        .cuttingOpen(2, 10, () -> new IOException("reset"))
        .failing(Call.OPEN, 3, Moment.BEFORE, () -> new NoSuchFileException("gone"));
    try (InputStream in = new ResumingStream(sink, NAME)) {
      assertThatThrownBy(in::readAllBytes).isInstanceOf(InterruptedIOException.class);
    }
    try (InputStream in = new ResumingStream(sink, NAME)) {
      assertThatThrownBy(in::readAllBytes).isInstanceOf(NoSuchFileException.class);
    }
    assertThat(sink.calls(Call.OPEN)).isEqualTo(3);
  }

  @Test
  void aVerifiedStreamEndsOnlyAfterTheRightBytes() throws IOException {
    assertThat(verified(bytes).readAllBytes()).isEqualTo(bytes);
    byte[] flipped = bytes.clone();
    flipped[50_000] ^= 1;
    assertDamaged(
        flipped,
        "its SHA-256 is " + Digest.of(flipped).sha256() + ", and must be "
            + Digest.of(bytes).sha256());
    assertDamaged(Arrays.copyOf(bytes, 99_999), "it has 99999 bytes, and must have 100000");
    assertDamaged(new byte[0], "it has 0 bytes, and must have 100000");
    assertDamaged(Arrays.copyOf(bytes, 100_001), "it has more than the 100000 bytes it must have");
  }

  @Test
  void aVerifiedStreamThatFailedNeverComesToAGoodEnd() throws IOException {
    InputStream in = verified(Arrays.copyOf(bytes, 200_000));
    byte[] buffer = new byte[50_000];
    assertThat(in.readNBytes(buffer, 0, 50_000)).isEqualTo(50_000);
    assertThat(in.readNBytes(buffer, 0, 50_000)).isEqualTo(50_000);
    for (int i = 0; i < 4; i++) {
      assertThatThrownBy(() -> in.read(buffer)).isInstanceOf(DamagedDataException.class);
    }
  }

  @Test
  void whatNobodyMayReadIsNotTriedAgain() throws IOException {
    sink.cuttingOpen(1, 10, () -> new AccessDeniedException("part"))
        .cuttingOpen(2, 10, ClosedByInterruptException::new);
    try (InputStream in = new ResumingStream(sink, NAME)) {
      assertThatThrownBy(in::readAllBytes).isInstanceOf(AccessDeniedException.class);
    }
    try (InputStream in = new ResumingStream(sink, NAME)) {
      assertThatThrownBy(in::readAllBytes).isInstanceOf(ClosedByInterruptException.class);
    }
    assertThat(sink.calls(Call.OPEN)).isEqualTo(2);
  }

  @Test
  void aCutStreamThatDoesNotEvenCloseGoesOn() throws IOException {
    sink.cuttingOpen(1, 30_000, () -> new IOException("reset"));
    InputStream in = new ResumingStream(new UnclosableSink(sink), NAME);
    assertThat(in.readAllBytes()).isEqualTo(bytes);
    assertThatThrownBy(in::close).isInstanceOf(IOException.class).hasMessage("reset");
  }

  @Test
  void readingNothingTellsNothing() throws IOException {
    InputStream in = verified(bytes);
    byte[] none = new byte[0];
    assertThat(in.read(none)).isZero();
    assertThat(in.read()).isEqualTo(bytes[0] & 0xff);
    in.readAllBytes();
    assertThat(in.read(none)).isEqualTo(-1);
    assertThat(in.read()).isEqualTo(-1);
  }

  @Test
  void anObjectLargerThanItMayBeIsNotReadToItsEnd() throws IOException {
    Shelf shelf = new Shelf(sink);
    assertThat(shelf.read(NAME, 100_000)).isEqualTo(bytes);
    assertThatThrownBy(() -> shelf.read(NAME, 99_999))
        .isInstanceOf(DamagedDataException.class)
        .hasMessage("shop/part is larger than 99999 bytes");
  }

  @Test
  void skippingIsReading() throws IOException {
    InputStream in = verified(bytes);
    in.skipNBytes(90_000);
    assertThat(in.readAllBytes()).isEqualTo(Arrays.copyOfRange(bytes, 90_000, 100_000));
    byte[] flipped = bytes.clone();
    flipped[3] ^= 1;
    InputStream damaged = verified(flipped);
    damaged.skipNBytes(99_000);
    assertThatThrownBy(damaged::readAllBytes).isInstanceOf(DamagedDataException.class);
  }

  private void assertDamaged(byte[] found, String why) {
    assertThatThrownBy(() -> verified(found).readAllBytes())
        .isInstanceOf(DamagedDataException.class)
        .hasMessage("shop/part is damaged: " + why);
  }

  private InputStream verified(byte[] found) {
    return new VerifiedStream(new ByteArrayInputStream(found), Digest.of(bytes), "shop/part");
  }

  /** Its streams cannot be closed. */
  private record UnclosableSink(BackupSink sink) implements BackupSink {
    @Override
    public InputStream open(ObjectName name) throws IOException {
      return new FilterInputStream(sink.open(name)) {
        @Override
        public void close() throws IOException {
          throw new IOException("reset");
        }
      };
    }

    @Override
    public StoredObject put(ObjectName name, Content content) throws IOException {
      return sink.put(name, content);
    }

    @Override
    public List<StoredObject> list(String folder) throws IOException {
      return sink.list(folder);
    }

    @Override
    public void delete(ObjectName name) throws IOException {
      sink.delete(name);
    }

    @Override
    public String description() {
      return sink.description();
    }
  }
}
