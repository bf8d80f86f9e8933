package dev.lifeboat.testkit;

import dev.lifeboat.Backups;
import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.Reason;
import dev.lifeboat.codec.Compression;
import dev.lifeboat.crypto.Encryption;
import dev.lifeboat.retention.RetentionPolicy;
import dev.lifeboat.sink.BackupSink;
import dev.lifeboat.sink.Content;
import dev.lifeboat.sink.ObjectName;
import dev.lifeboat.sink.Sinks;
import dev.lifeboat.sink.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/** A small series of five backups whose sink and work directory lie on a disk that may fail. */
final class Harbour {
  private static final int PART = 64 << 10;

  private static final String BEGIN = "2026-02-14T14:30:45Z";

  /**
   * Five backups as they lie in a sink and in a work directory, to begin with again and again.
   *
   * @param files below the directory, where the sink or the work directory keep any
   */
  record Sea(
      Map<String, byte[]> files,
      Map<ObjectName, byte[]> objects,
      Map<BackupId, byte[]> contents,
      List<BackupId> ids) {}

  private final SettableClock clock = SettableClock.at(BEGIN);
  private final Path directory;
  private final Function<Path, BackupSink> sinks;
  private final Optional<Encryption> encryption;
  private final StagedDocument orders = new StagedDocument(Optional.empty());
  private final StagedDocument elsewhere = new StagedDocument(Optional.empty());
  private final Map<BackupId, byte[]> contents = new HashMap<>();
  private List<BackupId> sea = List.of();
  private FaultyDisk disk = new FaultyDisk().notForcing();
  private Backups backups;
  private BackupSink sink;

  SettableClock clock() {
    return clock;
  }

  /**
   * An empty one.
   *
   * @param directory an empty directory, to lie in: a folder for either
   * @param sinks gives the sink again and again, as another process would open it
   * @param encryption of the backups, if they are encrypted
   */
  Harbour(Path directory, Function<Path, BackupSink> sinks, Optional<Encryption> encryption) {
    this.directory = directory;
    this.sinks = sinks;
    this.encryption = encryption;
    this.sink = sinks.apply(directory.resolve("sink"));
    this.backups = on(disk);
  }

  /** Five backups, an hour apart. */
  static Sea sea(Path directory, Function<Path, BackupSink> sinks, Optional<Encryption> encryption)
      throws IOException {
    Harbour harbour = new Harbour(directory, sinks, encryption);
    for (int i = 1; i <= 5; i++) {
      harbour.orders.set(content(i, 3000));
      harbour.contents.put(
          harbour.backups.create(Reason.MANUAL).id(), harbour.orders.live().orElseThrow());
      harbour.clock.advance(Duration.ofHours(1));
    }
    Map<ObjectName, byte[]> objects = new TreeMap<>();
    for (StoredObject stored : harbour.sink.list("")) {
      try (InputStream in = harbour.sink.open(stored.name())) {
        objects.put(stored.name(), in.readAllBytes());
      }
    }
    Map<String, byte[]> files = new TreeMap<>();
    for (Path path : everythingIn(directory)) {
      if (Files.isRegularFile(path)) {
        files.put(directory.relativize(path).toString(), Files.readAllBytes(path));
      }
    }
    return new Sea(files, objects, Map.copyOf(harbour.contents), harbour.listed());
  }

  static List<Path> everythingIn(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(path -> !path.equals(directory)).toList();
    }
  }

  /**
   * The five lie in the sink, and other data is live.
   *
   * @param known whether the work directory lies there too
   */
  void fill(Sea five, boolean known, int size) throws IOException {
    for (Map.Entry<String, byte[]> file : five.files().entrySet()) {
      Path path = directory.resolve(file.getKey());
      if (known || !path.startsWith(workDirectory())) {
        Files.createDirectories(Objects.requireNonNull(path.getParent()));
        Files.write(path, file.getValue());
      }
    }
    Set<String> there = new HashSet<>(names());
    for (Map.Entry<ObjectName, byte[]> object : five.objects().entrySet()) {
      if (!there.contains(object.getKey().value())) {
        sink.put(object.getKey(), Content.of(object.getValue()));
      }
    }
    contents.putAll(five.contents());
    sea = five.ids();
    clock.advance(Duration.ofHours(5));
    orders.set(content(6, size));
  }

  /** From now on all goes through this disk, as in a new process. */
  Backups on(FaultyDisk other) {
    disk = other;
    Path root = other.over(directory);
    sink = sinks.apply(root.resolve("sink"));
    Backups.Builder builder = Backups.builder("shop");
    encryption.ifPresent(builder::encryption);
    backups = builder
        .source(orders)
        .sink(Sinks.retrying(sink, 3, Duration.ZERO))
        .compression(Compression.none())
        .partSize(PART)
        .retention(RetentionPolicy.keepLast(3))
        .workDirectory(root.resolve("work"))
        .patience(Duration.ZERO)
        .clock(clock)
        .build();
    return backups;
  }

  /** One more, of other data. */
  void makeAnother() {
    clock.advance(Duration.ofHours(1));
    orders.set(content(7, 3000));
    BackupId id = backups.create(Reason.MANUAL).id();
    contents.put(id, orders.live().orElseThrow());
  }

  FaultyDisk disk() {
    return disk;
  }

  Backups backups() {
    return backups;
  }

  BackupSink sink() {
    return sink;
  }

  StagedDocument orders() {
    return orders;
  }

  StagedDocument elsewhere() {
    return elsewhere;
  }

  /** Where the sink lies, if it lies on the disk, as the disk behind knows it. */
  Path sinkDirectory() {
    return directory.resolve("sink");
  }

  Path workDirectory() {
    return directory.resolve("work");
  }

  /** The five, newest first. */
  List<BackupId> sea() {
    return sea;
  }

  List<BackupId> listed() {
    return backups.list().stream().map(Backup::id).toList();
  }

  /** What a listed one must give back; one that nobody knows of holds what was live. */
  byte[] contentOf(BackupId id, byte[] live) {
    return contents.computeIfAbsent(id, unknown -> live);
  }

  byte[] read(BackupId id) throws IOException {
    try (InputStream in = backups.open(id, "orders")) {
      return in.readAllBytes();
    }
  }

  List<String> names() throws IOException {
    List<String> names = new ArrayList<>();
    for (StoredObject stored : sink.list("")) {
      names.add(stored.name().value());
    }
    return names;
  }

  private static byte[] content(int number, int size) {
    byte[] content = new byte[size];
    new Random(number).nextBytes(content);
    return content;
  }
}
