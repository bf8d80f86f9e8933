package dev.lifeboat;

import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.FormatException;
import dev.lifeboat.catalog.Manifest;
import dev.lifeboat.catalog.Text;
import dev.lifeboat.codec.DamagedDataException;
import dev.lifeboat.crypto.Authentication;
import dev.lifeboat.crypto.Encryption;
import dev.lifeboat.crypto.Purpose;
import dev.lifeboat.crypto.Seal;
import dev.lifeboat.crypto.Trust;
import dev.lifeboat.layout.Shelf;
import dev.lifeboat.sink.Content;
import dev.lifeboat.sink.Digest;
import dev.lifeboat.sink.ObjectName;
import dev.lifeboat.sink.StoredObject;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Manifests, what authenticates them, and marks: written so that a backup exists when its manifest does, and read
 * strictly.
 */
final class Records {
  private static final Trust IN_CLEAR = Trust.unproven("it is not encrypted");

  private final Shelf shelf;
  private final SeriesNames names;
  private final String series;
  private final Optional<Encryption> encryption;
  private final Keys keys;
  private final Marks marks;

  /** To look at one backup, whatever its keys take. */
  Records(Shelf shelf, String series, Optional<Encryption> encryption) {
    this(shelf, series, encryption, null, true);
  }

  /** To go through all of them: what a stranger has added must not cost much. */
  static Records ofMany(
      Shelf shelf, String series, Optional<Encryption> encryption, @Nullable RecordCache cache) {
    return new Records(shelf, series, encryption, cache, false);
  }

  private Records(
      Shelf shelf,
      String series,
      Optional<Encryption> encryption,
      @Nullable RecordCache cache,
      boolean patient) {
    this.shelf = shelf;
    this.series = series;
    this.names = new SeriesNames(series);
    this.encryption = encryption;
    this.keys = new Keys(shelf, series, encryption, cache, patient);
    this.marks = new Marks(series, encryption);
  }

  Keys keys() {
    return keys;
  }

  Marks marks() {
    return marks;
  }

  /** Puts what authenticates the manifest. On return only the manifest itself is missing. */
  void putAuthentication(BackupId id, byte[] manifest, Optional<Seal> seal) throws IOException {
    Authentication authentication = encryption
        .map(own -> own.authenticate(Purpose.MANIFEST, manifest, seal))
        .orElse(Authentication.NONE);
    AuthenticationFile file = new AuthenticationFile(Digest.of(manifest), authentication);
    shelf.put(names.authentication(id), Content.of(file.toBytes()));
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
   * The bytes of what authenticates a manifest, not looked at.
   *
   * @throws NoSuchFileException if the manifest is gone too
   */
  byte[] fetchAuthentication(BackupId id) throws IOException {
    try {
      return shelf.read(names.authentication(id), AuthenticationFile.MAX_BYTES);
    } catch (NoSuchFileException e) {
      fetchManifest(id); // gone too, if it is being deleted
      throw new DamagedDataException(
          names.authentication(id) + " is missing: nothing proves the manifest", e);
    }
  }

  /**
   * A manifest, read anew and proven; to be closed.
   *
   * @throws NoSuchFileException if there is none
   * @throws DamagedDataException if it is not what was written, or not this backup's
   * @throws FormatException if a newer version is needed
   */
  Opened open(BackupId id) throws IOException {
    byte[] manifest = fetchManifest(id);
    return open(id, manifest, fetchAuthentication(id));
  }

  /** The same with bytes that were fetched before. */
  Opened open(BackupId id, byte[] bytes, byte[] authentication) throws IOException {
    AuthenticationFile file =
        AuthenticationFile.parse(authentication, names.authentication(id).value());
    Digest digest = Digest.of(bytes);
    if (!digest.equals(file.digest())) {
      throw new DamagedDataException(
          names.manifest(id) + " is damaged: it is " + digest + ", and must be " + file.digest());
    }
    Manifest manifest = parse(id, bytes);
    if (!manifest.isEncrypted()) {
      Trust trust = encryption.isEmpty() ? Trust.PROVEN : IN_CLEAR;
      return new Opened(manifest, digest, trust, Optional.empty(), Optional.empty());
    }
    Keys.Opening opening = openKeys(manifest, bytes, file.authentication());
    try {
      Trust trust = encryption.isEmpty()
          ? Trust.PROVEN
          : prove(id, bytes, file.authentication(), opening.seal());
      Manifest revealed =
          opening.seal().isPresent() ? revealed(manifest, opening.seal().get()) : manifest;
      return new Opened(revealed, digest, trust, opening.locked(), opening.seal());
    } catch (IOException | RuntimeException | Error e) {
      opening.seal().ifPresent(Seal::close);
      throw e;
    }
  }

  private Keys.Opening openKeys(Manifest manifest, byte[] bytes, Authentication authentication)
      throws IOException {
    try {
      return keys.open(manifest.id(), seal -> {
        prove(manifest.id(), bytes, authentication, Optional.of(seal));
        revealed(manifest, seal);
      });
    } catch (DamagedDataException e) {
      fetchManifest(manifest.id()); // gone too, if it is being deleted
      throw e;
    }
  }

  private Trust prove(
      BackupId id, byte[] manifest, Authentication authentication, Optional<Seal> seal)
      throws DamagedDataException {
    try {
      return encryption
          .orElseThrow()
          .prove(Purpose.MANIFEST, manifest, authentication, seal, false);
    } catch (DamagedDataException e) {
      throw new DamagedDataException(
          names.manifest(id) + " is damaged or forged: " + Words.of(e), e);
    }
  }

  private Manifest revealed(Manifest manifest, Seal seal) throws IOException {
    try {
      return manifest.revealed(seal.reveal(manifest.sealed().orElseThrow(), "details"));
    } catch (FormatException | DamagedDataException e) {
      throw new DamagedDataException(
          names.manifest(manifest.id()) + " is damaged: " + Words.of(e), e);
    }
  }

  private Manifest parse(BackupId id, byte[] bytes) throws IOException {
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

  /** The marks of one backup, by one listing, not looked into. */
  List<CatalogEntry.MarkObject> marks(BackupId id) throws IOException {
    Map<BackupId, CatalogEntry> entries = new TreeMap<>();
    for (StoredObject stored : shelf.list(names.catalog())) {
      CatalogEntry.sortInto(entries, stored, names.catalog());
    }
    CatalogEntry entry = entries.get(id);
    return entry == null ? List.of() : entry.marks();
  }

  /** Puts a mark under a name of its own. */
  ObjectName put(Mark mark) throws IOException {
    if (encryption.isEmpty()) {
      return put(mark, Optional.empty());
    }
    Optional<Seal> seal = seal(mark.backup());
    try {
      return put(mark, seal);
    } finally {
      seal.ifPresent(Seal::close);
    }
  }

  /** A mark is also put on what is damaged or lies in clear: then there may be no key. */
  private Optional<Seal> seal(BackupId id) throws IOException {
    try {
      return open(id).seal();
    } catch (DamagedDataException e) {
      return ownKey(id);
    } catch (FormatException | NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** Where the manifest proves nothing any more, only a slot that proves its writer tells that a key is ours. */
  private Optional<Seal> ownKey(BackupId id) throws IOException {
    try {
      return keys.open(id, seal -> {
            if (!seal.provesOrigin()) {
              throw new DamagedDataException("nothing proves who wrote the keys of " + id);
            }
          })
          .seal();
    } catch (DamagedDataException e) {
      return Optional.empty();
    }
  }

  /** The same by whoever has opened its backup. */
  ObjectName put(Mark mark, Optional<Seal> seal) throws IOException {
    ObjectName name = names.mark(mark.backup(), mark.kind(), BackupId.randomTail());
    shelf.put(name, Content.of(marks.write(mark, seal)));
    return name;
  }

  /**
   * A tombstone that says, provenly, that the backup was deleted.
   *
   * @throws DamagedDataException if it cannot be read, or nothing proves who wrote it
   */
  Mark tombstone(BackupId id, byte[] bytes) throws IOException {
    Marks.Proven proven = marks.read(bytes, id, Mark.Kind.DELETED, Optional.empty(), false);
    if (!proven.trust().isProven()) {
      throw new DamagedDataException(
          "nothing proves who wrote it: " + proven.trust().why());
    }
    return proven.mark();
  }
}
