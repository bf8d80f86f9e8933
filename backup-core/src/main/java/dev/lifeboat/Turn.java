package dev.lifeboat;

import dev.lifeboat.catalog.Text;
import dev.lifeboat.json.Json;
import dev.lifeboat.json.JsonObject;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The right to change a series, held by one verb at a time: among threads by a semaphore, among processes by a lock on a
 * file that nobody else ever opens (closing any other channel on it would drop the lock).
 */
final class Turn implements AutoCloseable {
  /** The house's only static state: kept in the system properties, so that copies of this class share it. */
  private static final String REGISTRY = "dev.lifeboat.turns";

  private static final String UNCLOSED = "#unclosed";

  private static final Duration POLL = Duration.ofMillis(25);

  /** Nobody waits longer. */
  private static final Duration FOREVER = Duration.ofDays(10_000);

  private final WorkDirectory work;
  private final Semaphore semaphore;
  private final FileChannel channel;

  private Turn(WorkDirectory work, Semaphore semaphore, FileChannel channel) {
    this.work = work;
    this.semaphore = semaphore;
    this.channel = channel;
  }

  /**
   * Waits for it.
   *
   * @param patience how long; zero tries once
   * @throws BackupException BUSY with what, who and since when, INTERRUPTED, or WORK
   */
  static Turn take(
      WorkDirectory work, String series, String verb, String by, Duration patience, Clock clock) {
    long nanos = patience.compareTo(FOREVER) < 0 ? patience.toNanos() : FOREVER.toNanos();
    long deadline = System.nanoTime() + nanos;
    try {
      work.prepare(series);
      String place = place(work);
      Semaphore semaphore = semaphore(place);
      if (!semaphore.tryAcquire(nanos, TimeUnit.NANOSECONDS)) {
        throw busy(work, series, verb, patience);
      }
      FileChannel locked = null;
      boolean taken = false;
      try {
        locked = lock(work.lockFile(), place, deadline);
        if (locked == null) {
          throw busy(work, series, verb, patience);
        }
        tellWho(work, owner(verb, by, clock));
        work.sweep();
        taken = true;
        return new Turn(work, semaphore, locked);
      } finally {
        if (!taken) {
          giveBack(work, locked, semaphore);
        }
      }
    } catch (InterruptedException | IOException e) {
      throw failure(work, series, verb, e);
    }
  }

  private static BackupException failure(
      WorkDirectory work, String series, String verb, Exception e) {
    BackupException.Kind kind = Words.kind(e, BackupException.Kind.WORK);
    String what = "Cannot " + verb + " \"" + series + "\": ";
    if (kind == BackupException.Kind.INTERRUPTED) {
      Thread.currentThread().interrupt();
      what += "interrupted while it waited for its turn";
    } else {
      what += "the work directory " + work + " cannot be used: " + Words.of(e);
    }
    return new BackupException(kind, what + ". Nothing was done.", e);
  }

  /** Does something while nobody else can. */
  <T> T during(Supplier<T> action) {
    return action.get();
  }

  @Override
  public void close() {
    try {
      Files.deleteIfExists(work.ownerFile());
    } catch (IOException e) {
      Log.warn("{} could not be removed: {}", work.ownerFile(), Words.of(e));
    } finally {
      giveBack(work, channel, semaphore);
    }
  }

  /** The lock first: who is let in by the semaphore must find it free. */
  private static void giveBack(
      WorkDirectory work, @Nullable FileChannel locked, Semaphore semaphore) {
    try {
      if (locked != null) {
        locked.close();
      }
    } catch (IOException e) {
      Log.warn("The turn in {} could not be given back cleanly: {}", work, Words.of(e));
    } finally {
      semaphore.release();
    }
  }

  /** For a work directory that nobody will use again. */
  static void forget(Path work) {
    try {
      registry().remove(place(new WorkDirectory(work)));
    } catch (IOException e) {
      Log.debug("{} stays registered: {}", work, Words.of(e));
    }
  }

  private static String place(WorkDirectory work) throws IOException {
    return work.root().toRealPath().toUri().toString();
  }

  @SuppressWarnings("unchecked") // under this key lies nothing else
  private static Map<String, Object> registry() {
    return (Map<String, Object>) System.getProperties()
        .computeIfAbsent(REGISTRY, key -> new ConcurrentHashMap<String, Object>());
  }

  private static Semaphore semaphore(String place) {
    return (Semaphore) registry().computeIfAbsent(place, key -> new Semaphore(1, true));
  }

  private static @Nullable FileChannel lock(Path file, String place, long deadline)
      throws IOException, InterruptedException {
    FileChannel unclosed = (FileChannel) registry().remove(place + UNCLOSED);
    FileChannel channel =
        unclosed != null ? unclosed : PrivateFiles.open(file, StandardOpenOption.CREATE);
    boolean locked = false;
    boolean overlapping = false;
    try {
      while (!locked) {
        try {
          locked = channel.tryLock() != null;
          overlapping = false;
        } catch (OverlappingFileLockException e) {
          overlapping = true; // a copy of this class that does not see the registry
        }
        if (!locked) {
          if (System.nanoTime() - deadline >= 0) {
            return null;
          }
          TimeUnit.NANOSECONDS.sleep(POLL.toNanos());
        }
      }
      return channel;
    } finally {
      if (overlapping) {
        // closing it would drop the lock of the other one, who is at work
        registry().put(place + UNCLOSED, channel);
      } else if (!locked) {
        channel.close();
      }
    }
  }

  /** For the words of those who wait alone: on a full disk a prune must have its turn all the same. */
  private static void tellWho(WorkDirectory work, byte[] owner) throws IOException {
    try {
      PrivateFiles.write(work.ownerFile(), owner);
    } catch (IOException e) {
      if (Words.kind(e, BackupException.Kind.WORK) == BackupException.Kind.INTERRUPTED) {
        throw e;
      }
      Log.warn("Who has the turn cannot be told in {}: {}", work.ownerFile(), Words.of(e));
    }
  }

  private static byte[] owner(String verb, String by, Clock clock) {
    Map<String, Object> owner = new LinkedHashMap<>();
    owner.put("verb", verb);
    owner.put("by", by);
    owner.put("since", clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
    owner.put("process", ProcessHandle.current().pid());
    return Json.write(owner);
  }

  private static BackupException busy(
      WorkDirectory work, String series, String verb, Duration patience) {
    return new BackupException(
        BackupException.Kind.BUSY,
        "Cannot " + verb + " \"" + series + "\": " + whoIsBusy(work) + ", and did not end within "
            + patience.toMillis() + " ms. Nothing was done; try again later.");
  }

  private static String whoIsBusy(WorkDirectory work) {
    try {
      JsonObject owner = Json.parse(Files.readAllBytes(work.ownerFile()));
      String by = owner.string("by");
      return "a " + Text.printable(owner.string("verb"))
          + (by.isEmpty() ? "" : " by " + Text.quoted(by)) + " in process "
          + owner.number("process") + " is under way since "
          + Text.printable(owner.string("since"));
    } catch (IOException e) {
      return "another verb is under way";
    }
  }
}
