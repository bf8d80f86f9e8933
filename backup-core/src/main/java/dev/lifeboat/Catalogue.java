package dev.lifeboat;

import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.Copy;
import dev.lifeboat.catalog.FormatException;
import dev.lifeboat.catalog.Manifest;
import dev.lifeboat.catalog.Pin;
import dev.lifeboat.catalog.Proof;
import dev.lifeboat.catalog.Text;
import dev.lifeboat.codec.DamagedDataException;
import dev.lifeboat.crypto.KeyServiceException;
import dev.lifeboat.layout.Shelf;
import dev.lifeboat.sink.Digest;
import dev.lifeboat.sink.StoredObject;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a series holds: one listing of its catalogue, marks and all. Nothing of it is kept but by the cache; what cannot
 * be read is told and never taken for absent.
 */
final class Catalogue {
  private final Shelf shelf;
  private final SeriesNames names;
  private final Records records;
  private final RecordCache cache;
  private final NewestSeen newest;
  private final Clock clock;
  private final boolean provable;
  private final boolean encrypted;
  private final Instant now;

  Catalogue(Series series) {
    this.now = series.clock().instant();
    this.provable = series.canProve();
    this.encrypted = series.encryption().isPresent();
    this.shelf = series.shelf();
    this.names = series.names();
    this.cache = new RecordCache(series.work().cache());
    this.newest = new NewestSeen(series, cache);
    this.clock = series.clock();
    this.records = Records.ofMany(shelf, series.name(), series.encryption(), cache);
  }

  /**
   * Reads a series, and tells what is odd.
   *
   * @throws BackupException SINK if it cannot be read, or is not the one that it was
   */
  static View of(Series series, String verb, Announcer announcer) {
    try {
      new SeriesIdentity(series).check(verb);
      View view = new Catalogue(series).read();
      view.warnings().forEach(warning -> announcer.warned("catalogue", warning));
      return view;
    } catch (IOException e) {
      throw series.sinkFailure(verb, e, "Nothing was changed.");
    }
  }

  /** A manifest that is there and cannot be counted on. */
  record Unreadable(BackupId id, BackupException.Kind kind, String why) {}

  /**
   * The series as listed.
   *
   * @param backups newest first
   * @param unreadable manifests that are there and prove nothing
   * @param warnings what is odd, as sentences
   * @param entries all objects of the catalogue, by backup
   * @param digests of the manifests' bytes
   * @param deleted those that have a tombstone: one that cannot be read is none
   * @param missing the newest one that this machine has seen, if the store hides it or shows an older state
   */
  record View(
      List<Backup> backups,
      List<Unreadable> unreadable,
      List<String> warnings,
      Map<BackupId, CatalogEntry> entries,
      Map<BackupId, Digest> digests,
      Set<BackupId> deleted,
      Optional<BackupId> missing) {
    Backup require(BackupId id, String verb, String where) {
      return backups.stream()
          .filter(b -> b.id().equals(id))
          .findFirst()
          .orElseThrow(() -> absent(id, verb, where));
    }

    BackupException absent(BackupId id, String verb, String where) {
      for (Unreadable bad : unreadable) {
        if (bad.id().equals(id)) {
          return new BackupException(
              bad.kind(),
              "Cannot " + verb + " " + id + " in " + where + ": " + bad.why()
                  + ". Nothing was changed.");
        }
      }
      return new BackupException(
          BackupException.Kind.NOT_FOUND,
          "Cannot " + verb + " " + id + ": there is no such backup in " + where
              + ". Nothing was changed.");
    }

    /** Whether a manifest of this id is there, readable or not, that was not deleted. */
    boolean holds(BackupId id) {
      return backups.stream().anyMatch(b -> b.id().equals(id)) || isUnreadable(id);
    }

    /** Whether its manifest is there and proves nothing. */
    boolean isUnreadable(BackupId id) {
      return unreadable.stream().anyMatch(b -> b.id().equals(id));
    }

    /** Whether it has a tombstone. */
    boolean isDeleted(BackupId id) {
      return deleted.contains(id);
    }

    /**
     * The newest one that does not come from the future, and is proven to be ours.
     *
     * @param provable whether this host could prove any
     */
    Optional<Manifest.Predecessor> newest(Instant now, boolean provable) {
      return backups.stream()
          .filter(backup -> !isFuture(backup.id(), now))
          .filter(backup -> !provable || backup.untrusted().isEmpty())
          .findFirst()
          .map(backup -> new Manifest.Predecessor(
              backup.id(), Objects.requireNonNull(digests.get(backup.id()))));
    }
  }

  /**
   * Lists and reads.
   *
   * @throws IOException if the listing or any object in it cannot be read: an error is never an empty list
   */
  View read() throws IOException {
    List<StoredObject> listed = shelf.list(names.catalog());
    List<String> warnings = new ArrayList<>();
    Map<BackupId, CatalogEntry> entries = sort(listed, warnings);
    List<Backup> backups = new ArrayList<>();
    List<Unreadable> unreadable = new ArrayList<>();
    Map<BackupId, Digest> digests = new HashMap<>();
    Set<BackupId> deleted = new HashSet<>();
    IOException denied = null;
    for (CatalogEntry entry : entries.values()) {
      if (Deletions.isAmong(
          entry.marks(), mark -> read(mark, bytes -> tombstone(entry, bytes)), warnings::add)) {
        deleted.add(entry.id());
      }
      if (entry.manifest() == null) {
        continue;
      } else if (deleted.contains(entry.id())) {
        warnings.add(entry.id()
            + " was deleted, and its manifest is still or again there; it does not count");
        continue;
      }
      try (Opened opened = open(entry)) {
        backups.add(backup(entry, opened, warnings));
        digests.put(entry.id(), opened.digest());
      } catch (NoSuchFileException e) {
        Log.debug("{} was deleted since it was listed", entry.id());
      } catch (DamagedDataException e) {
        unreadable.add(new Unreadable(entry.id(), BackupException.Kind.DAMAGED, Words.of(e)));
      } catch (FormatException e) {
        unreadable.add(new Unreadable(entry.id(), BackupException.Kind.REFUSED, Words.of(e)));
      } catch (AccessDeniedException | KeyServiceException e) {
        // made by another user, or what a service cannot open: no reason to stop making backups
        unreadable.add(new Unreadable(entry.id(), BackupException.Kind.SINK, Words.of(e)));
        denied = e;
      }
    }
    if (denied != null && backups.isEmpty()) {
      throw denied; // an error is never an empty list
    }
    cache.retain(listed);
    backups.sort(Comparator.comparing(Backup::id).reversed());
    unreadable.forEach(
        one -> warnings.add(one.id() + " cannot be read and does not count: " + one.why()));
    Set<BackupId> bad = unreadable.stream().map(Unreadable::id).collect(Collectors.toSet());
    View view = new View(
        backups,
        unreadable,
        warnings,
        entries,
        digests,
        deleted,
        newest.missing(backups, bad, deleted));
    findUntrusted(view);
    findUnread(view);
    findGaps(view);
    tellMissing(view);
    return view;
  }

  private Map<BackupId, CatalogEntry> sort(List<StoredObject> listed, List<String> warnings) {
    Map<BackupId, CatalogEntry> entries = new TreeMap<>();
    for (StoredObject stored : listed) {
      if (!CatalogEntry.sortInto(entries, stored, names.catalog())) {
        warnings.add(Text.printable(stored.name().value()) + " is not ours and is left alone");
      }
    }
    return entries;
  }

  /** Whether its id is dated so far ahead that a clock must be wrong. */
  static boolean isFuture(BackupId id, Instant now) {
    return id.time().isAfter(now.plus(Duration.ofMinutes(5)));
  }

  private void findUntrusted(View view) {
    List<Backup> untrusted =
        view.backups().stream().filter(backup -> backup.untrusted().isPresent()).toList();
    if (!provable && !untrusted.isEmpty()) {
      view.warnings()
          .add("this host can prove of none of " + untrusted.size()
              + " backups who wrote it, so prune removes none: let it sign with signedBy(key)");
      return;
    }
    for (Backup backup : untrusted) {
      view.warnings()
          .add(backup.id() + " does not count: nothing proves who wrote it: "
              + Words.printable(backup.untrusted().orElseThrow()));
    }
  }

  private void findUnread(View view) {
    for (Backup backup : view.backups()) {
      backup
          .manifest()
          .readBackBy()
          .filter(by -> ReadBack.isDue(backup, by, now))
          .ifPresent(by -> view.warnings()
              .add(backup.id() + " was to be read back by " + by
                  + " and does not count yet; the next create or prune reads it, or verify"));
    }
  }

  /** A predecessor that went without a tombstone was not deleted by us, and one that is another now not written by us. */
  private static void findGaps(View view) {
    for (Backup backup : view.backups()) {
      if (backup.untrusted().isPresent()) {
        continue; // it may say what it likes
      }
      backup.manifest().previous().ifPresent(previous -> {
        CatalogEntry entry = view.entries().get(previous.id());
        Digest found = view.digests().get(previous.id());
        if ((entry == null || entry.manifest() == null) && !view.isDeleted(previous.id())) {
          view.warnings()
              .add("gap: " + backup.id() + " names " + previous.id()
                  + " as the one before it, which is gone without a tombstone");
        } else if (found != null && !found.equals(previous.digest())) {
          view.warnings()
              .add("gap: the manifest of " + previous.id() + " is not the one that " + backup.id()
                  + " names as the one before it");
        }
      });
    }
  }

  private void tellMissing(View view) {
    view.newest(clock.instant(), provable).ifPresent(seen -> newest.remember(seen.id()));
    view.missing()
        .ifPresent(missing -> view.warnings()
            .add("gap: the newest backup that this machine has seen, " + missing
                + ", is not listed in "
                + shelf.description()
                + ", and no tombstone says that it was deleted: the store hides it,"
                + " or shows an older state. Nothing is pruned until it is there again or a newer one is"
                + " made"));
  }

  /** From the cache, or else from the sink: a cache is never believed against it, and proves nothing by itself. */
  private Opened open(CatalogEntry entry) throws IOException {
    StoredObject manifest = entry.requireManifest();
    StoredObject authentication = entry.authentication();
    if (authentication != null) {
      Optional<byte[]> bytes = cache.find(manifest);
      Optional<byte[]> proof = cache.find(authentication);
      if (bytes.isPresent() && proof.isPresent()) {
        try {
          return records.open(entry.id(), bytes.get(), proof.get());
        } catch (DamagedDataException | FormatException e) {
          Log.debug("The cached manifest of {} is not used: {}", entry.id(), Words.of(e));
        }
      }
    }
    byte[] bytes = records.fetchManifest(entry.id());
    byte[] proof = records.fetchAuthentication(entry.id());
    Opened opened = records.open(entry.id(), bytes, proof);
    if (authentication != null) {
      cache.keep(manifest, bytes);
      cache.keep(authentication, proof);
    }
    return opened;
  }

  private Backup backup(CatalogEntry entry, Opened opened, List<String> warnings)
      throws IOException {
    Manifest manifest = opened.manifest();
    List<Pin> pins = new ArrayList<>();
    List<Proof> proofs = new ArrayList<>(ReadBack.proofs(shelf, manifest));
    Set<String> damage = new LinkedHashSet<>();
    for (CatalogEntry.MarkObject object : entry.marks()) {
      if (object.kind() == Mark.Kind.DELETED) {
        continue; // told before
      }
      try {
        Marks.Proven proven = mark(entry.id(), object, opened);
        Mark mark = proven.mark();
        if (!proven.trust().isProven() && mark.kind() != Mark.Kind.PIN) {
          warnings.add(object.stored().name() + " does not count: nothing proves who wrote it: "
              + proven.trust().why());
          continue;
        }
        switch (mark.kind()) {
          case PIN -> pins.add(mark.toPin());
          case PROOF -> mark.proof().ifPresent(proofs::add);
          case DAMAGE -> damage.add(mark.why());
          case DELETED -> {} // cannot be read, or it would not be listed
        }
      } catch (NoSuchFileException e) {
        Log.debug("{} was taken back since it was listed", object.stored().name());
      } catch (DamagedDataException | AccessDeniedException e) {
        warnings.add(object.stored().name() + " cannot be read: " + Words.of(e));
        if (object.kind() == Mark.Kind.PIN) {
          pins.add(new Pin(manifest.id().time(), "", "a pin that cannot be read"));
        } else if (object.kind() == Mark.Kind.DAMAGE && !encrypted) { // else nothing proves it
          damage.add("a mark of damage that cannot be read");
        }
      }
    }
    Copy copy = damage.isEmpty()
        ? new Copy(shelf.description(), Copy.State.HELD, "")
        : new Copy(shelf.description(), Copy.State.DAMAGED, String.join("; ", damage));
    return new Backup(manifest, List.of(copy), pins, proofs, opened.untrusted());
  }

  private Marks.Proven mark(BackupId id, CatalogEntry.MarkObject object, Opened opened)
      throws IOException {
    return read(
        object,
        bytes -> records
            .marks()
            .read(bytes, id, object.kind(), opened.seal(), opened.trust().isProven()));
  }

  private Mark tombstone(CatalogEntry entry, byte[] bytes) throws IOException {
    return records.tombstone(entry.id(), bytes);
  }

  /** How the bytes of a mark are understood. */
  private interface Reader<T> {
    T read(byte[] bytes) throws IOException;
  }

  private <T> T read(CatalogEntry.MarkObject object, Reader<T> reader) throws IOException {
    Optional<byte[]> cached = cache.find(object.stored());
    if (cached.isPresent()) {
      try {
        return reader.read(cached.get());
      } catch (DamagedDataException e) {
        Log.debug("The cached {} is not used: {}", object.stored().name(), Words.of(e));
      }
    }
    byte[] bytes = shelf.read(object.stored().name(), Mark.MAX_BYTES);
    T read = reader.read(bytes);
    cache.keep(object.stored(), bytes);
    return read;
  }
}
