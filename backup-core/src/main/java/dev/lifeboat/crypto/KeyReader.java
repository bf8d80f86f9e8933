package dev.lifeboat.crypto;

import dev.lifeboat.codec.DamagedDataException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;

/** Makes and opens slots with a key of 256 bits. */
record KeyReader(BackupKey key) implements SlotWriter, SlotReader {
  @Override
  public String name() {
    return key.toString();
  }

  @Override
  public Rank rank() {
    return Rank.KEY;
  }

  @Override
  public Slot write(byte[] dataKey, Place place) {
    byte[] bytes = key.bytes();
    try {
      return new Slot.OfKey(key.id(), Wrapped.of(bytes, place, dataKey));
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  @Override
  public boolean fits(Slot slot) {
    return slot instanceof Slot.OfKey of && of.key().equals(key.id());
  }

  @Override
  public Optional<byte[]> open(Slot slot, Place place) throws DamagedDataException {
    byte[] bytes = key.bytes();
    try {
      return Optional.of(Wrapped.open(bytes, place, ((Slot.OfKey) slot).wrapped()));
    } catch (DamagedDataException e) {
      throw new DamagedDataException(
          "the slot for " + name() + " is damaged, or belongs to another backup", e);
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  @Override
  public boolean isAsWritten(Slot slot, byte[] dataKey, Place place) {
    if (!fits(slot)) {
      return false;
    }
    try {
      byte[] opened = open(slot, place).orElseThrow();
      boolean same = MessageDigest.isEqual(opened, dataKey);
      Arrays.fill(opened, (byte) 0);
      return same;
    } catch (DamagedDataException e) {
      return false;
    }
  }
}
