package dev.lifeboat.testkit;

import dev.lifeboat.sink.BackupSink;
import dev.lifeboat.sink.Content;
import dev.lifeboat.sink.ObjectName;
import dev.lifeboat.sink.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * A sink that misbehaves as a test tells it, in front of one that works.
 *
 * <pre>{@code
 * FaultySink sink = FaultySink.over(new MemorySink())
 *     .failing(Call.PUT, 3, Moment.AFTER, () -> new IOException("cut"))   // arrived, and the answer was lost
 *     .hiding(name -> name.value().endsWith(".json"));
 * ...
 * assertEquals(4, sink.calls(Call.PUT));
 * }</pre>
 *
 * <p>Calls are counted from 1, each kind by itself, from when the sink was made. Everything may be added while the sink
 * is in use. Without a script it does what the sink behind it does. Safe for several threads.
 */
public final class FaultySink implements BackupSink {
  /** Which method is called. */
  public enum Call {
    /** {@link BackupSink#put}. */
    PUT,
    /** {@link BackupSink#open}. */
    OPEN,
    /** {@link BackupSink#list}. */
    LIST,
    /** {@link BackupSink#delete}. */
    DELETE
  }

  /** When a call fails. */
  public enum Moment {
    /** Before it has any effect. */
    BEFORE,
    /** After it has had its effect: the answer is lost. */
    AFTER
  }

  private static final long LONGEST_HOLD_SECONDS = 60;

  private final BackupSink sink;
  private final Map<Call, AtomicInteger> calls = new EnumMap<>(Call.class);
  private final List<String> history = new ArrayList<>();

  private final List<Fault> faults = new CopyOnWriteArrayList<>();
  private final List<Hold> holds = new CopyOnWriteArrayList<>();
  private final List<Lie> lies = new CopyOnWriteArrayList<>();
  private final List<Cut> cuts = new CopyOnWriteArrayList<>();
  private final List<Predicate<ObjectName>> corrupted = new CopyOnWriteArrayList<>();
  private final List<Predicate<ObjectName>> hidden = new CopyOnWriteArrayList<>();
  private volatile boolean attests = true;

  private FaultySink(BackupSink sink) {
    this.sink = sink;
    for (Call call : Call.values()) {
      calls.put(call, new AtomicInteger());
    }
  }

  /** In front of this sink. */
  public static FaultySink over(BackupSink sink) {
    return new FaultySink(Objects.requireNonNull(sink, "sink"));
  }

  /**
   * The n-th call fails.
   *
   * @param failure gives an {@link IOException}, a {@link RuntimeException} or an {@link Error}
   */
  public FaultySink failing(
      Call call, int nth, Moment moment, Supplier<? extends Throwable> failure) {
    faults.add(new Fault(call, number -> number == nth, moment, failure));
    return this;
  }

  /**
   * The n-th call and all that follow fail, before they have any effect: the store is gone.
   *
   * @param failure gives an {@link IOException}, a {@link RuntimeException} or an {@link Error}
   */
  public FaultySink failingFrom(Call call, int nth, Supplier<? extends Throwable> failure) {
    faults.add(new Fault(call, number -> number >= nth, Moment.BEFORE, failure));
    return this;
  }

  /** The n-th call waits, before it has any effect: it counts {@code reached} down and goes on when {@code release} is. */
  public FaultySink holding(Call call, int nth, CountDownLatch reached, CountDownLatch release) {
    holds.add(new Hold(call, nth, reached, release));
    return this;
  }

  /** The n-th put returns as if all were well, and keeps nothing. */
  public FaultySink losingPut(int nth) {
    lies.add(new Lie(nth, false));
    return this;
  }

  /** The n-th put returns as if all were well, and keeps the first half. */
  public FaultySink halvingPut(int nth) {
    lies.add(new Lie(nth, true));
    return this;
  }

  /** The n-th opening gives a stream that throws after so many bytes. */
  public FaultySink cuttingOpen(int nth, long bytes, Supplier<IOException> failure) {
    cuts.add(new Cut(nth, bytes, failure));
    return this;
  }

  /** Reading these objects gives a first byte with one bit flipped; nothing else shows it. */
  public FaultySink corrupting(Predicate<ObjectName> objects) {
    corrupted.add(objects);
    return this;
  }

  /** Listings leave these objects out. */
  public FaultySink hiding(Predicate<ObjectName> objects) {
    hidden.add(objects);
    return this;
  }

  /** No object is attested, whatever the sink behind does. */
  public FaultySink notAttesting() {
    attests = false;
    return this;
  }

  /** Forgets the script; counts and history stay. Calls on hold are released by their latch. */
  public FaultySink healed() {
    faults.clear();
    holds.clear();
    lies.clear();
    cuts.clear();
    corrupted.clear();
    hidden.clear();
    attests = true;
    return this;
  }

  /** How many there have been, those that failed counted. */
  public int calls(Call call) {
    return counter(call).get();
  }

  /** All calls so far in the order they came: {@code "PUT orders/part"}, {@code "LIST orders/"}. */
  public List<String> history() {
    synchronized (history) {
      return List.copyOf(history);
    }
  }

  @Override
  public StoredObject put(ObjectName name, Content content) throws IOException {
    int number = begin(Call.PUT, name.value());
    StoredObject stored = shown(kept(number, name, content));
    end(Call.PUT, number);
    return stored;
  }

  @Override
  public InputStream open(ObjectName name) throws IOException {
    int number = begin(Call.OPEN, name.value());
    InputStream in = sink.open(name);
    try {
      end(Call.OPEN, number);
    } catch (Throwable e) {
      in.close();
      throw e;
    }
    return tamperedWith(in, name, number);
  }

  @Override
  public List<StoredObject> list(String folder) throws IOException {
    int number = begin(Call.LIST, folder);
    List<StoredObject> objects = sink.list(folder).stream()
        .filter(object -> !matches(hidden, object.name()))
        .map(this::shown)
        .toList();
    end(Call.LIST, number);
    return objects;
  }

  @Override
  public void delete(ObjectName name) throws IOException {
    int number = begin(Call.DELETE, name.value());
    sink.delete(name);
    end(Call.DELETE, number);
  }

  @Override
  public boolean exclusivePut() throws IOException {
    return sink.exclusivePut();
  }

  @Override
  public boolean retriesItself() {
    return sink.retriesItself();
  }

  @Override
  public String description() {
    return sink.description();
  }

  private int begin(Call call, String what) throws IOException {
    int number;
    synchronized (history) {
      number = counter(call).incrementAndGet();
      history.add(call + " " + what);
    }
    for (Hold hold : holds) {
      if (hold.call() == call && hold.nth() == number) {
        hold.await();
      }
    }
    fail(call, number, Moment.BEFORE);
    return number;
  }

  private void end(Call call, int number) throws IOException {
    fail(call, number, Moment.AFTER);
  }

  private void fail(Call call, int number, Moment moment) throws IOException {
    for (Fault fault : faults) {
      if (fault.call() == call && fault.moment() == moment && fault.numbers().test(number)) {
        fault.raise();
      }
    }
  }

  private StoredObject kept(int number, ObjectName name, Content content) throws IOException {
    for (Lie lie : lies) {
      if (lie.nth() == number) {
        return lie.about(sink, name, content);
      }
    }
    return sink.put(name, content);
  }

  private InputStream tamperedWith(InputStream in, ObjectName name, int number) {
    InputStream tampered = matches(corrupted, name) ? new FlippingStream(in) : in;
    for (Cut cut : cuts) {
      if (cut.nth() == number) {
        tampered = new BreakingStream(tampered, cut.bytes(), cut.failure().get());
      }
    }
    return tampered;
  }

  private StoredObject shown(StoredObject object) {
    return attests
        ? object
        : new StoredObject(object.name(), object.size(), object.time(), Optional.empty());
  }

  private AtomicInteger counter(Call call) {
    return Objects.requireNonNull(calls.get(call));
  }

  private static boolean matches(List<Predicate<ObjectName>> predicates, ObjectName name) {
    return predicates.stream().anyMatch(predicate -> predicate.test(name));
  }

  private record Fault(
      Call call, IntPredicate numbers, Moment moment, Supplier<? extends Throwable> failure) {
    void raise() throws IOException {
      Throwable thrown = failure.get();
      if (thrown instanceof IOException e) {
        throw e;
      }
      if (thrown instanceof RuntimeException e) {
        throw e;
      }
      if (thrown instanceof Error e) {
        throw e;
      }
      throw new IllegalArgumentException("a sink cannot throw " + thrown, thrown);
    }
  }

  private record Hold(Call call, int nth, CountDownLatch reached, CountDownLatch release) {
    void await() throws InterruptedIOException {
      reached.countDown();
      try {
        if (!release.await(LONGEST_HOLD_SECONDS, TimeUnit.SECONDS)) {
          throw new AssertionError(call + " " + nth + " was never released");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted in " + call + " " + nth);
      }
    }
  }

  private record Lie(int nth, boolean half) {
    /** What a store would say that had kept it all. */
    StoredObject about(BackupSink sink, ObjectName name, Content content) throws IOException {
      byte[] bytes;
      try (InputStream in = content.open()) {
        bytes = in.readAllBytes();
      }
      Instant time = Instant.EPOCH;
      if (half) {
        byte[] first = Arrays.copyOf(bytes, bytes.length / 2);
        time = sink.put(name, Content.of(first)).time();
      }
      return new StoredObject(name, bytes.length, time, Optional.empty());
    }
  }

  private record Cut(int nth, long bytes, Supplier<IOException> failure) {}
}
