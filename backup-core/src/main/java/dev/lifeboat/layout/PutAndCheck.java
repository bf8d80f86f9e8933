package dev.lifeboat.layout;

import dev.lifeboat.catalog.Part;
import dev.lifeboat.codec.Codec;
import dev.lifeboat.codec.DamagedDataException;
import dev.lifeboat.sink.Digest;
import dev.lifeboat.sink.ObjectName;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What happens to every part of a component at once: it is put and proven in the sink, and decoded again, so that a
 * codec's bug or a bad memory bank cannot reach the shelf. The first failure ends all of it.
 */
final class PutAndCheck implements PartCutter.Receiver {
  /** Each part is put by one and checked by one. */
  static final int USERS = 2;

  private static final int PUTS_AT_ONCE = 4;

  private final Shelf shelf;
  private final String name;
  private final List<Codec> codecs;
  private final ExecutorService workers;
  private final Semaphore puts = new Semaphore(PUTS_AT_ONCE);
  private final List<Future<Part>> parts = new ArrayList<>();
  private final Arrivals arrivals = new Arrivals();
  private final Future<Digest> check;
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

  /**
   * @param name of the component's only object; of several, the beginning of their names
   * @param workers to be ended by the caller, after {@link #end}
   */
  PutAndCheck(Shelf shelf, String name, List<Codec> codecs, ExecutorService workers) {
    this.shelf = shelf;
    this.name = name;
    this.codecs = codecs;
    this.workers = workers;
    this.check = workers.submit(this::decodeAll);
  }

  @Override
  public void accept(PartBuffer part, int number, boolean alone) throws IOException {
    try {
      puts.acquire();
    } catch (InterruptedException e) {
      part.discard();
      throw Workers.interrupted(e);
    }
    try {
      requireNoFailure();
      ObjectName object =
          ObjectName.of(alone ? name : String.format(Locale.ROOT, "%s.%06d", name, number));
      parts.add(workers.submit(() -> put(object, part)));
    } catch (IOException | RuntimeException | Error e) {
      puts.release();
      part.discard();
      throw e;
    }
    arrivals.add(part);
  }

  private void requireNoFailure() throws IOException {
    Throwable failed = failure.get();
    if (failed != null) {
      throw Workers.asException(failed);
    }
  }

  /** What went wrong with a part, if anything has: then the source is not to blame. */
  @Nullable
  Throwable failure() {
    return failure.get();
  }

  /**
   * The parts, when each is proven in the sink and all of them decode to {@code plain}.
   *
   * @throws DamagedDataException if they decode to something else: a codec or the memory is at fault
   */
  List<Part> await(Digest plain) throws IOException {
    end();
    List<Part> done = new ArrayList<>();
    for (Future<Part> part : parts) {
      done.add(Workers.await(part));
    }
    Digest decoded = Workers.await(check);
    if (!decoded.equals(plain)) {
      throw new DamagedDataException(
          name + " does not decode to what was read: a codec or the memory is at fault");
    }
    return done;
  }

  /** No other part comes. */
  void end() {
    arrivals.end();
  }

  private Part put(ObjectName object, PartBuffer part) throws IOException {
    try {
      return shelf.put(object, part);
    } catch (IOException | RuntimeException | Error e) {
      failure.compareAndSet(null, e);
      throw e;
    } finally {
      part.letGo();
      puts.release();
    }
  }

  private Digest decodeAll() throws IOException {
    try (InputStream decoded = Decoding.decode(codecs, arrivals)) {
      return Digest.of(decoded);
    } catch (IOException | RuntimeException | Error e) {
      failure.compareAndSet(null, e);
      throw e;
    } finally {
      arrivals.drain();
    }
  }
}
