package dev.lifeboat.codec;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Cuts content into blocks and makes each an independent frame, several at once and written in order.
 *
 * <p>It never depends on a worker: a block that none has begun when its turn comes is compressed by the writing thread.
 */
final class ZstdEncoder extends Encoder {
  /** Makes a frame of a block; called by several threads at once. */
  interface Compressor extends Closeable {
    int bound(int length);

    int compress(byte[] plain, int length, byte[] packed) throws IOException;

    @Override
    void close();
  }

  private static final class Block {
    private final byte[] plain = new byte[ZstdFormat.BLOCK];
    private final byte[] packed;
    private int length;

    Block(int bound) {
      packed = new byte[bound];
    }

    int fill(byte[] bytes, int offset, int available) {
      int n = Math.min(available, plain.length - length);
      System.arraycopy(bytes, offset, plain, length, n);
      length += n;
      return n;
    }
  }

  /** The frame is its length alone: a task that lingers in an executor's queue holds no buffers. */
  private record Flight(Block block, FutureTask<Integer> frame) {}

  private final OutputStream out;
  private final Executor executor;
  private final int workers;
  private final Compressor compressor;
  private final Queue<Flight> inFlight = new ArrayDeque<>();
  private final Queue<Block> free = new ArrayDeque<>();
  private @Nullable Block current;
  private long length;
  private volatile boolean released;

  ZstdEncoder(OutputStream out, Executor executor, int workers, Compressor compressor) {
    this.out = out;
    this.executor = executor;
    this.workers = workers;
    this.compressor = compressor;
  }

  @Override
  protected void encode(byte[] bytes, int offset, int count) throws IOException {
    int at = offset;
    int end = offset + count;
    while (at < end) {
      Block block = currentBlock();
      int n = block.fill(bytes, at, end - at);
      at += n;
      length += n;
      if (block.length == ZstdFormat.BLOCK) {
        send(block);
      }
    }
  }

  @Override
  protected void seal() throws IOException {
    if (current != null && current.length > 0) {
      send(current);
    }
    while (!inFlight.isEmpty()) {
      writeOldest();
    }
    ByteBuffer end = ByteBuffer.allocate(8 + ZstdFormat.END_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
    end.putInt(ZstdFormat.END_MAGIC).putInt(ZstdFormat.END_LENGTH).putLong(length);
    out.write(end.array());
  }

  @Override
  protected void release() {
    released = true;
    boolean interrupted = false;
    while (!inFlight.isEmpty()) {
      FutureTask<Integer> frame = inFlight.element().frame();
      frame.run(); // where no worker has begun it: returns at once, and keeps it from beginning
      try {
        frame.get();
        inFlight.remove();
      } catch (ExecutionException e) {
        inFlight.remove();
      } catch (InterruptedException e) {
        interrupted = true; // a worker still reads the block, but not for long
      }
    }
    compressor.close();
    free.clear();
    current = null;
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private Block currentBlock() {
    if (current == null) {
      Block block = free.poll();
      current = block == null ? new Block(compressor.bound(ZstdFormat.BLOCK)) : block;
    }
    return current;
  }

  private void send(Block block) throws IOException {
    Flight first = null;
    int firstLength = 0;
    if (inFlight.size() == workers) {
      firstLength = oldest();
      first = inFlight.remove();
    }
    current = null;
    start(block); // before anything is written, so that no worker waits for out
    if (first != null) {
      writeFrame(first.block(), firstLength);
    }
    while (!inFlight.isEmpty() && inFlight.element().frame().isDone()) {
      writeOldest();
    }
  }

  private void start(Block block) {
    FutureTask<Integer> frame = new FutureTask<>(() -> compress(block));
    inFlight.add(new Flight(block, frame));
    try {
      executor.execute(frame);
    } catch (RejectedExecutionException e) {
      // no worker to be had: this thread compresses it when its turn comes
    }
  }

  private int compress(Block block) throws IOException {
    return released ? 0 : compressor.compress(block.plain, block.length, block.packed);
  }

  private void writeOldest() throws IOException {
    int length = oldest();
    writeFrame(inFlight.remove().block(), length);
  }

  private void writeFrame(Block block, int length) throws IOException {
    out.write(block.packed, 0, length);
    block.length = 0;
    free.add(block);
  }

  /** The length of the oldest frame, as soon as it is made. */
  private int oldest() throws IOException {
    FutureTask<Integer> frame = inFlight.element().frame();
    frame.run(); // does nothing if a worker has begun it
    try {
      return frame.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted =
          new InterruptedIOException("interrupted while a block was being compressed");
      interrupted.initCause(e);
      throw interrupted;
    } catch (ExecutionException e) {
      throw causeOf(e);
    }
  }

  private static IOException causeOf(ExecutionException e) {
    Throwable cause = e.getCause();
    if (cause instanceof IOException io) {
      return io;
    } else if (cause instanceof RuntimeException runtime) {
      throw runtime;
    } else if (cause instanceof Error error) {
      throw error;
    }
    return new IOException("a block could not be compressed", cause);
  }
}
