package dev.lifeboat;

import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.sink.ObjectName;

/** What lies where in a sink, format 1. */
final class SeriesNames {
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

  ObjectName mark(BackupId id, Mark.Kind kind, String tail) {
    return ObjectName.of(catalog() + id + "." + kind.id() + "-" + tail + ".json");
  }
}
