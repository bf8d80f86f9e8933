package dev.lifeboat;

import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.Text;
import dev.lifeboat.json.Json;
import dev.lifeboat.json.JsonObject;
import dev.lifeboat.json.MalformedJsonException;
import dev.lifeboat.sink.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A series' private files on this machine. Nothing in it is needed to restore; but it remembers which runs began here,
 * so that what a crash left is swept at once, and which sinks were seen, so that an empty mount point is not taken for a
 * new sink.
 *
 * <pre>
 * series             whose directory it is
 * lock, owner.json   whose turn it is
 * scratch/           snapshots' files; emptied at the beginning of every turn
 * staging/           restores' files; likewise, but for those a stuck restore still needs
 * begun/             one file for every backup begun here and not ended
 * sinks/             one file for every sink seen: the identity of its series
 * cache/             copies of manifests and marks, and which backup was the newest one seen
 * </pre>
 */
final class WorkDirectory {
  /** No component can have this name. */
  private static final String OWNER = "series";

  private static final String KEEP = ".keep";

  /** What verbs that take no turn may have made before the first one that does. */
  private static final Set<String> BEFORE_ANY_TURN = Set.of("sinks", "cache");

  private static final Duration PARTS_AGE = Duration.ofDays(1);

  private final Path root;

  WorkDirectory(Path root) {
    this.root = root.toAbsolutePath().normalize();
  }

  Path root() {
    return root;
  }

  Path lockFile() {
    return root.resolve("lock");
  }

  Path ownerFile() {
    return root.resolve("owner.json");
  }

  /**
   * Makes it, if it is not there, and makes it private. What is swept later must be ours: a directory that holds other
   * things, or is another series', is left as it is.
   */
  void prepare(String series) throws IOException {
    PrivateFiles.directory(root);
    Path owner = root.resolve(OWNER);
    List<Path> entries =
        entries(root); // before looking for the owner: another thread may be here too
    if (!PrivateFiles.isThere(owner)) {
      refuseForeign(entries);
      PrivateFiles.makePrivate(root);
      PrivateFiles.write(owner, (series + "\n").getBytes(StandardCharsets.UTF_8));
    }
    String known = Files.readString(owner).strip();
    if (!known.equals(series)) {
      throw new IOException(
          "it is that of series " + Text.quoted(known) + "; every series needs one of its own");
    }
    PrivateFiles.makePrivate(root);
  }

  private static void refuseForeign(List<Path> entries) throws IOException {
    for (Path entry : entries) {
      String name = entry.getFileName().toString();
      if (!BEFORE_ANY_TURN.contains(name) && !name.endsWith(PrivateFiles.PART)) {
        throw new IOException("it is not empty and was not made by Lifeboat (it holds "
            + Text.quoted(name) + "); name one that is not there yet");
      }
    }
  }

  /** Removes what earlier runs left in scratch and staging. To be called by whose turn it is. */
  void sweep() throws IOException {
    PrivateFiles.deleteTree(root.resolve("scratch"));
    for (Path staging : entries(root.resolve("staging"))) {
      if (!isKept(staging)) {
        PrivateFiles.deleteTree(staging);
      }
    }
    sweepParts(root, name -> !name.startsWith(OWNER + "."));
    sweepParts(root.resolve("begun"), name -> true);
    // may be written out of turn as well, but it can be written again
    for (Path folder : List.of(root.resolve("sinks"), cache())) {
      if (Files.isDirectory(folder)) {
        sweepParts(folder, name -> true);
      }
    }
    sweepOldParts();
  }

  private static void sweepParts(Path folder, Predicate<String> which) throws IOException {
    for (Path file : entries(folder)) {
      String name = file.getFileName().toString();
      if (name.endsWith(PrivateFiles.PART) && which.test(name)) {
        Files.deleteIfExists(file);
      }
    }
  }

  /** Whose series it is may be written out of turn, by several at once: left alone until nobody can be writing it. */
  private void sweepOldParts() throws IOException {
    Instant now;
    try {
      now = Files.getLastModifiedTime(ownerFile()).toInstant();
    } catch (NoSuchFileException e) {
      return; // the disk is so full that not even whose turn it is could be written
    }
    for (Path file : entries(root)) {
      if (file.getFileName().toString().endsWith(PrivateFiles.PART)
          && isBefore(file, now.minus(PARTS_AGE))) {
        Files.deleteIfExists(file);
      }
    }
  }

  private static boolean isBefore(Path file, Instant time) throws IOException {
    try {
      return Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS)
          .toInstant()
          .isBefore(time);
    } catch (NoSuchFileException e) {
      return false; // whoever wrote it is done with it
    }
  }

  /** A new empty directory for one component's snapshot. */
  Path scratch(String component) throws IOException {
    return fresh(root.resolve("scratch"), component);
  }

  /** A new empty directory for one restore or drill; never one that was kept. */
  Path staging(BackupId id) throws IOException {
    Path parent = root.resolve("staging");
    String name = id.toString();
    for (int i = 2; PrivateFiles.isThere(parent.resolve(name).resolve(KEEP)); i++) {
      name = id + "-" + i;
    }
    return fresh(parent, name);
  }

  /** A new empty directory for one component in it. */
  static Path stagingOf(Path staging, String component) throws IOException {
    return fresh(staging, component);
  }

  /** Lets the next sweeps leave this staging directory alone, also after a power cut. */
  static void keep(Path staging) throws IOException {
    PrivateFiles.write(staging.resolve(KEEP), new byte[0]);
    PrivateFiles.syncTree(staging);
  }

  private static boolean isKept(Path staging) throws IOException {
    return Files.readAttributes(staging, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
            .isDirectory()
        && PrivateFiles.isThere(staging.resolve(KEEP));
  }

  static void remove(Path directory) throws IOException {
    PrivateFiles.deleteTree(directory);
  }

  /** Bytes free on the disk of scratch and staging. */
  long free() throws IOException {
    Path existing = root;
    while (!PrivateFiles.isThere(existing) && existing.getParent() != null) {
      existing = existing.getParent();
    }
    return Files.getFileStore(existing).getUsableSpace();
  }

  /** Remembers that a backup has begun, before the first of its objects is put. */
  void begin(BackupId id, String sink) throws IOException {
    Path begun = PrivateFiles.directory(root.resolve("begun"));
    PrivateFiles.write(begun.resolve(id.toString()), Json.write(Map.of("sink", sink)));
  }

  /** Forgets it: it is whole, or nothing of it is left. */
  void end(BackupId id) throws IOException {
    Files.deleteIfExists(root.resolve("begun").resolve(id.toString()));
  }

  /** Backups begun here for this sink, and not known to have ended. */
  List<BackupId> begun(String sink) throws IOException {
    List<BackupId> ids = new ArrayList<>();
    for (Path file : entries(root.resolve("begun"))) {
      Optional<BackupId> id = BackupId.tryParse(file.getFileName().toString());
      if (id.isPresent() && sinkOf(file).equals(Optional.of(sink))) {
        ids.add(id.get());
      }
    }
    return ids;
  }

  /** What cannot be read tells nothing: then what that run left is swept when it is old. */
  private static Optional<String> sinkOf(Path begun) throws IOException {
    try {
      return Optional.of(Json.parse(Files.readAllBytes(begun)).string("sink"));
    } catch (MalformedJsonException e) {
      Log.warn("{} is damaged and is not used: {}", begun, Words.of(e));
      return Optional.empty();
    }
  }

  /** The identity of the series in this sink, as it was seen last. */
  Optional<String> knownSeries(String sink) throws IOException {
    try {
      JsonObject known = Json.parse(Files.readAllBytes(knownFile(sink)));
      return Optional.of(known.string("series"));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (MalformedJsonException e) {
      throw new IOException(
          knownFile(sink) + " is damaged (" + e.getMessage() + "); remove it if the sink is right",
          e);
    }
  }

  void rememberSeries(String sink, String identity) throws IOException {
    PrivateFiles.directory(root.resolve("sinks"));
    PrivateFiles.write(knownFile(sink), Json.write(Map.of("sink", sink, "series", identity)));
  }

  /** Where that is remembered, for a message that says how to forget it. */
  Path knownFile(String sink) {
    String name = Digest.of(sink.getBytes(StandardCharsets.UTF_8)).sha256().substring(0, 16);
    return root.resolve("sinks").resolve(name + ".json");
  }

  Path cache() {
    return root.resolve("cache");
  }

  /** What lies in a directory; nothing if it is not there. */
  static List<Path> entries(Path directory) throws IOException {
    List<Path> entries = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
      stream.forEach(entries::add);
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return entries;
  }

  private static Path fresh(Path parent, String name) throws IOException {
    Path directory = parent.resolve(name);
    PrivateFiles.deleteTree(directory);
    return PrivateFiles.directoryUnsynced(directory);
  }

  @Override
  public String toString() {
    return root.toString();
  }
}
