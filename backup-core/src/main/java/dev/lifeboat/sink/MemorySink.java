package dev.lifeboat.sink;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * Objects in memory: the reference implementation, and what tests use. They are gone when the sink is.
 *
 * <p>Attests the SHA-256 of what it holds. Safe for several threads; never blocks.
 */
public final class MemorySink implements BackupSink {
  private final ConcurrentSkipListMap<ObjectName, Held> objects = new ConcurrentSkipListMap<>();
  private final String name;
  private final Clock clock;

  /**
   * With a random name, so that any two differ. Objects bear no time ({@link StoredObject#UNKNOWN_TIME}): what a killed run
   * left is not swept.
   */
  public MemorySink() {
    this(UUID.randomUUID().toString().substring(0, 8));
  }

  /**
   * With a name that tells it from others. Objects bear no time ({@link StoredObject#UNKNOWN_TIME}): what a killed run left
   * is not swept.
   *
   * @param name the last word of the {@link #description()}
   */
  public MemorySink(String name) {
    this(name, Clock.fixed(StoredObject.UNKNOWN_TIME, ZoneOffset.UTC));
  }

  /**
   * With a name that tells it from others, and a clock.
   *
   * @param name the last word of the {@link #description()}
   * @param clock gives objects their time
   */
  public MemorySink(String name, Clock clock) {
    this.name = Objects.requireNonNull(name, "name");
    this.clock = Objects.requireNonNull(clock, "clock");
  }

  @Override
  public StoredObject put(ObjectName name, Content content) throws IOException {
    requireAbsent(objects.get(name), name);
    byte[] bytes = read(name, content);
    Held held = new Held(bytes, content.digest().sha256(), clock.instant());
    requireAbsent(objects.putIfAbsent(name, held), name);
    return held.as(name);
  }

  @Override
  public InputStream open(ObjectName name) throws IOException {
    Held held = objects.get(name);
    if (held == null) {
      throw new NoSuchFileException(name.value(), null, "no such object in " + description());
    }
    return new ByteArrayInputStream(held.bytes());
  }

  @Override
  public List<StoredObject> list(String folder) {
    ObjectName.requireFolder(folder);
    return objects.entrySet().stream()
        .filter(entry -> entry.getKey().isIn(folder))
        .map(entry -> entry.getValue().as(entry.getKey()))
        .toList();
  }

  @Override
  public void delete(ObjectName name) {
    objects.remove(Objects.requireNonNull(name, "name"));
  }

  /** True: of several puts of one name, one wins. */
  @Override
  public boolean exclusivePut() {
    return true;
  }

  /** {@code "memory"} and the name. */
  @Override
  public String description() {
    return "memory " + name;
  }

  /** The bytes, which are exactly what their digest says. */
  private byte[] read(ObjectName name, Content content) throws IOException {
    Digest expected = content.digest();
    int limit = (int) Math.min(expected.size() + 1, Integer.MAX_VALUE - 8L);
    byte[] bytes;
    try (InputStream in = content.open()) {
      bytes = in.readNBytes(limit);
    }
    if (bytes.length > expected.size()) {
      throw new IOException(
          "Cannot keep " + name + " in " + description() + ": its content goes on after the "
              + expected.size() + " bytes its digest says. Nothing was kept.");
    }
    Digest actual = Digest.of(bytes);
    if (!actual.equals(expected)) {
      throw new IOException("Cannot keep " + name + " in " + description() + ": its content is "
          + actual + ", its digest says " + expected + ". Nothing was kept.");
    }
    return bytes;
  }

  private void requireAbsent(@Nullable Held held, ObjectName name)
      throws FileAlreadyExistsException {
    if (held != null) {
      throw new FileAlreadyExistsException(
          name.value(), null, "kept already in " + description() + ", and stays as it was");
    }
  }

  /** The SHA-256 is what {@link #read} computed itself. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Held(byte[] bytes, String sha256, Instant time) {
    StoredObject as(ObjectName name) {
      return new StoredObject(name, bytes.length, time, Optional.of(sha256));
    }
  }
}
