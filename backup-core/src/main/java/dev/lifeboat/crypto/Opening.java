package dev.lifeboat.crypto;

import dev.lifeboat.codec.DamagedDataException;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One attempt to open the slots of one backup: what fits is tried in order, and what went wrong is kept until the end. */
final class Opening {
  private final List<SlotReader> readers;
  private final KeysFile file;
  private final byte[] bytes;
  private final boolean patient;
  private @Nullable IOException trouble;
  private @Nullable DamagedDataException damage;
  private @Nullable TooCostlyException costly;
  private boolean triedPassphrase;
  private boolean skipped;

  /** With all the work that it takes, or only with what is cheap. */
  Opening(List<SlotReader> readers, KeysFile file, byte[] bytes, boolean patient) {
    this.patient = patient;
    this.readers = readers.stream()
        .sorted(Comparator.comparing(SlotReader::rank)) // stable: own ones before older ones
        .toList();
    this.file = file;
    this.bytes = bytes;
  }

  /** The first that opens and that the MAC proves. */
  Seal open() throws IOException {
    for (SlotReader reader : readers) {
      for (Slot slot : file.slots()) {
        if (reader.fits(slot) && isWorthIt(reader, slot)) {
          Optional<DataKey> dataKey = tried(reader, slot);
          if (dataKey.isPresent()) {
            return new Seal(dataKey.get(), bytes, reader.rank().unproven());
          }
        }
      }
    }
    throw failure();
  }

  private boolean isWorthIt(SlotReader reader, Slot slot) {
    boolean worth = patient || reader.isCheap(slot);
    skipped |= !worth;
    return worth;
  }

  private Optional<DataKey> tried(SlotReader reader, Slot slot) {
    triedPassphrase |= reader.rank() == SlotReader.Rank.PASSPHRASE;
    try {
      Optional<byte[]> opened = reader.open(slot, file.place());
      if (opened.isPresent()) {
        DataKey dataKey = new DataKey(opened.get(), file.place());
        if (file.isProvenBy(dataKey)) {
          return Optional.of(dataKey);
        }
        dataKey.destroy();
        found(new DamagedDataException("keys.json is damaged: a slot for " + slot.name()
            + " opens, and its key does not prove the rest right"));
      }
    } catch (DamagedDataException e) {
      found(e);
    } catch (TooCostlyException e) {
      costly = e;
    } catch (IOException e) {
      if (trouble == null) {
        trouble = e;
      } else if (trouble != e) {
        trouble.addSuppressed(e);
      }
    }
    return Optional.empty();
  }

  private void found(DamagedDataException found) {
    if (damage == null) {
      damage = found;
    } else {
      damage.addSuppressed(found);
    }
  }

  /** What may pass goes first: it is not known then whether anything else is wrong. */
  private IOException failure() {
    if (trouble != null) {
      return trouble;
    } else if (damage != null) {
      return damage;
    }
    if (costly != null) { // anybody may have put it there: it must not stop a listing
      return WrongKeyException.forOthers(String.valueOf(costly.getMessage()));
    }
    if (skipped) {
      return WrongKeyException.forOthers(
          "its passphrase slot was not tried, for that takes much work"
              + " and did not open too many others; verify it by its id");
    }
    String there = "its slots are " + file.names();
    String here = readers.isEmpty()
        ? "this host can only write: it has recipients, and no identity, key or passphrase"
        : "this has "
            + readers.stream().map(SlotReader::name).distinct().collect(Collectors.joining(", "));
    if (file.hasUnknown()) {
      return WrongKeyException.newer("no slot that this version knows opens, a newer version of"
          + " Lifeboat may open it: " + there + "; " + here);
    } else if (triedPassphrase) {
      return WrongKeyException.forOthers(
          "no passphrase slot opens with this passphrase: " + there + "; " + here);
    }
    return WrongKeyException.forOthers("made for other readers: " + there + "; " + here);
  }
}
