package dev.lifeboat.layout;

import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Semaphore;

/** The one budget of a run for parts in memory: pieces of 256 KiB, used again and again. Who needs one waits for it. */
public final class Memory {
  /** Bytes of a piece. */
  static final int PIECE = 256 << 10;

  private static final long MOST = 64 << 20;

  private final int all;
  private final Semaphore free;
  private final Deque<byte[]> pieces = new ArrayDeque<>();

  /**
   * The smaller of 64 MiB and a third of the heap, but room for two parts, without which reading and putting could not
   * overlap.
   *
   * @param partSize bytes of the largest part
   */
  public Memory(int partSize) {
    long budget = Math.min(MOST, Runtime.getRuntime().maxMemory() / 3) / PIECE;
    long twoParts = 2 * ((partSize + PIECE - 1L) / PIECE);
    this.all = (int) Math.max(budget, twoParts);
    this.free = new Semaphore(all);
  }

  /** How many pieces are in use: none, when a run has ended in whatever way. */
  int inUse() {
    return all - free.availablePermits();
  }

  byte[] take() throws InterruptedIOException {
    try {
      free.acquire();
    } catch (InterruptedException e) {
      throw Workers.interrupted(e);
    }
    synchronized (pieces) {
      byte[] piece = pieces.poll();
      return piece != null ? piece : new byte[PIECE];
    }
  }

  void giveBack(Iterable<byte[]> used) {
    for (byte[] piece : used) {
      synchronized (pieces) {
        pieces.push(piece);
      }
      free.release();
    }
  }
}
