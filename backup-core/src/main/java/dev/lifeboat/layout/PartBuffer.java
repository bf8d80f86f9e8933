package dev.lifeboat.layout;

import dev.lifeboat.sink.Content;
import dev.lifeboat.sink.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A part in memory: filled by one thread, then read by those that put it and those that check it. */
final class PartBuffer implements Content {
  private final Memory memory;
  private final List<byte[]> pieces = new ArrayList<>();
  private final Digest.Counter counter = new Digest.Counter();
  private final AtomicInteger users;
  private int size;
  private @Nullable Digest digest;

  /** @param users how many will let go of it */
  PartBuffer(Memory memory, int users) {
    this.memory = memory;
    this.users = new AtomicInteger(users);
  }

  int length() {
    return size;
  }

  /** Takes as many bytes as fit below {@code limit}, and says how many. */
  int fill(byte[] bytes, int offset, int length, int limit) throws IOException {
    int taken = 0;
    while (taken < length && size < limit) {
      int at = size % Memory.PIECE;
      if (at == 0) {
        pieces.add(memory.take());
      }
      int n = Math.min(Math.min(length - taken, limit - size), Memory.PIECE - at);
      System.arraycopy(bytes, offset + taken, pieces.get(pieces.size() - 1), at, n);
      size += n;
      taken += n;
    }
    counter.update(bytes, offset, taken);
    return taken;
  }

  /** Nothing more comes. */
  void seal() {
    digest = counter.digest();
  }

  @Override
  public Digest digest() {
    return Objects.requireNonNull(digest, "sealed first");
  }

  @Override
  public InputStream open() {
    return new Reader();
  }

  /** One user less; the last one gives the memory back. */
  void letGo() {
    if (users.decrementAndGet() == 0) {
      memory.giveBack(pieces);
    }
  }

  /** All users at once, when none will come any more. */
  void discard() {
    if (users.getAndSet(0) > 0) {
      memory.giveBack(pieces);
    }
  }

  private final class Reader extends ReadingStream {
    private int position;

    @Override
    public int read(byte[] bytes, int offset, int length) {
      if (length == 0) {
        return 0;
      } else if (position == size) {
        return -1;
      }
      int at = position % Memory.PIECE;
      int n = Math.min(Math.min(length, size - position), Memory.PIECE - at);
      System.arraycopy(pieces.get(position / Memory.PIECE), at, bytes, offset, n);
      position += n;
      return n;
    }
  }
}
