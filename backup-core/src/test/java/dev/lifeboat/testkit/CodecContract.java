package dev.lifeboat.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lifeboat.codec.Codec;
import dev.lifeboat.codec.DamagedDataException;
import dev.lifeboat.codec.EncodingStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every {@link Codec} must do. Implement {@link #codec} and these tests run. */
public interface CodecContract {
  /** The codec; always the same configuration. */
  Codec codec();

  /** Whether its reader knows the end by itself. Where it does not, something around it must. */
  default boolean sealsItsEnd() {
    return true;
  }

  /** Content that is streamed through to see how much is held back, in bytes. */
  default long bulk() {
    return 64 << 20;
  }

  /** The most that either stream may hold back, in bytes. */
  default long holdsAtMost() {
    return 20 << 20;
  }

  @Test
  default void idAndSuffixFitManifestsAndFileNames() {
    assertTrue(
        codec().id().matches("[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?"), codec().id());
    assertTrue(codec().suffix().matches("[a-z0-9]{0,16}"), codec().suffix());
  }

  @Test
  default void contentOfEverySizeComesBack() throws Exception {
    int block = 1 << 20;
    int[] sizes = {0, 1, 2, 1000, 64 << 10, block - 1, block, block + 1, 2 * block, 3 * block + 7};
    for (int size : sizes) {
      assertArrayEquals(Samples.rows(size), decoded(encoded(Samples.rows(size))), size + " bytes");
    }
    byte[] random = Samples.random(5 << 20);
    assertArrayEquals(random, decoded(encoded(random)));
  }

  @Test
  default void itDoesNotMatterInWhichPiecesContentIsWritten() throws Exception {
    byte[] content = Samples.rows((1 << 20) + 70_001);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (EncodingStream stream = codec().encode(out, Runnable::run)) {
      int at = 0;
      for (int piece = 0; at < content.length; piece = piece * 2 + 1) {
        int n = Math.min(piece, content.length - at);
        stream.write(content, at, n);
        at += n;
        if (at < content.length) {
          stream.write(content[at++]);
        }
      }
      stream.finish();
    }
    assertArrayEquals(content, decoded(out.toByteArray()));
  }

  @Test
  default void itDoesNotMatterInWhichPiecesContentIsRead() throws Exception {
    byte[] content = Samples.rows((1 << 20) + 70_001);
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    try (InputStream in = codec().decode(new ByteArrayInputStream(encoded(content)))) {
      byte[] buffer = new byte[4096];
      assertEquals(0, in.read(buffer, 7, 0));
      boolean more = true;
      for (int piece = 1; more; piece = piece % 4000 + 1) {
        int n = in.read(buffer, buffer.length - piece, piece);
        int b = in.read();
        if (n > 0) {
          read.write(buffer, buffer.length - piece, n);
        }
        if (b >= 0) {
          read.write(b);
        }
        more = b >= 0;
      }
      assertEquals(-1, in.read(), "an end is an end");
      assertEquals(-1, in.read(buffer, 0, 1), "an end is an end");
    }
    assertArrayEquals(content, read.toByteArray());
  }

  @Test
  default void bytesThatArriveOneByOneAreReadAlike() throws Exception {
    byte[] content = Samples.rows(100_000);
    InputStream dripping = new FilterInputStream(new ByteArrayInputStream(encoded(content))) {
      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        return super.read(bytes, offset, Math.min(length, 1));
      }
    };
    assertArrayEquals(content, codec().decode(dripping).readAllBytes());
  }

  @Test
  default void finishLeavesTheStreamBelowOpenAndTakesNothingMore() throws Exception {
    FailingOutput below = FailingOutput.after(Long.MAX_VALUE, new IOException("never"));
    EncodingStream stream = codec().encode(below, Runnable::run);
    stream.write(Samples.rows(1000));
    stream.finish();
    assertThrows(IOException.class, () -> stream.write(1));
    assertThrows(IOException.class, () -> stream.write(new byte[10]));
    stream.close();
    stream.close();
    assertThrows(IOException.class, () -> stream.write(1));
    assertFalse(below.wasFlushedOrClosed());
  }

  @Test
  default void closeWithoutFinishNeverMakesAnEnd() throws Exception {
    assumeTrue(sealsItsEnd());
    for (int size : new int[] {0, 1, 1000, 1 << 20, (5 << 20) / 2}) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      EncodingStream stream = codec().encode(out, Runnable::run);
      stream.write(Samples.rows(size));
      stream.close();
      stream.close();
      assertThrows(IOException.class, stream::finish);
      assertDamaged(out.toByteArray(), "closed after " + size + " bytes");
    }
  }

  @Test
  default void closeWithoutFinishLeavesTheStreamBelowOpen() throws Exception {
    FailingOutput below = FailingOutput.after(Long.MAX_VALUE, new IOException("never"));
    try (EncodingStream stream = codec().encode(below, Runnable::run)) {
      stream.write(Samples.rows((1 << 20) + 1));
    }
    assertFalse(below.wasFlushedOrClosed());
  }

  @Test
  default void closingTheReaderClosesWhatItReads() throws Exception {
    AtomicInteger closed = new AtomicInteger();
    InputStream below = new ByteArrayInputStream(encoded(Samples.rows(3 << 20))) {
      @Override
      public void close() {
        closed.incrementAndGet();
      }
    };
    InputStream in = codec().decode(below);
    assertTrue(in.read() >= 0);
    in.close();
    assertEquals(1, closed.get());
  }

  @Test
  default void whatIsCutAnywhereIsDamaged() throws Exception {
    assumeTrue(sealsItsEnd());
    byte[] small = encoded(Samples.rows(100));
    for (int length = 0; length < small.length; length++) {
      assertDamaged(Arrays.copyOf(small, length), "cut to " + length + " of " + small.length);
    }
    byte[] large = encoded(Samples.rows((2 << 20) + 1000));
    int step = Math.max(1, large.length / 40);
    for (int length = 0; length < large.length; length += step) {
      assertDamaged(Arrays.copyOf(large, length), "cut to " + length + " of " + large.length);
    }
    for (int missing = 1; missing <= 40; missing++) {
      assertDamaged(Arrays.copyOf(large, large.length - missing), missing + " bytes missing");
    }
  }

  @Test
  default void whatIsLongerThanItWasIsDamaged() throws Exception {
    assumeTrue(sealsItsEnd());
    byte[] right = encoded(Samples.rows(1000));
    for (int more = 1; more <= 64; more++) {
      assertDamaged(Arrays.copyOf(right, right.length + more), more + " zeros appended");
      assertDamaged(Samples.joined(right, Samples.random(more)), more + " bytes appended");
    }
    assertDamaged(Samples.joined(right, right), "doubled");
    byte[] empty = encoded(new byte[0]);
    assertDamaged(Samples.joined(empty, right), "an empty one before it");
    assertDamaged(Samples.joined(right, empty), "an empty one behind it");
  }

  @Test
  default void aFlippedBitIsFoundOrChangesNothing() throws Exception {
    assumeTrue(sealsItsEnd());
    byte[] content = Samples.rows(200);
    byte[] right = encoded(content);
    for (int bit = 0; bit < right.length * 8; bit++) {
      byte[] flipped = right.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      try {
        assertArrayEquals(content, decoded(flipped), "bit " + bit);
      } catch (DamagedDataException found) {
        assertFalse(String.valueOf(found.getMessage()).isBlank(), "bit " + bit);
      }
    }
  }

  @Test
  default void foreignBytesAreDamaged() {
    assumeTrue(sealsItsEnd());
    assertDamaged(new byte[0], "nothing");
    assertDamaged(new byte[100_000], "zeros");
    for (int length = 1; length < 300; length++) {
      assertDamaged(Samples.random(length), length + " bytes of noise");
    }
  }

  @Test
  default void whatWasFoundDamagedStaysDamaged() throws Exception {
    assumeTrue(sealsItsEnd());
    byte[] right = encoded(Samples.rows(1000));
    InputStream in =
        codec().decode(new ByteArrayInputStream(Arrays.copyOf(right, right.length - 1)));
    assertThrows(DamagedDataException.class, in::readAllBytes);
    assertThrows(DamagedDataException.class, in::read);
    assertThrows(DamagedDataException.class, () -> in.read(new byte[10]));
    in.close();
  }

  @Test
  default void anExceptionOfTheStreamBelowIsPassedOnByTheWriter() throws Exception {
    byte[] content = Samples.random(3 << 20);
    int length = encoded(content).length;
    for (int taken : new int[] {0, 1, 5, 100_000, (2 << 20) + 3, length - 1}) {
      IOException full = new IOException("the sink is full");
      FailingOutput below = FailingOutput.after(taken, full);
      IOException thrown = assertThrows(IOException.class, () -> {
        try (EncodingStream stream = codec().encode(below, Runnable::run)) {
          stream.write(content);
          stream.finish();
        }
      });
      assertSame(full, thrown, "after " + taken + " bytes");
      assertFalse(below.wasFlushedOrClosed());
    }
  }

  @Test
  default void afterAFailureNothingIsSealed() throws Exception {
    assumeTrue(sealsItsEnd());
    ByteArrayOutputStream kept = new ByteArrayOutputStream();
    AtomicInteger writes = new AtomicInteger();
    OutputStream failsOnce = new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        if (writes.incrementAndGet() == 2) {
          throw new IOException("just once");
        }
        kept.write(bytes, offset, length);
      }
    };
    try (EncodingStream stream = codec().encode(failsOnce, Runnable::run)) {
      assertThrows(IOException.class, () -> {
        stream.write(Samples.random(3 << 20));
        stream.finish();
      });
      assertThrows(IOException.class, () -> stream.write(1));
      assertThrows(IOException.class, stream::finish);
    }
    assertDamaged(kept.toByteArray(), "a write failed");
  }

  @Test
  default void anExceptionOfTheStreamBelowIsPassedOnByTheReader() throws Exception {
    byte[] stored = encoded(Samples.random(3 << 20));
    for (int given : new int[] {0, 1, 5, 20, 100_000, (2 << 20) + 3, stored.length - 1}) {
      IOException lost = new IOException("the connection is lost");
      FailingInput below = FailingInput.after(given, stored, lost);
      IOException thrown =
          assertThrows(IOException.class, () -> codec().decode(below).readAllBytes());
      assertSame(lost, thrown, "after " + given + " bytes");
    }
    IOException late = new IOException("lost at the very end");
    FailingInput whole = FailingInput.after(stored.length, stored, late);
    assertSame(late, assertThrows(IOException.class, () -> codec().decode(whole).readAllBytes()));
  }

  @Test
  default void workersThatNeverComeDoNotHoldItUp() throws Exception {
    byte[] content = Samples.rows((5 << 20) + 1);
    Executor saturated = task -> {};
    Executor closed = task -> {
      throw new RejectedExecutionException("shut down");
    };
    for (Executor workers : List.of(saturated, closed)) {
      byte[] stored = assertTimeoutPreemptively(
          Duration.ofMinutes(2), () -> encoded(codec(), content, workers), "it waits forever");
      assertArrayEquals(content, decoded(stored));
    }
  }

  @Test
  default void aPoolOfItsOwnWritingThreadDoesNotHoldItUp() throws Exception {
    byte[] content = Samples.rows((5 << 20) + 1);
    ExecutorService single = Executors.newSingleThreadExecutor();
    try {
      Future<byte[]> stored = single.submit(() -> encoded(codec(), content, single));
      assertArrayEquals(
          content, decoded(assertTimeoutPreemptively(Duration.ofMinutes(2), () -> stored.get())));
    } finally {
      single.shutdownNow();
    }
  }

  @Test
  default void anErrorOfTheWorkersIsPassedOnAndNothingIsSealed() throws Exception {
    OutOfMemoryError noThread = new OutOfMemoryError("unable to create native thread");
    Executor failing = task -> {
      throw noThread;
    };
    byte[] content = Samples.rows((5 << 20) + 1);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (EncodingStream stream = codec().encode(out, failing)) {
      stream.write(content);
      stream.finish();
      assertArrayEquals(content, decoded(out.toByteArray()), "it needs no workers");
    } catch (OutOfMemoryError e) {
      assertSame(noThread, e);
      if (sealsItsEnd()) {
        assertDamaged(out.toByteArray(), "the workers failed");
      }
    }
  }

  @Test
  default void anInterruptedThreadWritesToTheEndOrSaysThatItWasInterrupted() throws Exception {
    byte[] content = Samples.rows((5 << 20) + 1);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ExecutorService workers = Executors.newFixedThreadPool(2);
    Thread.currentThread().interrupt();
    try (EncodingStream stream = codec().encode(out, workers)) {
      stream.write(content);
      stream.finish();
      assertTrue(Thread.interrupted(), "the flag stays");
      assertArrayEquals(content, decoded(out.toByteArray()));
    } catch (InterruptedIOException e) {
      assertTrue(Thread.interrupted(), "the flag is set again");
      if (sealsItsEnd()) {
        assertDamaged(out.toByteArray(), "interrupted");
      }
    } finally {
      workers.shutdownNow();
    }
  }

  @Test
  default void severalThreadsMayUseItAtOnce() throws Exception {
    Codec codec = codec();
    ExecutorService workers = Executors.newFixedThreadPool(2);
    ExecutorService writers = Executors.newFixedThreadPool(4);
    try {
      List<Future<byte[]>> results = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        byte[] content = Samples.rows((2 << 20) + i * 1000);
        results.add(writers.submit(() -> {
          byte[] stored = encoded(codec, content, workers);
          return codec.decode(new ByteArrayInputStream(stored)).readAllBytes();
        }));
      }
      for (int i = 0; i < results.size(); i++) {
        assertArrayEquals(Samples.rows((2 << 20) + i * 1000), results.get(i).get());
      }
    } finally {
      writers.shutdownNow();
      workers.shutdownNow();
    }
  }

  @Test
  default void neitherStreamHoldsBackMoreThanItMay(@TempDir Path directory) throws Exception {
    byte[] piece = new byte[256 << 10];
    Random written = new Random(1); // noise: as many bytes come out as go in
    Random expected = new Random(1);
    Path file = directory.resolve("stored");
    AtomicLong passed = new AtomicLong();
    ExecutorService workers = Executors.newFixedThreadPool(2);
    try (OutputStream out = new Counted(Files.newOutputStream(file), passed);
        EncodingStream stream = codec().encode(out, workers)) {
      for (long at = 0; at < bulk(); at += piece.length) {
        assertTrue(at - passed.get() <= holdsAtMost(), "after " + at + " bytes");
        written.nextBytes(piece);
        stream.write(piece);
      }
      stream.finish();
    } finally {
      workers.shutdownNow();
    }

    long stored = Files.size(file);
    try (InputStream below = Files.newInputStream(file);
        InputStream in = codec().decode(below)) {
      byte[] buffer = new byte[piece.length];
      for (long at = 0; at < bulk(); at += piece.length) {
        expected.nextBytes(piece);
        assertEquals(piece.length, in.readNBytes(buffer, 0, piece.length));
        assertTrue(Arrays.equals(piece, buffer), "after " + at + " bytes");
        long taken = stored - below.available();
        assertTrue(taken - at <= holdsAtMost(), "after " + at + " bytes");
      }
      assertEquals(-1, in.read());
    }
  }

  private byte[] encoded(byte[] content) throws IOException {
    return encoded(codec(), content, Runnable::run);
  }

  private static byte[] encoded(Codec codec, byte[] content, Executor workers) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (EncodingStream stream = codec.encode(out, workers)) {
      stream.write(content);
      stream.finish();
    }
    return out.toByteArray();
  }

  private byte[] decoded(byte[] stored) throws IOException {
    try (InputStream in = codec().decode(new ByteArrayInputStream(stored))) {
      return in.readAllBytes();
    }
  }

  private void assertDamaged(byte[] stored, String how) {
    assertThrows(DamagedDataException.class, () -> decoded(stored), how);
  }

  /** Counts what passes. */
  final class Counted extends BufferedOutputStream {
    private final AtomicLong passed;

    Counted(OutputStream out, AtomicLong passed) {
      super(out);
      this.passed = passed;
    }

    @Override
    public synchronized void write(int b) throws IOException {
      super.write(b);
      passed.incrementAndGet();
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
      super.write(bytes, offset, length);
      passed.addAndGet(length);
    }
  }
}
