package dev.lifeboat.source;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a source knows of the state it has written, and what a restore finds: the two are held against each other.
 *
 * @param counts numbers that a restore must find again, and whose jumps raise doubts (rows of a table, files of a tree)
 * @param values texts that a restore must find again (schema version, encoding)
 * @param notes texts that only tell (server version, owner)
 * @param gaps what should be here and could not be read, with the reason; one gap makes the backup incomplete
 */
public record Facts(
    SortedMap<String, Long> counts,
    SortedMap<String, String> values,
    SortedMap<String, String> notes,
    List<String> gaps) {
  /** Nothing is known. */
  public static final Facts NONE =
      new Facts(new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), List.of());

  public Facts {
    counts = Collections.unmodifiableSortedMap(new TreeMap<>(counts));
    values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
    notes = Collections.unmodifiableSortedMap(new TreeMap<>(notes));
    gaps = List.copyOf(gaps);
  }

  /** Facts with one count. */
  public static Facts counting(String what, long number) {
    return NONE.count(what, number);
  }

  /** These and one more count. */
  public Facts count(String what, long number) {
    return new Facts(with(counts, what, number), values, notes, gaps);
  }

  /** These and one more value. */
  public Facts value(String what, String text) {
    return new Facts(counts, with(values, what, text), notes, gaps);
  }

  /** These and one more note. */
  public Facts note(String what, String text) {
    return new Facts(counts, values, with(notes, what, text), gaps);
  }

  /** These and one more gap. */
  public Facts gap(String whatAndWhy) {
    List<String> more = new ArrayList<>(gaps);
    more.add(whatAndWhy);
    return new Facts(counts, values, notes, more);
  }

  /** These and those of {@code other}, which win where both know the same. */
  public Facts and(Facts other) {
    List<String> more = new ArrayList<>(gaps);
    more.addAll(other.gaps);
    return new Facts(
        joined(counts, other.counts),
        joined(values, other.values),
        joined(notes, other.notes),
        more);
  }

  /**
   * Each count and value recorded here that {@code found} does not show, as a sentence; empty when a restore is faithful.
   */
  public List<String> differencesFrom(Facts found) {
    List<String> differences = new ArrayList<>();
    counts.forEach((what, number) -> differ(differences, what, number, found.counts.get(what)));
    values.forEach((what, text) -> differ(differences, what, text, found.values.get(what)));
    return differences;
  }

  private static void differ(
      List<String> differences, String what, Object recorded, @Nullable Object found) {
    if (!Objects.equals(recorded, found)) {
      differences.add(
          what + ": recorded " + recorded + ", found " + (found == null ? "nothing" : found));
    }
  }

  private static <V> SortedMap<String, V> joined(Map<String, V> map, Map<String, V> other) {
    SortedMap<String, V> joined = new TreeMap<>(map);
    joined.putAll(other);
    return joined;
  }

  private static <V> SortedMap<String, V> with(Map<String, V> map, String key, V value) {
    SortedMap<String, V> copy = new TreeMap<>(map);
    copy.put(Objects.requireNonNull(key, "what"), Objects.requireNonNull(value, "value"));
    return copy;
  }
}
