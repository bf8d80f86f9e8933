package dev.lifeboat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.lifeboat.Rewrapped.Outcome;
import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.codec.DamagedDataException;
import dev.lifeboat.crypto.Encryption;
import dev.lifeboat.crypto.Purpose;
import dev.lifeboat.crypto.Seal;
import dev.lifeboat.crypto.WrongKeyException;
import dev.lifeboat.sink.Content;
import dev.lifeboat.sink.ObjectName;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Tombstones hold the keys that prove them. Those are put into other slots too, or a host that drops an old credential
 * could not tell a replay of a deleted backup any more.
 */
final class Tombstones {
  private final Series series;
  private final Encryption next;
  private final Unfinished unfinished;

  /**
   * Of a series.
   *
   * @param series opens them as they are, and as they will be
   * @param next who will open them
   */
  Tombstones(Series series, Encryption next, Unfinished unfinished) {
    this.series = series;
    this.next = next;
    this.unfinished = unfinished;
  }

  /** Puts each that is proven anew with other slots, and deletes the old one; interrupted between the two, both say the same. */
  List<Rewrapped> rewrap(Catalogue.View view) {
    List<Rewrapped> report = new ArrayList<>();
    for (CatalogEntry entry : view.entries().values()) {
      for (CatalogEntry.MarkObject mark : entry.marks(Mark.Kind.DELETED)) {
        ObjectName name = mark.stored().name();
        try {
          rewrap(entry.id(), name).ifPresent(report::add);
        } catch (IOException | BackupException e) {
          report.add(result(entry.id(), Outcome.FAILED, unfinished.add(name.value(), e)));
        }
      }
    }
    return report;
  }

  /** Empty if it is gone, or was written without encryption. */
  private Optional<Rewrapped> rewrap(BackupId id, ObjectName name) throws IOException {
    byte[] bytes;
    try {
      bytes = series.shelf().read(name, Mark.MAX_BYTES);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    try {
      MarkFile file = MarkFile.parse(bytes, id, series.name(), Mark.Kind.DELETED);
      if (file.keys().isEmpty()) {
        return Optional.empty();
      }
      byte[] keys = file.keys().get().getBytes(UTF_8);
      try (Seal seal = encryption().openCheaply(keys, series.name(), id.toString())) {
        return Optional.of(rewrap(id, name, bytes, file, keys, seal));
      }
    } catch (WrongKeyException | DamagedDataException e) {
      return Optional.of(result(id, Outcome.SKIPPED, Words.of(e)));
    }
  }

  private Rewrapped rewrap(
      BackupId id, ObjectName name, byte[] bytes, MarkFile file, byte[] keys, Seal seal)
      throws IOException {
    Marks.Proven proven = read(series.encryption(), bytes, id);
    if (!proven.trust().isProven()) {
      return result(
          id, Outcome.SKIPPED, "nothing proves who wrote it: " + proven.trust().why());
    }
    boolean signed = isSigned(file);
    if (next.isWrapped(keys, seal) && (signed || isProvenByNext(bytes, id))) {
      return result(id, Outcome.ALREADY, "");
    }
    replace(id, name, changed(id, proven.mark(), file, seal, signed));
    return result(id, Outcome.REWRAPPED, "");
  }

  /** With a key of its own, as a tombstone of what cannot be opened; if only its old signature proves it, that stays. */
  private byte[] changed(BackupId id, Mark mark, MarkFile file, Seal seal, boolean signed)
      throws IOException {
    Optional<Encryption> own = Optional.of(next);
    byte[] anew = new Marks(series.name(), own).write(mark, Optional.empty());
    return isProvenByNext(anew, id)
        ? anew
        : MarkFile.write(
            file.text().getBytes(UTF_8),
            file.authentication(),
            Optional.of(new NewSlots(next, series.name()).make(id, seal, signed)));
  }

  private void replace(BackupId id, ObjectName old, byte[] changed) throws IOException {
    ObjectName name = series.names().mark(id, Mark.Kind.DELETED, BackupId.randomTail());
    series.shelf().put(name, Content.of(changed));
    byte[] stored = series.shelf().read(name, Mark.MAX_BYTES);
    if (!Arrays.equals(stored, changed)
        || !read(series.encryption(), stored, id).trust().isProven()) {
      throw new IOException(name + " was put, and does not prove right");
    }
    series.shelf().delete(old);
  }

  private Marks.Proven read(Optional<Encryption> encryption, byte[] bytes, BackupId id)
      throws IOException {
    return new Marks(series.name(), encryption)
        .read(bytes, id, Mark.Kind.DELETED, Optional.empty(), false);
  }

  private boolean isProvenByNext(byte[] bytes, BackupId id) throws IOException {
    return read(Optional.of(next), bytes, id).trust().isProven();
  }

  /** Whether it is proven whatever slot its keys open through. */
  private boolean isSigned(MarkFile file) throws DamagedDataException {
    return encryption()
        .prove(
            Purpose.MARK,
            file.text().getBytes(UTF_8),
            file.authentication(),
            Optional.empty(),
            false)
        .isProven();
  }

  private Encryption encryption() {
    return series.encryption().orElseThrow();
  }

  private static Rewrapped result(BackupId id, Outcome outcome, String why) {
    return new Rewrapped(id, true, outcome, why);
  }
}
