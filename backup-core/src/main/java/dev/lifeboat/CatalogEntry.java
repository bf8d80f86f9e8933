package dev.lifeboat;

import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.sink.StoredObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The objects of one backup in the catalogue, told by their names alone. */
final class CatalogEntry {
  // the id's own grammar is stricter and decides; it holds no dot
  private static final Pattern NAME =
      Pattern.compile("([^.]+)\\.(?:(json|auth)|([a-z]+)-([a-z2-7]{8})\\.json)");

  private final BackupId id;
  private final List<MarkObject> marks = new ArrayList<>();
  private @Nullable StoredObject manifest;
  private @Nullable StoredObject authentication;

  private CatalogEntry(BackupId id) {
    this.id = id;
  }

  /** A mark as listed. */
  record MarkObject(Mark.Kind kind, StoredObject stored) {}

  /** Puts an object with its backup; false if its name is none of ours. */
  static boolean sortInto(
      Map<BackupId, CatalogEntry> entries, StoredObject stored, String catalog) {
    Matcher name = NAME.matcher(stored.name().value().substring(catalog.length()));
    if (!name.matches()) {
      return false;
    }
    Optional<BackupId> id = BackupId.tryParse(name.group(1));
    Optional<Mark.Kind> kind =
        name.group(3) == null ? Optional.empty() : Mark.Kind.of(name.group(3));
    if (id.isEmpty() || (name.group(3) != null && kind.isEmpty())) {
      return false;
    }
    CatalogEntry entry = entries.computeIfAbsent(id.get(), CatalogEntry::new);
    if (kind.isPresent()) {
      entry.marks.add(new MarkObject(kind.get(), stored));
    } else if ("json".equals(name.group(2))) {
      entry.manifest = stored;
    } else {
      entry.authentication = stored;
    }
    return true;
  }

  BackupId id() {
    return id;
  }

  @Nullable
  StoredObject manifest() {
    return manifest;
  }

  StoredObject requireManifest() {
    return Objects.requireNonNull(manifest, "manifest");
  }

  @Nullable
  StoredObject authentication() {
    return authentication;
  }

  List<MarkObject> marks() {
    return marks;
  }

  List<MarkObject> marks(Mark.Kind kind) {
    return marks.stream().filter(mark -> mark.kind() == kind).toList();
  }
}
