package dev.lifeboat;

import dev.lifeboat.BackupException.Kind;
import dev.lifeboat.Rewrapped.Outcome;
import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.crypto.Authentication;
import dev.lifeboat.crypto.Encryption;
import dev.lifeboat.crypto.Purpose;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Changes who can open the backups that there are. To be used once, by whose turn it is. */
final class Rewrapping {
  private static final String VERB = "rewrap";

  private final Series series;
  private final Announcer announcer;
  private final Encryption next;
  private final Unfinished unfinished;

  /**
   * For these readers.
   *
   * @throws BackupException REFUSED if there is nothing to change, or its secrets are gone
   */
  Rewrapping(Series configured, Announcer announcer, Encryption next) {
    requireUsable(configured, next);
    // what an earlier call has changed opens with that alone
    this.series = configured.alsoReading(next);
    this.announcer = announcer;
    this.next = next;
    this.unfinished = new Unfinished(series, VERB);
  }

  private static void requireUsable(Series series, Encryption next) {
    if (series.encryption().isEmpty()) {
      throw refused(
          series,
          "no encryption is configured, so there are no slots to change. Nothing was done. With"
              + " encryption configured new backups are encrypted; those that lie in clear stay so");
    } else if (next.isDestroyed()) {
      throw refused(series, "the new encryption was destroyed. Nothing was done");
    }
  }

  private static BackupException refused(Series series, String why) {
    return new BackupException(
        Kind.REFUSED, "Cannot " + VERB + " " + series.subject() + ": " + why + ".");
  }

  /** All of them, oldest first, and then the tombstones. */
  List<Rewrapped> rewrap() {
    Catalogue.View view = Catalogue.of(series, VERB, announcer);
    try { // or what is pinned under a tombstone would keep its old slots
      view = new Pruning(series, announcer).finished(view);
    } catch (IOException e) {
      throw series.sinkFailure(VERB, e, "Nothing was changed.");
    }
    NewKeysFile file = new NewKeysFile(
        series, new NewSlots(next, series.name()), new RecordCache(series.work().cache()));
    List<Rewrapped> report = new ArrayList<>();
    for (Catalogue.Unreadable bad : view.unreadable()) {
      report.add(unreadable(bad));
    }
    List<BackupId> ids = view.backups().stream().map(Backup::id).sorted().toList();
    for (BackupId id : ids) {
      report.add(rewrap(id, file));
    }
    report.sort(Comparator.comparing(Rewrapped::id));
    report.addAll(new Tombstones(series, next, unfinished).rewrap(view));
    report.stream()
        .filter(one -> one.outcome() == Outcome.SKIPPED)
        .forEach(one -> announcer.warned(one.id().toString(), skipped(one)));
    unfinished.throwIfAny();
    return List.copyOf(report);
  }

  private static String skipped(Rewrapped one) {
    return (one.tombstone() ? "its tombstone" : "it") + " is not rewrapped: " + one.why();
  }

  /** What is damaged opens for nobody; of the others nobody knows. */
  private Rewrapped unreadable(Catalogue.Unreadable bad) {
    if (bad.kind() == Kind.DAMAGED) {
      return result(bad.id(), Outcome.SKIPPED, bad.why());
    }
    unfinished.add(bad.id().toString(), bad.kind(), bad.why(), null);
    return result(bad.id(), Outcome.FAILED, bad.why());
  }

  private Rewrapped rewrap(BackupId id, NewKeysFile file) {
    try {
      return rewrapAnew(id, file);
    } catch (IOException | BackupException e) {
      return Unfinished.isGone(series, id, e)
          ? result(id, Outcome.SKIPPED, "it was deleted meanwhile")
          : result(id, Outcome.FAILED, unfinished.add(id.toString(), e));
    }
  }

  /** What was listed may have been read from a cache: here it is read anew. */
  private Rewrapped rewrapAnew(BackupId id, NewKeysFile file) throws IOException {
    Records records = Records.ofMany(series.shelf(), series.name(), series.encryption(), null);
    byte[] manifest = records.fetchManifest(id);
    byte[] proof = records.fetchAuthentication(id);
    try (Opened opened = records.open(id, manifest, proof)) {
      if (opened.untrusted().isPresent()) {
        return result(
            id,
            Outcome.SKIPPED,
            "nothing proves who wrote it: " + opened.untrusted().get());
      } else if (opened.seal().isEmpty()) {
        return result(id, Outcome.SKIPPED, opened.locked().orElseThrow().why());
      }
      boolean changed = file.put(id, opened.seal().get(), isSigned(id, manifest, proof));
      return result(id, changed ? Outcome.REWRAPPED : Outcome.ALREADY, "");
    }
  }

  /** Whether it is proven without its key. */
  private boolean isSigned(BackupId id, byte[] manifest, byte[] proof) throws IOException {
    Authentication authentication = AuthenticationFile.parse(
            proof, series.names().authentication(id).value())
        .authentication();
    return series
        .encryption()
        .orElseThrow()
        .prove(Purpose.MANIFEST, manifest, authentication, Optional.empty(), false)
        .isProven();
  }

  private static Rewrapped result(BackupId id, Outcome outcome, String why) {
    return new Rewrapped(id, false, outcome, why);
  }
}
