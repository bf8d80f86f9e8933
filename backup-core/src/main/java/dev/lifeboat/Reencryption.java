package dev.lifeboat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.lifeboat.BackupException.Kind;
import dev.lifeboat.Reencrypted.Outcome;
import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.Component;
import dev.lifeboat.catalog.Copy;
import dev.lifeboat.catalog.Manifest;
import dev.lifeboat.catalog.Reason;
import dev.lifeboat.catalog.State;
import dev.lifeboat.crypto.Authentication;
import dev.lifeboat.crypto.Encryption;
import dev.lifeboat.crypto.Purpose;
import dev.lifeboat.crypto.Seal;
import dev.lifeboat.crypto.Trust;
import dev.lifeboat.crypto.WrongKeyException;
import dev.lifeboat.sink.Digest;
import dev.lifeboat.sink.ObjectName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes the backups that there are anew, under new data keys. To be used once, by whose turn it is. */
final class Reencryption {
  private static final String VERB = "reencrypt";
  private static final String STATE = "Nothing was changed.";

  private final Series series;
  private final Announcer announcer;
  private final Encryption encryption;
  private final Unfinished unfinished;

  /**
   * With what is configured.
   *
   * @throws BackupException REFUSED if that is nothing
   */
  Reencryption(Series series, Announcer announcer) {
    this.series = series;
    this.announcer = announcer;
    this.encryption = series
        .encryption()
        .orElseThrow(() -> refused(
            series,
            "no encryption is configured. Nothing was done. With encryption configured new backups"
                + " are encrypted; those that lie in clear stay so"));
    this.unfinished = new Unfinished(series, VERB);
  }

  /** All of them, oldest first, and the keys in the tombstones. */
  List<Reencrypted> reencrypt() {
    Catalogue.View view = Catalogue.of(series, VERB, announcer);
    requireProvable();
    try {
      view = new Pruning(series, announcer).finished(view);
    } catch (IOException e) {
      throw series.sinkFailure(VERB, e, STATE);
    }
    List<Reencrypted> report = new ArrayList<>();
    for (Catalogue.Unreadable bad : view.unreadable()) {
      report.add(unreadable(bad));
    }
    Copies copies = new Copies(view.backups());
    List<Backup> oldestFirst =
        view.backups().stream().sorted(Comparator.comparing(Backup::id)).toList();
    // first what only has to go: its copy is still there
    for (boolean replaced : new boolean[] {true, false}) {
      for (Backup backup : oldestFirst) {
        Optional<BackupId> copy = copies.of(backup);
        if (copy.isPresent() == replaced) {
          report.add(reencrypt(backup, view.entries().get(backup.id()), copy));
        }
      }
    }
    new Tombstones(series, encryption, unfinished).rewrap(view);
    report.sort(Comparator.comparing(Reencrypted::id));
    report.stream()
        .filter(one -> one.outcome() == Outcome.SKIPPED)
        .forEach(
            one -> announcer.warned(one.id().toString(), "it is not reencrypted: " + one.why()));
    unfinished.throwIfAny();
    return List.copyOf(report);
  }

  /** Copies that nobody trusts are none, and their originals must not go for them. */
  private void requireProvable() {
    BackupId trial = BackupId.create(series.clock().instant(), Reason.MANUAL);
    Trust trust;
    try (Seal seal = encryption.seal(series.name(), trial.toString())) {
      byte[] message = "a trial".getBytes(UTF_8);
      Authentication authentication =
          encryption.authenticate(Purpose.MANIFEST, message, Optional.of(seal));
      trust = proven(message, authentication, seal.keys(), trial);
    } catch (IOException e) {
      throw new BackupException(
          Words.kind(e, Kind.HOOK),
          "Cannot " + VERB + " " + series.subject() + ": no data key could be made: " + Words.of(e)
              + ". " + STATE,
          e);
    }
    if (!trust.isProven()) {
      throw refused(
          series,
          "nothing would prove who wrote the copies, so they would not count: let this host sign with"
              + " signedBy(key). Nothing was done");
    }
  }

  private Trust proven(byte[] message, Authentication authentication, byte[] keys, BackupId trial)
      throws IOException {
    try (Seal opened = encryption.open(keys, series.name(), trial.toString())) {
      return encryption.prove(
          Purpose.MANIFEST, message, authentication, Optional.of(opened), false);
    } catch (WrongKeyException e) { // a host that only writes
      return encryption.prove(Purpose.MANIFEST, message, authentication, Optional.empty(), false);
    }
  }

  /** What is damaged cannot be copied; of the others nobody knows. */
  private Reencrypted unreadable(Catalogue.Unreadable bad) {
    if (bad.kind() == Kind.DAMAGED) {
      return result(bad.id(), Outcome.SKIPPED, bad.why());
    }
    unfinished.add(bad.id().toString(), bad.kind(), bad.why(), null);
    return result(bad.id(), Outcome.FAILED, bad.why());
  }

  private Reencrypted reencrypt(
      Backup backup, @Nullable CatalogEntry entry, Optional<BackupId> copy) {
    BackupId id = backup.id();
    try {
      if (backup.untrusted().isPresent()) {
        return result(
            id,
            Outcome.SKIPPED,
            "nothing proves who wrote it: " + backup.untrusted().get());
      } else if (copy.isPresent()) {
        new Replacement(series, announcer).replaceLater(id, entry, copy.get());
        return new Reencrypted(id, copy, Outcome.REENCRYPTED, "");
      } else if (backup.state() == State.DAMAGED) {
        return result(id, Outcome.SKIPPED, "it is damaged: " + damage(backup));
      }
      return copied(id, entry);
    } catch (IOException | BackupException e) {
      return Unfinished.isGone(series, id, e)
          ? result(id, Outcome.SKIPPED, "it was deleted meanwhile")
          : new Reencrypted(id, copy, Outcome.FAILED, unfinished.add(id.toString(), e));
    }
  }

  private static String damage(Backup backup) {
    return String.join("; ", backup.copies().stream().map(Copy::note).toList());
  }

  /** What was listed may have been read from a cache: here it is read anew. */
  private Reencrypted copied(BackupId id, @Nullable CatalogEntry entry) throws IOException {
    Manifest manifest;
    try (Opened opened = series.records().open(id)) {
      if (opened.untrusted().isPresent()) {
        return result(
            id,
            Outcome.SKIPPED,
            "nothing proves who wrote it: " + opened.untrusted().get());
      } else if (opened.seal().isEmpty()) {
        return result(id, Outcome.SKIPPED, opened.locked().orElseThrow().why());
      } else if (isDone(opened.manifest(), opened.seal().get())) {
        return result(id, Outcome.ALREADY, "");
      }
      manifest = opened.manifest();
    }
    BackupId copy = new Copying(series, announcer, manifest).copy();
    new Replacement(series, announcer).replace(id, entry, copy);
    return new Reencrypted(id, Optional.of(copy), Outcome.REENCRYPTED, "");
  }

  /** Whether an earlier call has made it, for exactly these readers: what was only rewrapped since has a later keys file. */
  private boolean isDone(Manifest manifest, Seal seal) throws IOException {
    if (manifest.replaces().isEmpty()) {
      return false;
    }
    ObjectName first = series.names().keys(manifest.id(), 1);
    return series.records().keys().list(manifest.id()).equals(List.of(first))
        && encryption.isWrapped(series.shelf().read(first, Keys.MAX_BYTES), seal);
  }

  /** Which backups have a copy that counts. */
  private static final class Copies {
    private final Map<BackupId, Backup> copies = new HashMap<>();

    Copies(List<Backup> backups) {
      for (Backup backup : backups) {
        if (backup.untrusted().isEmpty() && backup.state() != State.DAMAGED) {
          backup.manifest().replaces().ifPresent(old -> copies.put(old, backup));
        }
      }
    }

    /** The last copy of copies; none in a circle, in which each would go for the other. */
    Optional<BackupId> of(Backup backup) {
      Set<BackupId> passed = new HashSet<>();
      Backup last = backup;
      while (passed.add(last.id())) {
        Backup copy = copies.get(last.id());
        if (copy == null) {
          return passed.size() == 1 ? Optional.empty() : Optional.of(last.id());
        } else if (!isCopy(copy.manifest(), last.manifest())) {
          return Optional.empty();
        }
        last = copy;
      }
      return Optional.empty();
    }

    /** As far as this host can tell. */
    private static boolean isCopy(Manifest copy, Manifest old) {
      if (copy.details().isEmpty() || old.details().isEmpty()) {
        return contents(copy).keySet().equals(contents(old).keySet());
      }
      return contents(copy).equals(contents(old));
    }

    private static Map<String, Optional<Digest>> contents(Manifest manifest) {
      Map<String, Optional<Digest>> contents = new HashMap<>();
      for (Component component : manifest.components()) {
        contents.put(component.name(), component.details().flatMap(Component.Details::plain));
      }
      return contents;
    }
  }

  private static BackupException refused(Series series, String why) {
    return new BackupException(
        Kind.REFUSED, "Cannot " + VERB + " " + series.subject() + ": " + why + ".");
  }

  private static Reencrypted result(BackupId id, Outcome outcome, String why) {
    return new Reencrypted(id, Optional.empty(), outcome, why);
  }
}
