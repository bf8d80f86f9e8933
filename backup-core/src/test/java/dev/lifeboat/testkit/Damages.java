package dev.lifeboat.testkit;

import dev.lifeboat.sink.BackupSink;
import dev.lifeboat.sink.Content;
import dev.lifeboat.sink.ObjectName;
import dev.lifeboat.sink.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Every way to damage what lies in a sink, one change at a time, behind everybody's back.
 *
 * <pre>{@code
 * Damages damages = Damages.of(sink, "shop/");
 * damages.flips(part, 8).forEach(change -> {
 *   change.inflict(sink);
 *   assertThrows(BackupException.class, () -> backups.verify(id, Depth.CONTENT), change.toString());
 *   damages.heal(sink);
 * });
 * }</pre>
 *
 * <p>Changes are values: they are the same at every run, tell in words what they do and what the sink holds after it,
 * and may be done to any sink of the same content. A change deletes and puts, as a sink allows it: a store that attests
 * will attest what it then holds.
 */
public final class Damages {
  private final String folder;
  private final SortedMap<ObjectName, byte[]> objects;

  private Damages(String folder, SortedMap<ObjectName, byte[]> objects) {
    this.folder = folder;
    this.objects = Collections.unmodifiableSortedMap(objects);
  }

  /**
   * Of what lies in a folder now; all of it is held in memory.
   *
   * @param folder as {@link BackupSink#list} takes it: {@code ""} for everything
   */
  public static Damages of(BackupSink sink, String folder) throws IOException {
    SortedMap<ObjectName, byte[]> objects = new TreeMap<>();
    for (StoredObject stored : sink.list(folder)) {
      try (InputStream in = sink.open(stored.name())) {
        objects.put(stored.name(), in.readAllBytes());
      }
    }
    return new Damages(folder, objects);
  }

  /** What lies there undamaged. */
  public SortedMap<ObjectName, byte[]> objects() {
    return objects;
  }

  /**
   * Every byte of an object, changed in one bit or in each of its eight, one at a time.
   *
   * @param bits 1, which is another bit from byte to byte, to 8
   */
  public Stream<Change> flips(ObjectName name, int bits) {
    byte[] bytes = bytes(name);
    return IntStream.range(0, bytes.length * bits)
        .mapToObj(i -> flip(name, i / bits, bit(i, bits)));
  }

  private static int bit(int i, int bits) {
    return (i / bits + i % bits) % 8;
  }

  /** One bit of one byte, changed. */
  public Change flip(ObjectName name, int at, int bit) {
    byte[] flipped = bytes(name).clone();
    flipped[at] ^= (byte) (1 << bit);
    return change("bit " + bit + " of byte " + at + " of " + name + " is flipped", name, flipped);
  }

  /** An object cut to every length it could be cut to, nothing included. */
  public Stream<Change> cuts(ObjectName name) {
    byte[] bytes = bytes(name);
    return IntStream.range(0, bytes.length)
        .mapToObj(
            length -> change(name + " is cut to " + length, name, Arrays.copyOf(bytes, length)));
  }

  /** So many bytes appended, from 1 on: zeros, and what the object begins with, by turns. */
  public Stream<Change> extensions(ObjectName name, int most) {
    byte[] bytes = bytes(name);
    return IntStream.rangeClosed(1, most).mapToObj(count -> {
      byte[] longer = Arrays.copyOf(bytes, bytes.length + count);
      if (count % 2 == 0) {
        System.arraycopy(bytes, 0, longer, bytes.length, Math.min(count, bytes.length));
      }
      return change(name + " has " + count + " bytes more", name, longer);
    });
  }

  /** An object that is not there any more. */
  public Change dropped(ObjectName name) {
    bytes(name);
    return new Change(name + " is missing", Map.of(name, Optional.empty()));
  }

  /** An object whose content follows itself once more. */
  public Change doubled(ObjectName name) {
    byte[] bytes = bytes(name);
    byte[] twice = Arrays.copyOf(bytes, 2 * bytes.length);
    System.arraycopy(bytes, 0, twice, bytes.length, bytes.length);
    return change(name + " is doubled", name, twice);
  }

  /** A second object of the same content, under a name that nobody has put. */
  public Change copied(ObjectName name, ObjectName copy) {
    return change(name + " is there again as " + copy, copy, bytes(name));
  }

  /** An object with the content of another one, of whatever backup or series. */
  public Change replaced(ObjectName name, ObjectName by) {
    bytes(name);
    return change(name + " has the content of " + by, name, bytes(by));
  }

  /** Two objects in each other's place. */
  public Change swapped(ObjectName one, ObjectName other) {
    return new Change(
        one + " and " + other + " are swapped",
        Map.of(one, Optional.of(bytes(other)), other, Optional.of(bytes(one))));
  }

  /** Every two of these in each other's place. */
  public Stream<Change> swaps(List<ObjectName> names) {
    return IntStream.range(0, names.size())
        .boxed()
        .flatMap(i ->
            names.subList(i + 1, names.size()).stream().map(other -> swapped(names.get(i), other)));
  }

  /** Several changes at once; what two of them touch is left as the last leaves it. */
  public static Change together(Change... changes) {
    List<String> words = new ArrayList<>();
    Map<ObjectName, Optional<byte[]>> after = new TreeMap<>();
    for (Change change : changes) {
      words.add(change.toString());
      after.putAll(change.after);
    }
    return new Change(String.join(", ", words), after);
  }

  /** Any content, also of an object that is not there yet. */
  public static Change change(String words, ObjectName name, byte[] content) {
    return new Change(words, Map.of(name, Optional.of(content.clone())));
  }

  /** Puts everything back as it was, and takes away what was not there. */
  public void heal(BackupSink sink) throws IOException {
    SortedMap<ObjectName, byte[]> found = of(sink, folder).objects();
    for (ObjectName name : found.keySet()) {
      if (!objects.containsKey(name)) {
        sink.delete(name);
      }
    }
    for (Map.Entry<ObjectName, byte[]> object : objects.entrySet()) {
      if (!Arrays.equals(found.get(object.getKey()), object.getValue())) {
        set(sink, object.getKey(), object.getValue());
      }
    }
  }

  /** Undoes one change, where nothing else has happened since; without a look at the rest. */
  public void heal(Change change, BackupSink sink) throws IOException {
    for (ObjectName name : change.after.keySet()) {
      byte[] before = objects.get(name);
      if (before == null) {
        sink.delete(name);
      } else {
        set(sink, name, before);
      }
    }
  }

  private byte[] bytes(ObjectName name) {
    byte[] bytes = objects.get(name);
    if (bytes == null) {
      throw new IllegalArgumentException("no such object: " + name);
    }
    return bytes;
  }

  private static void set(BackupSink sink, ObjectName name, byte[] content) throws IOException {
    sink.delete(name);
    sink.put(name, Content.of(content));
  }

  /** One change; its text says what it does, so that a failure can be tried again by itself. */
  public static final class Change {
    private final String words;
    private final Map<ObjectName, Optional<byte[]>> after;

    private Change(String words, Map<ObjectName, Optional<byte[]>> after) {
      this.words = words;
      this.after = Map.copyOf(after);
    }

    /** Does it. */
    public void inflict(BackupSink sink) throws IOException {
      for (Map.Entry<ObjectName, Optional<byte[]>> object : after.entrySet()) {
        if (object.getValue().isPresent()) {
          set(sink, object.getKey(), object.getValue().get());
        } else {
          sink.delete(object.getKey());
        }
      }
    }

    /** What each object that it touches is afterwards; empty where there is none any more. */
    public Map<ObjectName, Optional<byte[]>> after() {
      return after;
    }

    @Override
    public String toString() {
      return words;
    }
  }
}
