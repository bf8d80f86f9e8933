package dev.lifeboat;

import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.sink.Digest;
import dev.lifeboat.sink.StoredObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Copies of manifests and marks, which never change, by name and digest: {@code <name>@<sha256>}; and which backup was the
 * newest one seen. Only ever a saving: a
 * copy that does not match its own digest, or the size or digest that the sink tells, is not used, and a cache that
 * cannot be read or written is none.
 */
final class RecordCache {
  /** How the name ends under which it is kept which backup is the newest one seen. */
  private static final String NEWEST = ".newest";

  private final Path directory;
  private final Map<String, Path> files = new HashMap<>();

  RecordCache(Path directory) {
    this.directory = directory;
    try {
      for (Path file : WorkDirectory.entries(directory)) {
        String name = file.getFileName().toString();
        int at = name.lastIndexOf('@');
        if (at > 0 && !name.endsWith(PrivateFiles.PART)) {
          files.put(name.substring(0, at), file);
        }
      }
    } catch (IOException e) {
      files.clear();
    }
  }

  Optional<byte[]> find(StoredObject stored) {
    Path file = files.get(stored.name().last());
    if (file == null) {
      return Optional.empty();
    }
    try {
      if (Files.size(file) != stored.size()) {
        return Optional.empty();
      }
      byte[] bytes = Files.readAllBytes(file);
      String sha256 = Digest.of(bytes).sha256();
      boolean right = file.getFileName().toString().endsWith("@" + sha256)
          && stored.attested().map(sha256::equals).orElse(true);
      return right ? Optional.of(bytes) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** What proves itself right, and is not listed with the rest: keys. */
  Optional<byte[]> find(String name) {
    Path file = files.get(name);
    if (file == null) {
      return Optional.empty();
    }
    try {
      return Files.size(file) > Keys.MAX_BYTES
          ? Optional.empty()
          : Optional.of(Files.readAllBytes(file));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** The newest id that was kept for this place. */
  Optional<BackupId> newest(byte[] place) {
    String of = NEWEST + "@" + Digest.of(place).sha256();
    return files.values().stream()
        .map(file -> file.getFileName().toString())
        .filter(name -> name.endsWith(of))
        .flatMap(name -> BackupId.tryParse(name.substring(0, name.length() - of.length())).stream())
        .max(Comparator.naturalOrder());
  }

  /** Keeps it instead of those before it. */
  void keepNewest(BackupId id, byte[] place) {
    keep(id + NEWEST, place);
    for (String name : List.copyOf(files.keySet())) {
      if (name.endsWith(NEWEST) && !name.equals(id + NEWEST)) {
        drop(name);
      }
    }
  }

  void keep(StoredObject stored, byte[] bytes) {
    keep(stored.name().last(), bytes);
  }

  void keep(String name, byte[] bytes) {
    try {
      Path file = PrivateFiles.directoryUnsynced(directory)
          .resolve(name + "@" + Digest.of(bytes).sha256());
      Path before = files.put(name, file);
      if (before != null && !before.equals(file)) {
        Files.deleteIfExists(before);
      }
      PrivateFiles.writeUnsynced(file, bytes);
    } catch (IOException e) {
      files.remove(name);
    }
  }

  /** Drops what is listed no more. */
  void retain(Collection<StoredObject> listed) {
    Set<String> names =
        listed.stream().map(stored -> stored.name().last()).collect(Collectors.toSet());
    List<String> gone = new ArrayList<>(files.keySet());
    gone.removeAll(names);
    gone.removeIf(name -> names.contains(name.replaceFirst("\\.keys$", ".json")));
    gone.removeIf(name -> name.endsWith(NEWEST));
    gone.forEach(this::drop);
  }

  private void drop(String name) {
    try {
      Path file = files.remove(name);
      if (file != null) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      Log.debug("{} stays in the cache: {}", name, Words.of(e)); // it costs a few bytes
    }
  }
}
