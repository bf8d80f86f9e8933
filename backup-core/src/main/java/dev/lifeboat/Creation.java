package dev.lifeboat;

import dev.lifeboat.BackupException.Kind;
import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.Component;
import dev.lifeboat.catalog.Identity;
import dev.lifeboat.catalog.Manifest;
import dev.lifeboat.catalog.Reason;
import dev.lifeboat.catalog.State;
import dev.lifeboat.codec.Codec;
import dev.lifeboat.crypto.Seal;
import dev.lifeboat.layout.Memory;
import dev.lifeboat.layout.Parts;
import dev.lifeboat.layout.SourceException;
import dev.lifeboat.sink.Content;
import dev.lifeboat.sink.Digest;
import dev.lifeboat.sink.StoredObject;
import dev.lifeboat.source.Facts;
import dev.lifeboat.source.Snapshot;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Makes one backup. To be used once, by whose turn it is. */
final class Creation {
  static final String STATE = "Nothing was added; earlier backups are untouched.";

  /** How far the times of many backups in few seconds may run ahead of the clock. */
  private static final Duration AHEAD = Duration.ofMinutes(1);

  private final Series series;
  private final Announcer announcer;
  private final Leftovers leftovers;
  private final Commit commit;
  private Map<String, Long> estimates = Map.of();

  Creation(Series series, Announcer announcer) {
    this.series = series;
    this.announcer = announcer;
    this.leftovers = new Leftovers(series, announcer);
    this.commit = new Commit(series, announcer);
  }

  /** Of the sources that the request names; what fails of an optional one makes it incomplete. */
  Backup create(CreateRequest request) {
    requireSources(request);
    return create(
        request,
        registered -> new Snapshots.Wanted(
            registered.source(),
            registered.optional(),
            request.components().isEmpty()
                    || request.components().contains(registered.source().name())
                ? Optional.empty()
                : Optional.of("left out by request")));
  }

  /** Of what this says of each source. */
  Backup create(CreateRequest request, Function<Series.Registered, Snapshots.Wanted> wanted) {
    Catalogue.View view;
    try {
      SeriesIdentity identity = new SeriesIdentity(series);
      identity.ensure("back up");
      view = new Catalogue(series).read();
      view.warnings().forEach(warning -> announcer.warned("catalogue", warning));
      if (view.entries().isEmpty()) {
        identity.explain();
      }
      leftovers.settle(view);
      if (!ReadBack.isWayBack(request.reason())) {
        new ReadBack(series, announcer).catchUp(view);
      }
    } catch (IOException e) {
      throw series.sinkFailure("back up", e, STATE);
    }
    requireNotInClearByAccident(view);
    warnOfOtherKeys(view);
    estimates = estimates(view);
    BackupId id = BackupId.create(time(view), request.reason());
    announcer.about(id);
    long begin = System.nanoTime();
    Identity identity = identity();
    begin(id);
    try (SealMaking making = new SealMaking(series, id);
        Snapshots snapshots = Snapshots.take(
            series, announcer, series.sources().stream().map(wanted).toList())) {
      Optional<Seal> seal = seal(making);
      putKeys(id, seal);
      Optional<Duration> readBack = ReadBack.within(series, request.reason());
      Parts parts = new Parts(readBack.isPresent() ? series.shelf().unread() : series.shelf());
      List<Component> components = write(id, snapshots, parts, seal);
      Duration took = Duration.ofNanos(System.nanoTime() - begin);
      Manifest manifest =
          manifest(id, identity, request, readBack, components, took, snapshots.skew(), view);
      Backup backup = commit.commit(sealed(manifest, seal), request, seal);
      end(id);
      new NewestSeen(series, new RecordCache(series.work().cache())).remember(id);
      return backup;
    } catch (BackupException e) {
      cleanUp(id, e);
      throw e;
    } catch (IOException e) {
      BackupException failure = series.sinkFailure("back up", e, STATE);
      cleanUp(id, failure);
      throw failure;
    } catch (RuntimeException | Error e) {
      cleanUp(id, e);
      throw e;
    }
  }

  /** Now, or the second after the newest one's: so that ids sort as the backups were made, also several in a second. */
  private Instant time(Catalogue.View view) {
    Instant now = series.clock().instant().truncatedTo(ChronoUnit.SECONDS);
    return view.newest(now, series.canProve())
        .map(newest -> newest.id().time().plusSeconds(1))
        .filter(next -> next.isAfter(now) && next.isBefore(now.plus(AHEAD)))
        .orElse(now);
  }

  private void requireSources(CreateRequest request) {
    if (series.sources().isEmpty()) {
      throw new BackupException(
          Kind.REFUSED,
          "Cannot back up " + series.subject() + ": no source is configured. Nothing was done.");
    }
    Set<String> known =
        series.sources().stream().map(r -> r.source().name()).collect(Collectors.toSet());
    for (String component : request.components()) {
      if (!known.contains(component)) {
        throw new BackupException(
            Kind.NOT_FOUND,
            "Cannot back up " + series.subject() + ": no source is called \"" + component
                + "\". Nothing was done.");
      }
    }
  }

  private Identity identity() {
    try {
      return series.identity();
    } catch (Exception e) {
      throw new BackupException(
          Words.kind(e, Kind.HOOK),
          "Cannot back up " + series.subject() + ": the schema version could not be learnt: "
              + Words.of(e) + ". " + STATE,
          e);
    }
  }

  private void begin(BackupId id) {
    try {
      series.work().begin(id, series.shelf().description());
    } catch (IOException e) {
      throw series.workFailure("back up", e, STATE);
    }
  }

  /** An option that a host has lost is no wish: who means it begins another series. */
  private void requireNotInClearByAccident(Catalogue.View view) {
    if (series.encryption().isEmpty()
        && !view.backups().isEmpty()
        && view.backups().get(0).manifest().isEncrypted()) {
      throw new BackupException(
          BackupException.Kind.REFUSED,
          "Cannot back up " + series.subject() + ": its newest backup, "
              + view.backups().get(0).id() + ", is encrypted, and no encryption is configured"
              + " here. " + STATE + " Configure the encryption; backups in clear are for another"
              + " series.");
    }
  }

  /** A passphrase that was mistyped, or a key that was changed, would be found out on the day of the restore. */
  private void warnOfOtherKeys(Catalogue.View view) {
    long untrusted =
        view.backups().stream().filter(backup -> backup.untrusted().isPresent()).count();
    if (untrusted > 0 && untrusted == view.backups().size() && series.canProve()) {
      announcer.warned(
          "encryption",
          "none of the " + untrusted
              + " earlier backups is proven to be ours with the encryption configured here; if it was"
              + " changed, name the older one with alsoReading");
    }
  }

  private Optional<Seal> seal(SealMaking making) {
    try {
      return making.await();
    } catch (IOException e) {
      throw new BackupException(
          Words.kind(e, Kind.HOOK),
          "Cannot back up " + series.subject() + ": no data key could be made: " + Words.of(e)
              + ". " + STATE,
          e);
    }
  }

  private void putKeys(BackupId id, Optional<Seal> seal) throws IOException {
    if (seal.isPresent()) {
      series.shelf().put(series.names().keys(id, 1), Content.of(seal.get().keys()));
    }
  }

  private static Manifest sealed(Manifest manifest, Optional<Seal> seal) {
    return seal.map(s -> manifest.sealed(s.conceal(manifest.detailsToBytes(), "details")))
        .orElse(manifest);
  }

  private List<Component> write(BackupId id, Snapshots snapshots, Parts parts, Optional<Seal> seal)
      throws IOException {
    Memory memory = new Memory(series.partSize());
    List<Component> components = new ArrayList<>();
    for (Snapshots.Taken taken : snapshots.taken()) {
      components.add(write(id, snapshots, taken, parts, memory, seal));
      snapshots.release(taken);
    }
    if (components.stream().noneMatch(Component::isCaptured)) {
      throw new BackupException(
          Kind.SOURCE,
          "Cannot back up " + series.subject() + ": no source could be read. " + STATE);
    }
    return components;
  }

  private Component write(
      BackupId id,
      Snapshots snapshots,
      Snapshots.Taken taken,
      Parts parts,
      Memory memory,
      Optional<Seal> seal)
      throws IOException {
    String name = taken.source().name();
    if (taken.snapshot().isPresent()) {
      List<Codec> codecs = codecs(name, seal);
      String object = series.names().folder(id) + name + "." + taken.source().suffix();
      Snapshot taking = taken.snapshot().get();
      Snapshot snapshot =
          id.reason().equals(Reason.PRE_RESTORE) ? new UnsoundSnapshot(taking) : taking;
      Optional<Long> total = total(snapshot, name);
      try {
        Parts.Written written = parts.write(
            object,
            snapshot,
            codecs,
            series.partSize(),
            memory,
            bytes -> announcer.progress(name, BackupEvent.Step.WRITE, bytes, total));
        announcer.progressed(name, BackupEvent.Step.WRITE, written.plain().size());
        written.facts().gaps().forEach(gap -> announcer.warned(name, gap));
        return new Component(
            name,
            taken.source().type(),
            codecs.stream().map(Codec::id).toList(),
            written.parts(),
            Optional.of(new Component.Details(
                Optional.of(written.plain()), written.facts(), Optional.empty())));
      } catch (SourceException e) {
        snapshots.failed(taken, e.getCause() instanceof Exception cause ? cause : e);
        removePartsOf(id, object);
      }
    }
    return new Component(
        name,
        taken.source().type(),
        List.of(),
        List.of(),
        Optional.of(new Component.Details(Optional.empty(), Facts.NONE, taken.missing())));
  }

  private List<Codec> codecs(String component, Optional<Seal> seal) {
    List<Codec> codecs = new ArrayList<>();
    if (!series.compression().id().equals("none")) {
      codecs.add(series.compression());
    }
    seal.ifPresent(s -> codecs.add(s.codec(component)));
    return codecs;
  }

  /** The source's own estimate, or else the size in the backup before. */
  private Optional<Long> total(Snapshot snapshot, String name) {
    OptionalLong estimate = snapshot.estimate();
    return estimate.isPresent()
        ? Optional.of(estimate.getAsLong())
        : Optional.ofNullable(estimates.get(name));
  }

  private void removePartsOf(BackupId id, String object) throws IOException {
    for (StoredObject stored : series.shelf().list(series.names().folder(id))) {
      if (stored.name().value().startsWith(object + ".")
          || stored.name().value().equals(object)) {
        series.shelf().delete(stored.name());
      }
    }
  }

  private Manifest manifest(
      BackupId id,
      Identity identity,
      CreateRequest request,
      Optional<Duration> readBack,
      List<Component> components,
      Duration took,
      Duration skew,
      Catalogue.View view) {
    boolean complete = components.stream().allMatch(Component::isComplete);
    return new Manifest(
        id,
        series.name(),
        identity,
        series.retention().zone(),
        took,
        skew,
        Parts.ID,
        complete ? State.COMPLETE : State.INCOMPLETE,
        request.keepUntil(),
        readBack.map(
            within -> id.time().plus(took.truncatedTo(ChronoUnit.MILLIS)).plus(within)),
        components,
        Optional.of(new Manifest.Details(series.by(), request.note(), request.tags(), List.of())),
        Optional.empty(),
        view.newest(series.clock().instant(), series.canProve()),
        Optional.empty(),
        Version.WRITER);
  }

  private void end(BackupId id) {
    try {
      series.work().end(id);
    } catch (IOException e) {
      announcer.warned(id.toString(), "the work directory could not be tidied: " + Words.of(e));
    }
  }

  /** Removes what was put. What cannot be removed now is removed by the next run, for the work directory remembers it. */
  private void cleanUp(BackupId id, Throwable failure) {
    if (commit.isFateUnknown()) {
      return;
    }
    boolean interrupted = Thread.interrupted();
    try {
      if (isClash(failure)) {
        announcer.warned(
            id.toString(),
            "another backup of this very id is there; nothing of it is removed, and what this one"
                + " may have left goes when it is old enough");
      } else {
        leftovers.remove(id, commit.mayManifestArrive());
      }
      series.work().end(id);
    } catch (IOException | RuntimeException | Error e) {
      failure.addSuppressed(e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Somebody else drew the same id: what lies under it is not ours. */
  private static boolean isClash(Throwable failure) {
    return failure instanceof BackupException known
        && known.kind() == Kind.SINK // and not one of a source's own files
        && known.getCause() instanceof FileAlreadyExistsException;
  }

  /** Sizes of the components in the newest backup that has them. */
  private static Map<String, Long> estimates(Catalogue.View view) {
    Map<String, Long> sizes = new HashMap<>();
    for (Backup backup : view.backups()) {
      for (Component component : backup.manifest().components()) {
        component
            .details()
            .flatMap(Component.Details::plain)
            .map(Digest::size)
            .ifPresent(size -> sizes.putIfAbsent(component.name(), size));
      }
    }
    return sizes;
  }
}
