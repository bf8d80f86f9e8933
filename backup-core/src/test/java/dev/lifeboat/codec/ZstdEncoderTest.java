package dev.lifeboat.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How blocks are handed out, waited for and let go of; with a compressor that the test holds in its hands. */
class ZstdEncoderTest {
  private static final byte[] BLOCK = new byte[ZstdFormat.BLOCK];

  private final ExecutorService pool = Executors.newFixedThreadPool(8);

  @AfterEach
  void stop() {
    pool.shutdownNow();
  }

  /** "Compresses" a block to its first byte; counts who is in it, and how many buffers there are. */
  private static class FirstByte implements ZstdEncoder.Compressor {
    final AtomicInteger inside = new AtomicInteger();
    final AtomicInteger most = new AtomicInteger();
    final AtomicInteger closed = new AtomicInteger();
    final Set<Integer> buffers = ConcurrentHashMap.newKeySet();

    @Override
    public int bound(int length) {
      return 1;
    }

    @Override
    public int compress(byte[] plain, int length, byte[] packed) throws IOException {
      int now = inside.incrementAndGet();
      most.accumulateAndGet(now, Math::max);
      buffers.add(System.identityHashCode(plain));
      try {
        work(plain);
        packed[0] = plain[0];
        return 1;
      } finally {
        inside.decrementAndGet();
      }
    }

    void work(byte[] plain) throws IOException {
      Objects.checkIndex(0, plain.length);
    }

    @Override
    public void close() {
      assertThat(inside).hasValue(0);
      closed.incrementAndGet();
    }
  }

  @Test
  void framesComeInOrderFromAFewBuffersAndNeverTooManyAtOnce() throws Exception {
    FirstByte compressor = new FirstByte();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] expected = new byte[100];
    try (EncodingStream stream = new ZstdEncoder(out, pool, 3, compressor)) {
      for (int i = 0; i < expected.length; i++) {
        byte[] block = new byte[ZstdFormat.BLOCK];
        block[0] = (byte) i;
        expected[i] = (byte) i;
        stream.write(block);
      }
      stream.finish();
    }
    assertThat(out.toByteArray()).startsWith(expected).hasSize(expected.length + 16);
    assertThat(compressor.most).hasValueLessThanOrEqualTo(3);
    assertThat(compressor.buffers).hasSizeLessThanOrEqualTo(4);
    assertThat(compressor.closed.get()).isPositive();
  }

  @Test
  void workersGoOnWhileTheStreamBelowIsSlow() throws Exception {
    CountDownLatch written = new CountDownLatch(1);
    CountDownLatch second = new CountDownLatch(1);
    FirstByte compressor = new FirstByte() {
      @Override
      void work(byte[] plain) {
        if (plain[0] == 2) {
          second.countDown();
        } else {
          await(written);
        }
      }
    };
    ByteArrayOutputStream slow = new ByteArrayOutputStream() {
      @Override
      public synchronized void write(byte[] bytes, int offset, int length) {
        await(second); // the first frame is not taken before the second block is at work
        super.write(bytes, offset, length);
      }
    };
    try (EncodingStream stream = new ZstdEncoder(slow, pool, 1, compressor)) {
      for (byte i = 1; i <= 3; i++) {
        byte[] block = new byte[ZstdFormat.BLOCK];
        block[0] = i;
        stream.write(block);
        written.countDown();
      }
      stream.finish();
    }
    assertThat(slow.toByteArray()).startsWith(1, 2, 3).hasSize(3 + 16);
  }

  @Test
  void whatAWorkerThrowsIsThrownToTheWriter() throws Exception {
    List<Throwable> failures = List.of(
        new IOException("native failure"),
        new IllegalStateException("a bug"),
        new OutOfMemoryError("no heap"));
    for (Throwable failure : failures) {
      FirstByte compressor = new FirstByte() {
        @Override
        void work(byte[] plain) throws IOException {
          throwIt(failure);
        }
      };
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      EncodingStream stream = new ZstdEncoder(out, pool, 2, compressor);
      assertThatThrownBy(() -> {
            stream.write(BLOCK);
            stream.write(BLOCK);
            stream.write(BLOCK);
            stream.finish();
          })
          .isSameAs(failure);
      assertThatThrownBy(stream::finish)
          .isInstanceOf(IOException.class)
          .hasMessage("writing has failed before: this stream has no end");
      stream.close();
      assertThat(out.size()).isZero();
      assertThat(compressor.closed.get()).isPositive();
    }
  }

  @Test
  void anInterruptWhileWaitingIsToldAndTheFlagIsSetAgain() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    FirstByte compressor = new FirstByte() {
      @Override
      void work(byte[] plain) {
        begun.countDown();
        await(goOn);
      }
    };
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    List<Boolean> flags = Collections.synchronizedList(new ArrayList<>());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    CountDownLatch told = new CountDownLatch(1);
    Thread writer = new Thread(() -> {
      EncodingStream stream = new ZstdEncoder(out, pool, 1, compressor);
      try {
        stream.write(BLOCK);
        await(begun);
        stream.finish();
      } catch (IOException e) {
        thrown.set(e);
        flags.add(Thread.currentThread().isInterrupted());
      }
      told.countDown();
      try {
        stream.close(); // waits for the worker, interrupted or not
      } catch (IOException e) {
        throw new AssertionError(e);
      }
      flags.add(Thread.currentThread().isInterrupted());
    });
    writer.start();
    await(begun);
    writer.interrupt();
    await(told);
    assertThat(compressor.closed).hasValue(0);
    goOn.countDown();
    writer.join();
    assertThat(thrown.get())
        .isInstanceOf(InterruptedIOException.class)
        .hasMessage("interrupted while a block was being compressed");
    assertThat(flags).containsExactly(true, true);
    assertThat(compressor.closed.get()).isPositive();
    assertThat(out.size()).isZero();
  }

  @Test
  void aTaskThatIsRunTooLateTouchesNothing() throws Exception {
    List<Runnable> late = new ArrayList<>();
    FirstByte compressor = new FirstByte();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    EncodingStream stream = new ZstdEncoder(out, late::add, 2, compressor);
    stream.write(BLOCK);
    stream.write(BLOCK);
    stream.close();
    late.forEach(Runnable::run);
    assertThat(late).hasSize(2);
    assertThat(compressor.most).as("never called").hasValue(0);
    assertThat(out.size()).isZero();
  }

  @Test
  void closingDoesNotCompressWhatNobodyHasBegun() throws Exception {
    FirstByte compressor = new FirstByte();
    EncodingStream stream =
        new ZstdEncoder(OutputStream.nullOutputStream(), task -> {}, 8, compressor);
    for (int i = 0; i < 8; i++) {
      stream.write(BLOCK);
    }
    stream.close();
    assertThat(compressor.most).hasValue(0);
  }

  private static void await(CountDownLatch latch) {
    boolean interrupted = false;
    while (true) {
      try {
        latch.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static void throwIt(Throwable failure) throws IOException {
    if (failure instanceof IOException e) {
      throw e;
    } else if (failure instanceof RuntimeException e) {
      throw e;
    } else if (failure instanceof Error e) {
      throw e;
    }
  }
}
