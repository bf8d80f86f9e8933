package dev.lifeboat;

import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.Component;
import dev.lifeboat.catalog.Manifest;
import dev.lifeboat.sink.ObjectName;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What lies where in a sink, format 1. */
final class SeriesNames {
  /** The last number that a keys file can have. */
  static final int MOST_KEYS = 999_999;

  // keys.1.json is not written: the first has no number
  private static final Pattern KEYS = Pattern.compile("keys(?:\\.([2-9]|[1-9][0-9]{1,5}))?\\.json");

  private final String series;

  SeriesNames(String series) {
    this.series = series;
  }

  /** All of the series. */
  String folder() {
    return series + "/";
  }

  /** Its manifests and marks. */
  String catalog() {
    return series + "/catalog/";
  }

  /** The parts of one backup. */
  String folder(BackupId id) {
    return series + "/" + id + "/";
  }

  ObjectName identity() {
    return ObjectName.of(series + "/series.json");
  }

  ObjectName recovery() {
    return ObjectName.of(series + "/RECOVERY.txt");
  }

  ObjectName manifest(BackupId id) {
    return ObjectName.of(catalog() + id + ".json");
  }

  ObjectName authentication(BackupId id) {
    return ObjectName.of(catalog() + id + ".auth");
  }

  /** A backup's keys: the first file, or the one that the n-th re-wrapping has made. */
  ObjectName keys(BackupId id, int number) {
    return ObjectName.of(folder(id) + (number == 1 ? "keys.json" : "keys." + number + ".json"));
  }

  /** Which of a backup's keys files this is; zero if it is none. */
  int keysNumber(BackupId id, ObjectName name) {
    if (!name.isIn(folder(id))) {
      return 0;
    }
    Matcher keys = KEYS.matcher(name.value().substring(folder(id).length()));
    if (!keys.matches()) {
      return 0;
    }
    return keys.group(1) == null ? 1 : Integer.parseInt(keys.group(1));
  }

  /**
   * Whether this could be one of a backup's objects: in its folder, and named after its keys or one of its components. What
   * else lies there somebody has put, such as a tool that syncs the folder.
   */
  boolean looksLikeOurs(BackupId id, ObjectName name, Manifest manifest) {
    if (!name.isIn(folder(id))) {
      return true; // no listing of the folder may hold it
    }
    String last = name.value().substring(folder(id).length());
    return !last.contains("/")
        && Stream.concat(Stream.of("keys"), manifest.components().stream().map(Component::name))
            .anyMatch(ours -> last.equals(ours) || last.startsWith(ours + "."));
  }

  ObjectName mark(BackupId id, Mark.Kind kind, String tail) {
    return ObjectName.of(catalog() + id + "." + kind.id() + "-" + tail + ".json");
  }
}
