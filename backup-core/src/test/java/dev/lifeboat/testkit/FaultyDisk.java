package dev.lifeboat.testkit;

import dev.lifeboat.testkit.DiskCall.Operation;
import dev.lifeboat.testkit.FaultySink.Moment;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;

/**
 * A disk that fails as a test tells it, in front of one that works.
 *
 * <pre>{@code
 * FaultyDisk disk = new FaultyDisk().failing(Operation.FORCE, 3, Moment.BEFORE, Failure.INPUT_OUTPUT);
 * Path directory = disk.over(temp);
 * ...
 * assertEquals(1, disk.failed().size());
 * }</pre>
 *
 * <p>Calls are counted from 1, each operation by itself, from when the disk was made, over all its directories. What is
 * closed or given back is so whatever fails, as with any disk. Without a script it does what the disk behind it does.
 * Safe for several threads.
 */
public final class FaultyDisk implements Watcher {
  /** How a call fails. */
  public enum Failure {
    /** EIO: the disk is broken. */
    INPUT_OUTPUT,
    /** ENOSPC: the disk is full. */
    NO_SPACE,
    /** EACCES: this process may not. */
    DENIED,
    /**
     * The calling thread is interrupted: that closes a channel that is read, written, cut, forced or asked for its size;
     * any other call comes to its end, and only the flag tells.
     */
    INTERRUPT
  }

  /** What somebody else does to the disk behind. */
  @FunctionalInterface
  public interface Event {
    /** Does it. */
    void happen() throws IOException;
  }

  private static final Set<Operation> INTERRUPTIBLE = EnumSet.of(
      Operation.READ, Operation.WRITE, Operation.TRUNCATE, Operation.FORCE, Operation.SIZE);

  private static final Set<Operation> ALWAYS_DONE = EnumSet.of(Operation.CLOSE, Operation.UNLOCK);

  private final Map<Operation, AtomicInteger> calls = new EnumMap<>(Operation.class);
  private final List<DiskCall> history = new ArrayList<>();
  private final List<Meanwhile> events = new CopyOnWriteArrayList<>();
  private final List<Fault> faults = new CopyOnWriteArrayList<>();
  private final List<DiskCall> failed = new CopyOnWriteArrayList<>();
  private final Map<Long, Path> open = new ConcurrentHashMap<>();
  private final Watcher unforced = new Unforced();
  private volatile boolean forces = true;

  /** One that works. */
  public FaultyDisk() {
    for (Operation operation : Operation.values()) {
      calls.put(operation, new AtomicInteger());
    }
  }

  /** This path on this disk; all paths to be used with one another must come from one call. */
  public Path over(Path path) {
    return WatchedDisk.over(path, this);
  }

  /** The n-th call fails. */
  public FaultyDisk failing(Operation operation, int nth, Moment moment, Failure failure) {
    faults.add(new Fault(operation, number -> number == nth, moment, failure));
    return this;
  }

  /** The n-th call and all that follow fail, before they have any effect: the disk is gone for good. */
  public FaultyDisk failingFrom(Operation operation, int nth, Failure failure) {
    faults.add(new Fault(operation, number -> number >= nth, Moment.BEFORE, failure));
    return this;
  }

  /** Just before the n-th call of any of these, counted together from now on, somebody else does this. */
  public FaultyDisk meanwhile(Set<Operation> operations, int nth, Event event) {
    events.add(new Meanwhile(operations, nth, new AtomicInteger(), event));
    return this;
  }

  /** Nothing is forced to the disk behind any more, though it is counted and fails as told: tests need no durability. */
  public FaultyDisk notForcing() {
    forces = false;
    return this;
  }

  /** Forgets the script; counts and history stay. */
  public FaultyDisk healed() {
    faults.clear();
    events.clear();
    return this;
  }

  /** How many there have been, those that failed counted. */
  public int calls(Operation operation) {
    return counter(operation).get();
  }

  /** The calls that failed or were interrupted. */
  public List<DiskCall> failed() {
    return List.copyOf(failed);
  }

  /** The files and directories that somebody has opened and not closed. */
  public Collection<Path> open() {
    return List.copyOf(open.values());
  }

  /** All calls so far in the order they came. */
  public List<DiskCall> history() {
    synchronized (history) {
      return List.copyOf(history);
    }
  }

  @Override
  public <T> T call(DiskCall call, Effect<T> effect) throws IOException {
    int number;
    synchronized (history) {
      number = counter(call.operation()).incrementAndGet();
      history.add(call);
    }
    for (Meanwhile event : events) {
      event.before(call.operation());
    }
    if (!ALWAYS_DONE.contains(call.operation())) {
      fail(call, number, Moment.BEFORE);
    }
    T result = forces ? effect.run() : unforced.call(call, effect);
    if (call.operation() == Operation.OPEN) {
      open.put(call.channel(), call.path());
    } else if (call.operation() == Operation.CLOSE) {
      open.remove(call.channel());
    }
    try {
      if (ALWAYS_DONE.contains(call.operation())) {
        fail(call, number, Moment.BEFORE);
      }
      fail(call, number, Moment.AFTER);
    } catch (IOException e) {
      letGo(call, result);
      throw e;
    }
    return result;
  }

  private void fail(DiskCall call, int number, Moment moment) throws IOException {
    for (Fault fault : faults) {
      if (fault.operation() == call.operation()
          && fault.moment() == moment
          && fault.numbers().test(number)) {
        failed.add(call);
        raise(fault.failure(), call);
      }
    }
  }

  private static void raise(Failure failure, DiskCall call) throws IOException {
    switch (failure) {
      case INPUT_OUTPUT -> throw failure(call, "Input/output error");
      case NO_SPACE -> throw failure(call, "No space left on device");
      case DENIED -> throw new AccessDeniedException(call.path().toString());
      case INTERRUPT -> {
        Thread.currentThread().interrupt();
        if (INTERRUPTIBLE.contains(call.operation())) {
          throw new ClosedByInterruptException();
        }
      }
    }
  }

  /** The JDK names the file where one is named to it, and not where a channel is. */
  private static IOException failure(DiskCall call, String words) {
    return call.operation().isOfChannel()
        ? new IOException(words)
        : new FileSystemException(
            call.path().toString(), call.other().map(Path::toString).orElse(null), words);
  }

  /** What the caller never learns to have, it cannot close. */
  private static void letGo(DiskCall call, Object result) throws IOException {
    boolean opened = call.operation() == Operation.OPEN
        || call.operation() == Operation.LIST
        || call.operation() == Operation.LOCK;
    if (opened && result instanceof AutoCloseable resource) {
      try {
        resource.close();
      } catch (IOException e) {
        throw e;
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private AtomicInteger counter(Operation operation) {
    return Objects.requireNonNull(calls.get(operation));
  }

  private record Meanwhile(Set<Operation> operations, int nth, AtomicInteger calls, Event event) {
    void before(Operation operation) throws IOException {
      if (operations.contains(operation) && calls.incrementAndGet() == nth) {
        event.happen();
      }
    }
  }

  private record Fault(Operation operation, IntPredicate numbers, Moment moment, Failure failure) {}
}
