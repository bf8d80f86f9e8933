package dev.lifeboat.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.lifeboat.codec.Codec;
import dev.lifeboat.codec.Compression;
import dev.lifeboat.codec.EncodingStream;
import dev.lifeboat.sink.BackupSink;
import dev.lifeboat.sink.Digest;
import dev.lifeboat.sink.MemorySink;
import dev.lifeboat.sink.NoSpaceException;
import dev.lifeboat.sink.Sinks;
import dev.lifeboat.source.Facts;
import dev.lifeboat.source.Snapshot;
import dev.lifeboat.testkit.FaultySink;
import dev.lifeboat.testkit.FaultySink.Call;
import dev.lifeboat.testkit.FaultySink.Moment;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** However a component's writing ends, every piece of memory is back, and no thread is left. */
class PartsTest {
  private static final int PART = 300_000;

  private final byte[] bytes = new byte[10 * PART + 7];
  private final Memory memory = new Memory(PART);

  PartsTest() {
    new Random(3).nextBytes(bytes);
  }

  @Test
  void aComponentIsCutIntoPartsOfTheSizeAndComesBack() throws IOException {
    for (Codec codec : List.of(Compression.none(), Compression.gzip(), Compression.zstd())) {
      MemorySink sink = new MemorySink();
      Parts.Written written = write(sink, List.of(codec), whole());
      assertThat(written.plain()).isEqualTo(Digest.of(bytes));
      assertThat(written.parts()).hasSize(11);
      assertThat(written.parts().get(10).name())
          .hasToString(
              "shop/a.bin" + (codec.suffix().isEmpty() ? "" : "." + codec.suffix()) + ".000011");
      assertThat(memory.inUse()).isZero();
    }
  }

  @Test
  void aContentOfExactlyOnePartIsAlone() throws IOException {
    Parts.Written written =
        write(new MemorySink(), List.of(), writing(out -> out.write(bytes, 0, PART)));
    assertThat(written.parts()).hasSize(1);
    assertThat(written.parts().get(0).name()).hasToString("shop/a.bin");
    written = write(new MemorySink(), List.of(), writing(out -> out.write(bytes, 0, PART + 1)));
    assertThat(written.parts()).hasSize(2);
    assertThat(written.parts().get(0).name()).hasToString("shop/a.bin.000001");
  }

  @Test
  void allMemoryIsBackWhicheverPutFailsAndHowever() {
    for (Codec codec : List.of(Compression.none(), Compression.zstd())) {
      for (int nth = 1; nth <= 11; nth++) {
        for (Throwable failure : List.of(
            new NoSpaceException("full", null),
            new IllegalStateException("a bug"),
            new OutOfMemoryError("no heap"))) {
          FaultySink sink = FaultySink.over(new MemorySink())
              .failing(Call.PUT, nth, Moment.BEFORE, () -> failure);
          Throwable thrown = catchThrowable(() -> write(sink, List.of(codec), whole()));
          assertThat(thrown).isNotInstanceOf(SourceException.class);
          assertThat(List.of(thrown, String.valueOf(thrown.getCause())).toString())
              .contains(String.valueOf(failure.getMessage()));
          assertThat(memory.inUse()).as("after put %s and %s", nth, failure).isZero();
        }
      }
    }
    noThreadIsLeft();
  }

  @Test
  void allMemoryIsBackWhereverTheSourceFails() {
    for (int length = 0; length < bytes.length; length += PART / 2) {
      int count = length;
      IOException failure = new IOException("bad sector");
      Throwable thrown = catchThrowable(() -> write(new MemorySink(), List.of(), writing(out -> {
        out.write(bytes, 0, count);
        throw failure;
      })));
      assertThat(thrown).isInstanceOf(SourceException.class).hasCause(failure);
      assertThat(memory.inUse()).isZero();
    }
    noThreadIsLeft();
  }

  @Test
  void allMemoryIsBackAfterASourceThatSwallowsWhatTheSinkThrows() {
    FaultySink sink = FaultySink.over(new MemorySink())
        .failingFrom(Call.PUT, 2, () -> new NoSpaceException("full", null));
    Throwable thrown = catchThrowable(() -> write(sink, List.of(), writing(out -> {
      for (int i = 0; i < 100; i++) {
        assertThat(
                catchThrowable(() -> out.write(bytes, 0, PART)) == null || sink.calls(Call.PUT) > 1)
            .isTrue();
      }
    })));
    assertThat(thrown).isInstanceOf(NoSpaceException.class).hasMessage("full");
    assertThat(memory.inUse()).isZero();
  }

  @Test
  void aSourceThatCannotBeExaminedHasFailed() {
    for (Exception failure :
        List.of(new IOException("no such page"), new IllegalStateException("a bug"))) {
      Throwable thrown = catchThrowable(() -> write(new MemorySink(), List.of(), examining(() -> {
        throw failure;
      })));
      assertThat(thrown).isInstanceOf(SourceException.class).hasCause(failure);
    }
    AssertionError error = new AssertionError("an error");
    Snapshot broken = examining(() -> {
      throw error;
    });
    assertThat(catchThrowable(() -> write(new MemorySink(), List.of(), broken))).isSameAs(error);
    assertThat(memory.inUse()).isZero();
    noThreadIsLeft();
  }

  @Test
  void anInterruptedWriterGivesEverythingBackWhereverItWaits() throws Exception {
    for (int held : new int[] {1, 11}) { // while parts still come, and when all have come
      CountDownLatch reached = new CountDownLatch(1);
      FaultySink sink = FaultySink.over(new MemorySink());
      for (int nth = held; nth < held + 4; nth++) {
        sink.holding(Call.PUT, nth, reached, new CountDownLatch(1));
      }
      AtomicReference<Throwable> thrown = new AtomicReference<>();
      AtomicBoolean interrupted = new AtomicBoolean();
      Thread writer = new Thread(() -> {
        thrown.set(catchThrowable(() -> write(sink, List.of(), whole())));
        interrupted.set(Thread.interrupted());
      });
      writer.start();
      reached.await();
      await().atMost(Duration.ofMinutes(1)).until(() -> writer.getState() == Thread.State.WAITING);
      writer.interrupt();
      writer.join();
      assertThat(thrown.get()).isInstanceOf(InterruptedIOException.class).hasMessage("interrupted");
      assertThat(interrupted).isTrue();
      assertThat(memory.inUse()).isZero();
    }
    noThreadIsLeft();
  }

  @Test
  void allMemoryIsBackAfterACodecThatCannotBegin() {
    Codec broken = new Codec() {
      @Override
      public String id() {
        return "broken";
      }

      @Override
      public EncodingStream encode(OutputStream out, Executor workers) {
        throw new IllegalStateException("no such level");
      }

      @Override
      public InputStream decode(InputStream in) {
        throw new IllegalStateException("no such level");
      }
    };
    assertThat(catchThrowable(() -> write(new MemorySink(), List.of(broken), whole())))
        .isInstanceOf(IllegalStateException.class);
    assertThat(memory.inUse()).isZero();
    noThreadIsLeft();
  }

  /** Waits, for a pool that has ended tells so shortly before its last thread is gone. */
  private static void noThreadIsLeft() {
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> Thread.getAllStackTraces().keySet().stream()
            .noneMatch(thread -> thread.getName().matches("lifeboat-[0-9]+")));
  }

  private Parts.Written write(BackupSink sink, List<Codec> codecs, Snapshot snapshot)
      throws IOException {
    Shelf shelf = new Shelf(Sinks.retrying(sink, 1, Duration.ZERO));
    return new Parts(shelf).write("shop/a.bin", snapshot, codecs, PART, memory, progress -> {});
  }

  private Snapshot whole() {
    return writing(out -> out.write(bytes));
  }

  private Snapshot examining(Callable<Facts> examination) {
    Snapshot whole = whole();
    return new Snapshot() {
      @Override
      public Facts examine() throws IOException {
        try {
          return examination.call();
        } catch (IOException | RuntimeException e) {
          throw e;
        } catch (Exception e) {
          throw new AssertionError(e);
        }
      }

      @Override
      public Facts writeTo(OutputStream out) throws IOException {
        return whole.writeTo(out);
      }

      @Override
      public void close() {}
    };
  }

  private interface Writer {
    void writeTo(OutputStream out) throws IOException;
  }

  private static Snapshot writing(Writer writer) {
    return new Snapshot() {
      @Override
      public Facts writeTo(OutputStream out) throws IOException {
        writer.writeTo(out);
        return Facts.NONE;
      }

      @Override
      public void close() {}
    };
  }
}
