package dev.lifeboat;

import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.Component;
import dev.lifeboat.catalog.Manifest;
import dev.lifeboat.catalog.Part;
import dev.lifeboat.layout.Parts;
import dev.lifeboat.layout.Shelf;
import dev.lifeboat.sink.Digest;
import dev.lifeboat.sink.ObjectName;
import dev.lifeboat.sink.StoredObject;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which objects of a backup are not what its manifest says: each by its name, with what it is and what it must be. */
final class PartFindings {
  /** How the digest of an object of the right size is learnt. */
  private interface Look {
    Digest at(StoredObject stored) throws IOException;
  }

  private final Shelf shelf;
  private final SeriesNames names;
  private final BackupId id;
  private final Set<ObjectName> keys;
  private final Map<ObjectName, StoredObject> listed = new LinkedHashMap<>();

  /** Lists the backup's folder, once. */
  PartFindings(Series series, BackupId id) throws IOException {
    this.shelf = series.shelf();
    this.names = series.names();
    this.id = id;
    shelf.list(series.names().folder(id)).forEach(stored -> listed.put(stored.name(), stored));
    this.keys = listed.keySet().stream()
        .filter(name -> series.names().keysNumber(id, name) > 0)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** An encrypted backup without keys is lost, and one in clear has none. */
  List<String> keys(Manifest manifest) {
    if (manifest.isEncrypted() != keys.isEmpty()) {
      return List.of();
    }
    return manifest.isEncrypted()
        ? List.of("keys.json is missing: without it nothing opens the backup")
        : keys.stream()
            .map(name -> name + " is there, and the backup is not encrypted")
            .toList();
  }

  /** What is missing or of another size. */
  List<String> bySize(Component component) {
    List<String> found = new ArrayList<>();
    for (Part part : component.parts()) {
      StoredObject stored = listed.get(part.name());
      if (stored == null) {
        found.add(component.name() + ": " + part.name() + " is missing");
      } else if (stored.size() != part.stored().size()) {
        found.add(component.name() + ": " + part.name() + " has " + stored.size()
            + " bytes, and must have " + part.stored().size());
      }
    }
    return found;
  }

  /** What is of the right size and of another digest, as the store attests it or else by its bytes. */
  List<String> byDigest(Component component) throws IOException {
    return byDigest(component, shelf::digestOf);
  }

  /**
   * Why a component does not decode: object by object, as their bytes are, whatever the store says of them.
   *
   * @throws IOException also if an object was said to be absent and is there after all
   */
  List<String> of(Component component, IOException symptom) throws IOException {
    List<String> found = byReading(component);
    if (!found.isEmpty()) {
      return found;
    } else if (symptom instanceof NoSuchFileException
        || symptom.getCause() instanceof NoSuchFileException) { // said by somebody on the way
      throw new IOException(Words.of(symptom) + ", and a moment later it was there", symptom);
    }
    // every object is as it was stored, and still it does not decode
    return List.of(component.name() + ": " + Words.of(symptom));
  }

  /** What is missing, of another size, or has other bytes than its digest says. */
  List<String> byReading(Component component) throws IOException {
    List<String> found = new ArrayList<>(bySize(component));
    found.addAll(byDigest(component, stored -> shelf.readBack(stored.name())));
    return found;
  }

  /** What lies there beside its parts and looks like one. */
  List<String> unnamed(Manifest manifest) {
    return rest(manifest)
        .filter(name -> names.looksLikeOurs(id, name, manifest))
        .map(name -> name + " is there, and the manifest does not name it")
        .toList();
  }

  /** What somebody else has put there: no damage. */
  List<String> strays(Manifest manifest) {
    return rest(manifest)
        .filter(name -> !names.looksLikeOurs(id, name, manifest))
        .map(PartFindings::stray)
        .toList();
  }

  /** What to say of such a one. */
  static String stray(ObjectName name) {
    return name + " is there, and is none of ours; it is left alone";
  }

  private Stream<ObjectName> rest(Manifest manifest) {
    List<ObjectName> parts = Parts.objectsOf(manifest).stream().map(Part::name).toList();
    return listed.keySet().stream().filter(name -> !keys.contains(name) && !parts.contains(name));
  }

  private List<String> byDigest(Component component, Look look) throws IOException {
    List<String> found = new ArrayList<>();
    for (Part part : component.parts()) {
      StoredObject stored = listed.get(part.name());
      if (stored == null || stored.size() != part.stored().size()) {
        continue; // told by its size
      }
      try {
        Digest digest = look.at(stored);
        if (!digest.equals(part.stored())) {
          found.add(component.name() + ": " + part.name() + " is " + digest + ", and must be "
              + part.stored());
        }
      } catch (NoSuchFileException e) {
        found.add(component.name() + ": " + part.name() + " is listed, and cannot be opened");
      }
    }
    return found;
  }
}
