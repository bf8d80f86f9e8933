package dev.lifeboat;

import dev.lifeboat.BackupException.Kind;
import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.Component;
import dev.lifeboat.catalog.Manifest;
import dev.lifeboat.catalog.Pin;
import dev.lifeboat.codec.DamagedDataException;
import dev.lifeboat.sink.ObjectName;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Lets a copy stand in for the backup that it was made of: the copy is looked at once more, pins move over, and only then
 * the old one is deleted.
 */
final class Replacement {
  private final Series series;
  private final Announcer announcer;

  Replacement(Series series, Announcer announcer) {
    this.series = series;
    this.announcer = announcer;
  }

  /**
   * Lets a copy that was just made and proven stand in.
   *
   * @param entry of the old one, as it was listed
   */
  void replace(BackupId old, @Nullable CatalogEntry entry, BackupId copy) throws IOException {
    requireGood(copy, false);
    finish(old, entry, copy);
  }

  /** The same for one of an earlier call: every byte of it is looked at, for nobody knows what happened since. */
  void replaceLater(BackupId old, @Nullable CatalogEntry entry, BackupId copy) throws IOException {
    requireGood(copy, true);
    finish(old, entry, copy);
  }

  private void finish(BackupId old, @Nullable CatalogEntry entry, BackupId copy)
      throws IOException {
    movePins(old, copy);
    delete(old, entry, copy);
  }

  /** By what the store holds now, whatever was believed of it before. */
  private void requireGood(BackupId copy, boolean everyByte) throws IOException {
    List<String> findings = new ArrayList<>();
    try (Opened opened = series.records().open(copy)) {
      if (opened.untrusted().isPresent()) {
        throw new BackupException(
            Kind.REFUSED,
            "nothing proves who wrote its copy " + copy + ": "
                + opened.untrusted().get());
      }
      if (everyByte && opened.locked().isPresent()) {
        throw new BackupException(
            Kind.REFUSED,
            "its copy " + copy + " cannot be opened here: "
                + opened.locked().get().why());
      }
      Manifest manifest = opened.manifest();
      PartFindings parts = new PartFindings(series, copy);
      for (Component component : manifest.components()) {
        findings.addAll(parts.bySize(component));
        findings.addAll(everyByte ? parts.byDigest(component) : List.of());
      }
      findings.addAll(parts.unnamed(manifest));
      findings.addAll(parts.keys(manifest));
    }
    if (!findings.isEmpty()) {
      new Damage(series, announcer, copy).mark(String.join("; ", findings));
      throw new BackupException(
          Kind.DAMAGED,
          "its copy " + copy + " is not as it was made: " + String.join("; ", findings),
          findings,
          null);
    }
  }

  private void movePins(BackupId old, BackupId copy) throws IOException {
    List<CatalogEntry.MarkObject> pins = pins(old);
    if (pins.isEmpty()) {
      return;
    }
    List<Pin> there = read(copy, pins(copy));
    for (Pin pin : read(old, pins)) {
      if (!there.contains(pin)) {
        series
            .records()
            .put(Mark.of(Mark.Kind.PIN, copy, series.name(), pin.at(), pin.by(), pin.why()));
      }
    }
    for (CatalogEntry.MarkObject pin : pins) {
      series.shelf().delete(pin.stored().name());
    }
  }

  private List<CatalogEntry.MarkObject> pins(BackupId id) throws IOException {
    return series.records().marks(id).stream()
        .filter(mark -> mark.kind() == Mark.Kind.PIN)
        .toList();
  }

  /** What they say; one that cannot be read holds too. */
  private List<Pin> read(BackupId id, List<CatalogEntry.MarkObject> objects) throws IOException {
    List<Pin> pins = new ArrayList<>();
    try (Opened opened = series.records().open(id)) {
      for (CatalogEntry.MarkObject object : objects) {
        try {
          byte[] bytes = series.shelf().read(object.stored().name(), Mark.MAX_BYTES);
          Marks.Proven read = series
              .records()
              .marks()
              .read(bytes, id, Mark.Kind.PIN, opened.seal(), opened.trust().isProven());
          pins.add(
              read.trust().isProven()
                  ? read.mark().toPin()
                  : new Pin(id.time(), "", "a pin that nothing proves"));
        } catch (DamagedDataException e) {
          pins.add(new Pin(id.time(), "", "a pin that could not be read"));
        } catch (NoSuchFileException e) {
          Log.debug("{} was taken back since it was listed", object.stored().name());
        }
      }
    }
    return pins;
  }

  /** The tombstone has a key of its own: the old one may have leaked. */
  private void delete(BackupId old, @Nullable CatalogEntry entry, BackupId copy)
      throws IOException {
    Mark tombstone = Mark.of(
        Mark.Kind.DELETED,
        old,
        series.name(),
        series.clock().instant(),
        series.by(),
        "reencrypted as " + copy);
    ObjectName told = series.records().put(tombstone, Optional.empty());
    // another host, whose turns are not ours, looks for a tombstone after it has pinned
    if (!pins(old).isEmpty()) {
      series.shelf().delete(told);
      throw new BackupException(
          Kind.BUSY, "it was pinned meanwhile; its copy " + copy + " is there already");
    }
    new Pruning(series, announcer).finish(entry, old);
  }
}
