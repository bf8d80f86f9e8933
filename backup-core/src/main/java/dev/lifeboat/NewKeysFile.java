package dev.lifeboat;

import dev.lifeboat.BackupException.Kind;
import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.codec.DamagedDataException;
import dev.lifeboat.crypto.Seal;
import dev.lifeboat.sink.Content;
import dev.lifeboat.sink.ObjectName;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.util.List;

/**
 * Changes who can open one backup: a keys file with the next number is put and proven, and only then the others are
 * deleted. So at every moment one is there that opens.
 */
final class NewKeysFile {
  private final Series series;
  private final NewSlots slots;
  private final RecordCache cache;

  NewKeysFile(Series series, NewSlots slots, RecordCache cache) {
    this.series = series;
    this.slots = slots;
    this.cache = cache;
  }

  /**
   * Does it, or what an earlier call has left of it.
   *
   * @return false if there was nothing to do
   */
  boolean put(BackupId id, Seal opened, boolean signed) throws IOException {
    List<ObjectName> files = series.records().keys().list(id);
    if (!files.isEmpty() && isMade(files.get(0), id, opened, signed)) {
      drop(files.subList(1, files.size()));
      return files.size() > 1;
    }
    int highest = files.isEmpty() ? 0 : series.names().keysNumber(id, files.get(0));
    if (highest == SeriesNames.MOST_KEYS) {
      throw new BackupException(
          Kind.REFUSED,
          files.get(0)
              + " is there, which is not of ours, and there is no number after it; delete it");
    }
    ObjectName name = series.names().keys(id, highest + 1);
    byte[] keys = slots.make(id, opened, signed);
    try {
      series.shelf().put(name, Content.of(keys));
      slots.require(series.shelf().read(name, Keys.MAX_BYTES), id, opened, signed);
      requireListed(id, name);
    } catch (FileAlreadyExistsException e) {
      throw e; // of another host, whose turns are not ours
    } catch (IOException | RuntimeException e) {
      Interrupts.shield(() -> takeBack(name, id, opened, signed, e));
      throw e;
    }
    drop(files);
    cache.keep(id + ".keys", keys); // or the old slots would go on opening it on this machine
    return true;
  }

  private boolean isMade(ObjectName name, BackupId id, Seal opened, boolean signed)
      throws IOException {
    byte[] keys;
    try {
      keys = series.shelf().read(name, Keys.MAX_BYTES);
    } catch (DamagedDataException e) {
      return false;
    }
    if (!slots.isMade(keys, id, opened, signed)) {
      return false;
    }
    cache.keep(id + ".keys", keys);
    return true;
  }

  /** What one cannot see one cannot rely on: the old ones stay. */
  private void requireListed(BackupId id, ObjectName name) throws IOException {
    if (!series.records().keys().list(id).contains(name)) {
      throw new IOException(name + " was put, and is not listed");
    }
  }

  /** Only what does not prove right: another host, whose turns are not ours, may have dropped all others for it. */
  private void takeBack(
      ObjectName name, BackupId id, Seal opened, boolean signed, Exception failure) {
    try {
      byte[] there = series.shelf().read(name, Keys.MAX_BYTES);
      if (!slots.isMade(there, id, opened, signed)) {
        series.shelf().delete(name);
      }
    } catch (IOException | RuntimeException e) {
      failure.addSuppressed(e); // the next one that is put has a higher number
    }
  }

  private void drop(List<ObjectName> files) throws IOException {
    for (ObjectName name : files) {
      series.shelf().delete(name);
    }
  }
}
