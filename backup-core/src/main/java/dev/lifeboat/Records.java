package dev.lifeboat;

import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.FormatException;
import dev.lifeboat.catalog.Manifest;
import dev.lifeboat.catalog.Text;
import dev.lifeboat.codec.DamagedDataException;
import dev.lifeboat.json.Json;
import dev.lifeboat.json.JsonObject;
import dev.lifeboat.json.MalformedJsonException;
import dev.lifeboat.layout.Shelf;
import dev.lifeboat.sink.Content;
import dev.lifeboat.sink.Digest;
import dev.lifeboat.sink.ObjectName;
import dev.lifeboat.sink.StoredObject;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Manifests, what authenticates them, and marks: written so that a backup exists when its manifest does, and read strictly. */
final class Records {
  private static final int MAX_AUTHENTICATION = 64 << 10;

  private final Shelf shelf;
  private final SeriesNames names;
  private final String series;

  Records(Shelf shelf, String series) {
    this.shelf = shelf;
    this.series = series;
    this.names = new SeriesNames(series);
  }

  /**
   * A manifest and its exact bytes' digest.
   *
   * @param manifest the manifest
   * @param digest of its bytes
   */
  record Read(Manifest manifest, Digest digest) {}

  /** Puts what authenticates the manifest. On return only the manifest itself is missing. */
  void putAuthentication(BackupId id, byte[] manifest) throws IOException {
    Digest digest = Digest.of(manifest);
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("format", 1);
    json.put("size", digest.size());
    json.put("sha256", digest.sha256());
    shelf.put(names.authentication(id), Content.of(Json.write(json)));
  }

  /** Puts the manifest: from here on the backup exists. */
  void putManifest(BackupId id, byte[] manifest) throws IOException {
    shelf.put(names.manifest(id), Content.of(manifest));
  }

  /**
   * Whether these very bytes lie where the manifest of this backup belongs.
   *
   * @throws IOException if that cannot be learnt
   */
  boolean isCommitted(BackupId id, byte[] manifest) throws IOException {
    try {
      return Arrays.equals(shelf.read(names.manifest(id), Manifest.MAX_BYTES), manifest);
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /** The bytes of a manifest as they lie there, not looked at. */
  byte[] fetchManifest(BackupId id) throws IOException {
    return shelf.read(names.manifest(id), Manifest.MAX_BYTES);
  }

  /**
   * A manifest, read anew and proven.
   *
   * @throws NoSuchFileException if there is none
   * @throws DamagedDataException if it is not what was written, or not this backup's
   * @throws FormatException if a newer version is needed
   */
  Read read(BackupId id) throws IOException {
    return read(id, fetchManifest(id));
  }

  /** The marks of one backup, by one listing, not looked into. */
  List<CatalogEntry.MarkObject> marks(BackupId id) throws IOException {
    Map<BackupId, CatalogEntry> entries = new TreeMap<>();
    for (StoredObject stored : shelf.list(names.catalog())) {
      CatalogEntry.sortInto(entries, stored, names.catalog());
    }
    CatalogEntry entry = entries.get(id);
    return entry == null ? List.of() : entry.marks();
  }

  /** The same with bytes that were fetched before. */
  Read read(BackupId id, byte[] bytes) throws IOException {
    Digest digest = Digest.of(bytes);
    Digest authentic = authentication(id);
    if (!digest.equals(authentic)) {
      throw new DamagedDataException(
          names.manifest(id) + " is damaged: it is " + digest + ", and must be " + authentic);
    }
    return new Read(parse(id, bytes), digest);
  }

  /** What was proven before. */
  Manifest parse(BackupId id, byte[] bytes) throws IOException {
    Manifest manifest;
    try {
      manifest = Manifest.parse(bytes);
    } catch (FormatException e) {
      if (e.isFromNewerVersion()) {
        throw e;
      }
      throw new DamagedDataException(names.manifest(id) + " is damaged: " + e.getMessage(), e);
    }
    if (!manifest.id().equals(id) || !manifest.series().equals(series)) {
      throw new DamagedDataException(names.manifest(id) + " is the manifest of another backup, "
          + Text.printable(manifest.series()) + "/" + manifest.id());
    }
    return manifest;
  }

  /** Puts a mark under a name of its own. */
  ObjectName put(Mark mark) throws IOException {
    ObjectName name = names.mark(mark.backup(), mark.kind(), BackupId.randomTail());
    shelf.put(name, Content.of(mark.toBytes()));
    return name;
  }

  private Digest authentication(BackupId id) throws IOException {
    try {
      JsonObject json = Json.parse(shelf.read(names.authentication(id), MAX_AUTHENTICATION));
      if (json.natural("format") != 1) {
        throw new DamagedDataException(names.authentication(id)
            + " has an unknown format: needs a newer version of Lifeboat than this");
      }
      return new Digest(json.natural("size"), json.string("sha256"));
    } catch (NoSuchFileException e) {
      fetchManifest(id); // gone too, if it is being deleted
      throw new DamagedDataException(
          names.authentication(id) + " is missing: nothing proves the manifest", e);
    } catch (MalformedJsonException | IllegalArgumentException e) {
      throw new DamagedDataException(
          names.authentication(id) + " is damaged: " + e.getMessage(), e);
    }
  }
}
