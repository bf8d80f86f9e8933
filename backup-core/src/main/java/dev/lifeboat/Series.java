package dev.lifeboat;

import dev.lifeboat.BackupException.Kind;
import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.FormatException;
import dev.lifeboat.catalog.Identity;
import dev.lifeboat.codec.Codec;
import dev.lifeboat.codec.DamagedDataException;
import dev.lifeboat.crypto.Encryption;
import dev.lifeboat.layout.Shelf;
import dev.lifeboat.retention.RetentionPolicy;
import dev.lifeboat.source.BackupSource;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;

/** All that was configured: what the verbs work with. */
record Series(
    String name,
    String by,
    List<Registered> sources,
    Shelf shelf,
    Codec compression,
    Optional<Encryption> encryption,
    RetentionPolicy retention,
    int partSize,
    String application,
    String environment,
    Optional<Callable<String>> schemaVersion,
    Optional<Gate> quiesce,
    Optional<Gate> maintenance,
    boolean confirmRestores,
    List<BackupListener> listeners,
    WorkDirectory work,
    Duration patience,
    Clock clock) {

  /** A source, and whether a backup without it is incomplete or none. */
  record Registered(BackupSource source, boolean optional) {}

  Series by(String actor) {
    return new Series(
        name,
        actor,
        sources,
        shelf,
        compression,
        encryption,
        retention,
        partSize,
        application,
        environment,
        schemaVersion,
        quiesce,
        maintenance,
        confirmRestores,
        listeners,
        work,
        patience,
        clock);
  }

  /** The same, opening also what this opens; what it writes is as before. */
  Series alsoReading(Encryption other) {
    return new Series(
        name,
        by,
        sources,
        shelf,
        compression,
        encryption.map(own -> own.alsoReading(other)),
        retention,
        partSize,
        application,
        environment,
        schemaVersion,
        quiesce,
        maintenance,
        confirmRestores,
        listeners,
        work,
        patience,
        clock);
  }

  Optional<BackupSource> source(String component) {
    return sources.stream()
        .map(Registered::source)
        .filter(source -> source.name().equals(component))
        .findFirst();
  }

  Records records() {
    return new Records(shelf, name, encryption);
  }

  /** Whether this host could prove any backup to be its own, or asks for no proof. */
  boolean canProve() {
    return encryption.map(Encryption::canProve).orElse(true);
  }

  SeriesNames names() {
    return new SeriesNames(name);
  }

  /** {@code "shop" in directory /var/backups}. */
  String subject() {
    return '"' + name + "\" in " + shelf.description();
  }

  /** Whose data this is, now. */
  Identity identity() throws Exception {
    return identity(
        schemaVersion.isPresent()
            ? Optional.of(
                Objects.requireNonNull(schemaVersion.get().call(), "schemaVersion gave null"))
            : Optional.empty());
  }

  /** The same, where the schema's version is known, or cannot be. */
  Identity identity(Optional<String> schema) {
    return new Identity(application, environment, Host.name(), schema);
  }

  /**
   * The manifest of a backup that is to be read; its key is wiped.
   *
   * @param state what the message of a failure says of it
   * @throws BackupException NOT_FOUND also where it was deleted: a manifest that lies under its tombstone is a replay, or
   *     on its way out; WRONG_KEY if it is encrypted for others; DAMAGED, REFUSED or SINK
   */
  Opened manifest(BackupId id, String verb, String state) {
    try {
      new SeriesIdentity(this).check(verb + " " + id + " of");
      try (Opened opened = records().open(id)) {
        if (isDeleted(id)) {
          throw new BackupException(
              Kind.NOT_FOUND,
              "Cannot " + verb + " " + id + ": it was deleted from " + subject()
                  + ", and its manifest is still or again there. " + state);
        }
        opened.locked().ifPresent(locked -> {
          throw locked(verb, id, locked, state);
        });
        return opened;
      }
    } catch (DamagedDataException e) {
      throw new BackupException(
          Kind.DAMAGED,
          "Cannot " + verb + ": backup " + id + " of " + subject() + " is damaged: " + Words.of(e)
              + ". " + state,
          List.of(Words.of(e)),
          e);
    } catch (IOException e) {
      throw unreadable(verb, id, e, state);
    }
  }

  /** For a backup that cannot be read here. */
  BackupException locked(String verb, BackupId id, Keys.Locked locked, String state) {
    return new BackupException(
        locked.kind(),
        "Cannot " + verb + " " + id + " of " + subject() + ": " + locked.why() + ". " + state);
  }

  /** A tombstone that cannot be read hides nothing. */
  boolean isDeleted(BackupId id) throws IOException {
    Records records = records();
    return Deletions.isAmong(
        records.marks(id),
        mark -> records.tombstone(id, shelf.read(mark.stored().name(), Mark.MAX_BYTES)),
        told -> Log.warn("{}", told));
  }

  /**
   * To be asked before anything is called damaged: another process, whose turns are not ours, may be deleting it.
   *
   * @throws BackupException NOT_FOUND if it is not there any more; where that cannot be learnt, it is taken to be
   */
  void requireNotDeletedMeanwhile(BackupId id, String verb, String state) {
    try {
      boolean there = shelf.list(names().catalog()).stream()
          .anyMatch(stored -> stored.name().equals(names().manifest(id)));
      if (there && !isDeleted(id)) {
        return;
      }
    } catch (IOException e) {
      Log.debug("Whether {} of {} is still there cannot be learnt: {}", id, subject(), Words.of(e));
      return;
    }
    throw new BackupException(
        Kind.NOT_FOUND,
        "Cannot " + verb + " " + id + ": it was deleted from " + subject() + " meanwhile. "
            + state);
  }

  /** What {@link Records#read} throws, as the face tells it. */
  BackupException unreadable(String verb, BackupId id, IOException e, String state) {
    if (e instanceof NoSuchFileException) {
      return new BackupException(
          Kind.NOT_FOUND,
          "Cannot " + verb + " " + id + ": there is no such backup in " + subject() + ". " + state,
          e);
    } else if (e instanceof FormatException) {
      return new BackupException(
          Kind.REFUSED,
          "Cannot " + verb + " " + id + " of " + subject() + ": " + Words.of(e) + ". " + state,
          e);
    }
    return sinkFailure(verb + " " + id + " of", e, state);
  }

  /** An exception of the sink, as the face tells it. */
  BackupException sinkFailure(String verb, IOException e, String state) {
    if (e instanceof WorkFailedException work) {
      return workFailure(verb, work.failure(), state);
    }
    return new BackupException(
        Words.kind(e, Kind.SINK),
        "Cannot " + verb + " " + subject() + ": " + Words.of(e) + ". " + state,
        e);
  }

  /** An exception of the work directory, as the face tells it. */
  BackupException workFailure(String verb, IOException e, String state) {
    return new BackupException(
        Words.kind(e, Kind.WORK),
        "Cannot " + verb + " " + subject() + ": the work directory " + work + " cannot be used: "
            + Words.of(e) + ". " + state,
        e);
  }
}
