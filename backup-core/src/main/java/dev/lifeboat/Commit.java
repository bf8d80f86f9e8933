package dev.lifeboat;

import dev.lifeboat.BackupException.Kind;
import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.Copy;
import dev.lifeboat.catalog.FormatException;
import dev.lifeboat.catalog.Manifest;
import dev.lifeboat.catalog.Pin;
import dev.lifeboat.codec.DamagedDataException;
import dev.lifeboat.crypto.Seal;
import dev.lifeboat.layout.Parts;
import dev.lifeboat.sink.ObjectName;
import dev.lifeboat.sink.StoredObject;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The end of making a backup: what was put is compared once more, and the manifest, put last, makes it exist. */
final class Commit {
  private final Series series;
  private final Announcer announcer;
  private boolean fateUnknown;
  private boolean manifestMayArrive;

  Commit(Series series, Announcer announcer) {
    this.series = series;
    this.announcer = announcer;
  }

  /** Whether the manifest was sent, and nobody could tell whether it arrived: then nothing of it is removed. */
  boolean isFateUnknown() {
    return fateUnknown;
  }

  /**
   * Whether the manifest was sent, is not there, and nobody can say that it never will be: a store may still be working on
   * a call that was given up.
   */
  boolean mayManifestArrive() {
    return manifestMayArrive;
  }

  /**
   * Makes a backup of what was put.
   *
   * @param manifest sealed, with encryption
   */
  Backup commit(Manifest manifest, CreateRequest request, Optional<Seal> seal) throws IOException {
    BackupId id = manifest.id();
    byte[] bytes = manifest.toBytes();
    requireReadable(manifest, bytes, seal);
    compareListing(manifest, seal);
    List<Pin> pins = new ArrayList<>();
    if (request.pin().isPresent()) {
      Mark pin = Mark.of(
          Mark.Kind.PIN,
          id,
          series.name(),
          series.clock().instant(),
          series.by(),
          request.pin().get());
      series.records().put(pin, seal);
      pins.add(pin.toPin());
    }
    series.records().putAuthentication(id, bytes, seal);
    putManifest(id, bytes);
    Copy copy = new Copy(series.shelf().description(), Copy.State.HELD, "");
    return new Backup(
        manifest, List.of(copy), pins, ReadBack.proofs(series.shelf(), manifest), Optional.empty());
  }

  /** What is read strictly must not be written: a manifest beyond a bound would never be listed again. */
  private void requireReadable(Manifest manifest, byte[] bytes, Optional<Seal> seal) {
    String why = "";
    try {
      Manifest read = Manifest.parse(bytes);
      if (seal.isPresent()) {
        read = read.revealed(seal.get().reveal(read.sealed().orElseThrow(), "details"));
      }
      if (read.equals(manifest)) {
        return;
      }
    } catch (FormatException | DamagedDataException e) {
      why = ": " + e.getMessage();
    }
    throw new BackupException(
        Kind.REFUSED,
        "Cannot back up " + series.subject() + ": its manifest of " + bytes.length
            + " bytes could not be read again" + why
            + ". Choose larger parts, shorter notes or fewer tags and facts. " + Creation.STATE);
  }

  /** The store is asked once more what it holds: exactly this of ours, or the backup does not count. */
  private void compareListing(Manifest manifest, Optional<Seal> seal) throws IOException {
    Map<String, Long> expected = Parts.objectsOf(manifest).stream()
        .collect(
            Collectors.toMap(part -> part.name().value(), part -> part.stored().size()));
    seal.ifPresent(
        s -> expected.put(series.names().keys(manifest.id(), 1).value(), (long) s.keys().length));
    Set<String> found = new HashSet<>();
    for (StoredObject stored : series.shelf().list(series.names().folder(manifest.id()))) {
      Long size = expected.get(stored.name().value());
      if (size == null) {
        requireStray(stored.name(), manifest);
      } else if (size != stored.size()) {
        throw new IOException(stored.name() + " is listed with " + stored.size()
            + " bytes, and was put with " + size);
      }
      found.add(stored.name().value());
    }
    for (String name : expected.keySet()) {
      if (!found.contains(name)) {
        throw new IOException(name + " was put, and is not listed");
      }
    }
  }

  /** A tool that syncs the folder may put files of its own there. */
  private void requireStray(ObjectName name, Manifest manifest) throws IOException {
    if (series.names().looksLikeOurs(manifest.id(), name, manifest)) {
      throw new IOException(name + " is listed, and was not put");
    }
    announcer.warned(manifest.id().toString(), PartFindings.stray(name));
  }

  /** If its put fails, the backup exists all the same if the manifest is there: the answer may have been lost. */
  private void putManifest(BackupId id, byte[] bytes) throws IOException {
    try {
      series.records().putManifest(id, bytes);
    } catch (IOException e) {
      if (!isCommitted(id, bytes, e)) {
        manifestMayArrive = !isRefusal(e);
        throw e;
      }
    }
  }

  /** The store has answered each attempt, and took none. */
  private static boolean isRefusal(IOException e) {
    return e.getSuppressed().length == 0
        && (e instanceof AccessDeniedException
            || e instanceof FileAlreadyExistsException
            || Words.kind(e, Kind.SINK) == Kind.NO_SPACE);
  }

  private boolean isCommitted(BackupId id, byte[] bytes, IOException putFailure) {
    boolean interrupted = Thread.interrupted();
    try {
      return series.records().isCommitted(id, bytes);
    } catch (IOException e) {
      putFailure.addSuppressed(e);
      fateUnknown = true;
      throw new BackupException(
          Words.kind(putFailure, Kind.SINK),
          "Cannot tell whether backup " + id + " to " + series.subject()
              + " was made: its manifest was sent, then: "
              + Words.of(putFailure)
              + ". All its data is there; its fate is settled by the next create, which will count or"
              + " remove it. Earlier backups are untouched.",
          putFailure);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
