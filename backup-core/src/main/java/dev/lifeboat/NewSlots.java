package dev.lifeboat;

import dev.lifeboat.BackupException.Kind;
import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.codec.DamagedDataException;
import dev.lifeboat.crypto.Encryption;
import dev.lifeboat.crypto.Seal;
import dev.lifeboat.crypto.WrongKeyException;
import java.io.IOException;

/**
 * Data keys in slots for other readers. Nobody takes a slot for right because it was just written: what is stored is opened
 * again, and must give the same data key.
 */
final class NewSlots {
  private final Encryption next;
  private final String series;

  NewSlots(Encryption next, String series) {
    this.next = next;
    this.series = series;
  }

  /**
   * A keys file for exactly the new readers, proven.
   *
   * @param signed whether a trusted signature proves the backup, whatever slot opens it
   * @throws BackupException REFUSED if afterwards nothing would prove who wrote it
   */
  byte[] make(BackupId id, Seal opened, boolean signed) throws IOException {
    try (Seal made = next.rewrap(opened)) {
      byte[] keys = made.keys();
      require(keys, id, opened, signed);
      return keys;
    }
  }

  /** Whether a keys file is one that {@link #make} would make. */
  boolean isMade(byte[] keys, BackupId id, Seal opened, boolean signed) throws IOException {
    try {
      require(keys, id, opened, signed);
      return true;
    } catch (DamagedDataException e) {
      return false;
    }
  }

  /**
   * Proves that a keys file holds the data key for exactly the new readers.
   *
   * @throws DamagedDataException if it does not
   * @throws BackupException REFUSED if it does, and nothing would prove who wrote the backup
   */
  void require(byte[] keys, BackupId id, Seal opened, boolean signed) throws IOException {
    if (!next.isWrapped(keys, opened)) {
      throw new DamagedDataException(
          "the new slots do not hold the data key of " + id + " for the new readers");
    }
    if (!provesOrigin(keys, id) && !signed) {
      throw new BackupException(
          Kind.REFUSED,
          "it is not signed, and nothing in the new slots would prove who wrote it; reencrypt()"
              + " writes it anew, signed with signedBy(key)");
    }
  }

  /** The MAC under the data key has proven the slots; what opens here must give that very key, or the MAC were wrong. */
  private boolean provesOrigin(byte[] keys, BackupId id) throws IOException {
    try (Seal opened = next.open(keys, series, id.toString())) {
      return opened.provesOrigin();
    } catch (WrongKeyException e) {
      return false; // made for others alone
    }
  }
}
