package dev.lifeboat;

import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.codec.DamagedDataException;
import dev.lifeboat.crypto.Encryption;
import dev.lifeboat.crypto.Seal;
import dev.lifeboat.crypto.WrongKeyException;
import dev.lifeboat.layout.Shelf;
import dev.lifeboat.sink.ObjectName;
import dev.lifeboat.sink.StoredObject;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The data keys of a series' backups, as far as this host can open them. */
final class Keys {
  /** The largest keys file, in bytes. */
  static final int MAX_BYTES = 64 << 10;

  /** How many files of a backup are given all the work that they ask for. */
  private static final int MOST_COSTLY = 4;

  private final Shelf shelf;
  private final SeriesNames names;
  private final String series;
  private final Optional<Encryption> encryption;
  private final @Nullable RecordCache cache;
  private final boolean patient;

  /**
   * Of a series.
   *
   * @param patient whether any work is done that a keys file asks for: not where a verb goes through many, of whoever's making
   */
  Keys(
      Shelf shelf,
      String series,
      Optional<Encryption> encryption,
      @Nullable RecordCache cache,
      boolean patient) {
    this.patient = patient;
    this.shelf = shelf;
    this.names = new SeriesNames(series);
    this.series = series;
    this.encryption = encryption;
    this.cache = cache;
  }

  /** Why a backup cannot be read here. */
  record Locked(BackupException.Kind kind, String why) {}

  /** A backup's key, to be closed, or why there is none. */
  record Opening(Optional<Seal> seal, Optional<Locked> locked) {}

  /** What a key must do to be the backup's. */
  interface Check {
    void of(Seal seal) throws IOException;
  }

  /** Every keys file of a backup, that of the last re-wrapping first. */
  List<ObjectName> list(BackupId id) throws IOException {
    return shelf.list(names.folder(id)).stream()
        .map(StoredObject::name)
        .filter(name -> names.keysNumber(id, name) > 0)
        .sorted(Comparator.comparingInt((ObjectName name) -> names.keysNumber(id, name))
            .reversed())
        .toList();
  }

  /**
   * Opens the key of one backup. Of several files the last that opens counts; one that somebody has added, and that does
   * not, keeps nobody out.
   *
   * @param check throws {@link DamagedDataException} for a key of somebody else's making: anybody can encrypt one to a
   *     public key
   * @throws DamagedDataException if no file is there, or none proves right
   */
  Opening open(BackupId id, Check check) throws IOException {
    if (encryption.isEmpty()) {
      return locked("it is encrypted, and no encryption is configured here");
    }
    Search search = new Search(id, check);
    if (search.triesCached() || search.tries(names.keys(id, 1), false)) {
      return search.opened();
    }
    List<ObjectName> others =
        list(id).stream().filter(name -> names.keysNumber(id, name) > 1).toList();
    for (ObjectName name : others) {
      if (search.tries(name, false)) {
        return search.opened();
      }
    }
    return patient ? whateverItTakes(search, others) : search.nothing();
  }

  /** Ours are opened without much work, but for those of another salt: so many files has nobody honest. */
  private Opening whateverItTakes(Search search, List<ObjectName> others) throws IOException {
    search.forget();
    List<ObjectName> all = new ArrayList<>(List.of(names.keys(search.id, 1)));
    all.addAll(others);
    for (ObjectName name : all.subList(0, Math.min(all.size(), MOST_COSTLY))) {
      if (search.tries(name, true)) {
        return search.opened();
      }
    }
    return search.nothing();
  }

  private static Opening locked(String why) {
    return new Opening(
        Optional.empty(), Optional.of(new Locked(BackupException.Kind.WRONG_KEY, why)));
  }

  /** One file after the other, and what was wrong with each. */
  private final class Search {
    private final BackupId id;
    private final Check check;
    private Optional<Seal> seal = Optional.empty();
    private @Nullable WrongKeyException wrong;
    private @Nullable DamagedDataException damaged;
    private @Nullable DamagedDataException mismatch;

    Search(BackupId id, Check check) {
      this.id = id;
      this.check = check;
    }

    /** The key stays the same however often it is wrapped anew. */
    boolean triesCached() throws IOException {
      if (cache == null) {
        return false;
      }
      Optional<byte[]> bytes = cache.find(id + ".keys");
      // it has opened before: no work for a stranger
      return (bytes.isPresent() && opens(bytes.get(), true)) || forget();
    }

    boolean forget() {
      wrong = null;
      damaged = null;
      mismatch = null;
      return false;
    }

    boolean tries(ObjectName name, boolean whateverItTakes) throws IOException {
      byte[] bytes;
      try {
        bytes = shelf.read(name, MAX_BYTES);
      } catch (NoSuchFileException e) {
        return false;
      } catch (DamagedDataException e) {
        damaged = damaged == null ? e : damaged;
        return false;
      }
      if (!opens(bytes, whateverItTakes)) {
        return false;
      }
      if (cache != null) {
        cache.keep(id + ".keys", bytes);
      }
      return true;
    }

    private boolean opens(byte[] bytes, boolean whateverItTakes) throws IOException {
      try {
        Encryption own = encryption.orElseThrow();
        seal = Optional.of(checked(
            whateverItTakes
                ? own.open(bytes, series, id.toString())
                : own.openCheaply(bytes, series, id.toString())));
        return true;
      } catch (WrongKeyException e) {
        wrong = wrong == null ? e : wrong;
      } catch (DamagedDataException e) {
        damaged = damaged == null ? e : damaged;
      }
      return false;
    }

    private Seal checked(Seal opened) throws IOException {
      try {
        check.of(opened);
        return opened;
      } catch (DamagedDataException e) {
        opened.close();
        mismatch = mismatch == null ? e : mismatch;
        throw e;
      } catch (IOException | RuntimeException | Error e) {
        opened.close();
        throw e;
      }
    }

    Opening opened() {
      return new Opening(seal, Optional.empty());
    }

    Opening nothing() throws DamagedDataException {
      if (mismatch != null && wrong == null) {
        throw mismatch; // most likely it is the manifest that was changed
      } else if (wrong != null) {
        return new Opening(
            Optional.empty(),
            Optional.of(new Locked(
                wrong.isFromNewerVersion()
                    ? BackupException.Kind.REFUSED
                    : BackupException.Kind.WRONG_KEY,
                Words.of(wrong))));
      } else if (damaged != null) {
        throw new DamagedDataException(
            names.keys(id, 1) + " is damaged: " + Words.of(damaged), damaged);
      }
      throw new DamagedDataException(
          names.keys(id, 1) + " is missing: without it nothing opens the backup");
    }
  }
}
