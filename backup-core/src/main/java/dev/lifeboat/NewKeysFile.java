package dev.lifeboat;

import dev.lifeboat.BackupException.Kind;
import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.codec.DamagedDataException;
import dev.lifeboat.crypto.Seal;
import dev.lifeboat.sink.Content;
import dev.lifeboat.sink.ObjectName;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.List;

/**
 * Changes who can open one backup: a keys file with a later number is put and proven, and only then those that were there
 * before are deleted. So at every moment one is there that opens, also where another host, whose turns are not ours, does
 * the same: what is deleted always has a lower number than what is proven. What does not prove right here stays, for
 * another host may have read it well and dropped the others for it; the next rewrap puts one with a later number.
 */
final class NewKeysFile {
  /** Where a put may replace, two hosts choose the same number once in so many times. */
  private static final int STEPS = 1000;

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
    ObjectName name = next(id, files);
    byte[] keys = slots.make(id, opened, signed);
    series.shelf().put(name, Content.of(keys));
    slots.require(series.shelf().read(name, Keys.MAX_BYTES), id, opened, signed);
    requireListed(id, name);
    drop(files);
    cache.keep(id + ".keys", keys); // or the old slots would go on opening it on this machine
    return true;
  }

  /** A number after every other; of two hosts that choose one at once, only one can put it, or they hardly choose the same. */
  private ObjectName next(BackupId id, List<ObjectName> files) throws IOException {
    int highest = files.isEmpty() ? 0 : series.names().keysNumber(id, files.get(0));
    int step = series.shelf().exclusivePut() ? 1 : 1 + new SecureRandom().nextInt(STEPS);
    int number = Math.min(highest + step, SeriesNames.MOST_KEYS);
    if (number == highest) {
      throw new BackupException(
          Kind.REFUSED,
          files.get(0)
              + " is there, which is not of ours, and there is no number after it; delete it");
    }
    return series.names().keys(id, number);
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

  private void drop(List<ObjectName> files) throws IOException {
    for (ObjectName name : files) {
      series.shelf().delete(name);
    }
  }
}
