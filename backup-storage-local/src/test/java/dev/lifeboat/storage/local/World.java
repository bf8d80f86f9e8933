package dev.lifeboat.storage.local;

import static dev.lifeboat.storage.local.Sailor.require;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeboat.BackupException;
import dev.lifeboat.BackupException.Kind;
import dev.lifeboat.Backups;
import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.Depth;
import dev.lifeboat.catalog.Manifest;
import dev.lifeboat.catalog.Part;
import dev.lifeboat.codec.Codec;
import dev.lifeboat.codec.Compression;
import dev.lifeboat.crypto.BackupKey;
import dev.lifeboat.crypto.Encryption;
import dev.lifeboat.retention.RetentionPolicy;
import dev.lifeboat.sink.BackupSink;
import dev.lifeboat.sink.Sinks;
import dev.lifeboat.sink.StoredObject;
import dev.lifeboat.testkit.FaultySink;
import dev.lifeboat.testkit.FreshTombstone;
import dev.lifeboat.testkit.Oracle;
import dev.lifeboat.testkit.Report;
import dev.lifeboat.testkit.Report.What;
import dev.lifeboat.testkit.SettableClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A series in a directory, all that belongs to it, and what must hold of it. */
final class World {
  private static final int PART = 64 << 10;
  private static final List<Codec> CODECS =
      List.of(Compression.none(), Compression.gzip(), Compression.zstd(), Compression.zstd(1, 1));
  private static final List<ZoneId> ZONES =
      List.of(ZoneId.of("UTC"), ZoneId.of("Europe/Berlin"), ZoneId.of("Australia/Lord_Howe"));

  final SettableClock clock = SettableClock.at("2026-02-14T14:30:45Z");
  final Oracle oracle = new Oracle();
  final Path root;
  final Path store;
  final Live live;
  final MortalSink mortal;
  final FaultySink faulty;
  final Vandal vandal;
  private final Optional<Path> key;
  private final BackupSink sink;
  private final Backups observer;
  private Path work;
  private Backups backups;
  private Sailor sailor;
  private boolean calm = true;

  /**
   * An empty one.
   *
   * @param encrypted whether those who use it have a key, which lies in a file beside it
   */
  World(Path root, boolean encrypted) throws IOException {
    this.root = Files.createDirectories(root);
    this.key = encrypted ? Optional.of(root.resolve("key")) : Optional.empty();
    if (encrypted) {
      BackupKey.generate().writeTo(root.resolve("key"));
    }
    this.store = root.resolve("store");
    this.live = new Live(root.resolve("live"));
    this.mortal = MortalSink.throwing(LocalSink.in(store));
    this.faulty = FaultySink.over(mortal);
    this.sink = Sinks.retrying(faulty, 3, Duration.ZERO);
    this.vandal = new Vandal(LocalSink.in(store), oracle, encrypted);
    this.observer = encrypting(Backups.builder("shop"), key)
        .sink(LocalSink.in(store))
        .workDirectory(work("observer"))
        .clock(clock)
        .build();
    this.work = work("a");
    this.backups = series(sink, live, clock, key)
        .workDirectory(work)
        .retention(RetentionPolicy.keepLast(3))
        .build();
    this.sailor = new Sailor(backups, live, clock, oracle);
  }

  /** With retries that do not wait. */
  static Backups.Builder series(BackupSink sink, Live live, Clock clock, Optional<Path> key) {
    Backups.Builder builder =
        encrypting(Backups.builder("shop"), key).sink(sink).partSize(PART).clock(clock);
    Live.NEEDED.forEach(name -> builder.source(live.source(name)));
    return builder.optionalSource(live.source(Live.OPTIONAL));
  }

  private static Backups.Builder encrypting(Backups.Builder builder, Optional<Path> key) {
    try {
      return key.isPresent()
          ? builder.encryption(Encryption.key(BackupKey.file(key.get())))
          : builder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether the sink does what it should. */
  boolean isCalm() {
    return calm;
  }

  void rough() {
    calm = false;
  }

  /** The sink works again. */
  void calm() {
    mortal.revive();
    faulty.healed();
    calm = true;
  }

  Backups backups() {
    return backups;
  }

  Sailor sailor() {
    return sailor;
  }

  Optional<Path> key() {
    return key;
  }

  Path work() {
    return work;
  }

  Path work(String name) {
    return root.resolve("work-" + name);
  }

  /** The host starts anew, with other settings; now and then it is another host. */
  String restart(Random random) {
    live.well();
    work = work(random.nextInt(4) == 0 ? "b" : "a");
    Codec codec = CODECS.get(random.nextInt(CODECS.size()));
    RetentionPolicy policy = policy(random).zone(ZONES.get(random.nextInt(ZONES.size())));
    backups = series(sink, live, clock, key)
        .workDirectory(work)
        .compression(codec)
        .retention(policy)
        .build();
    sailor = new Sailor(backups, live, clock, oracle);
    return work.getFileName() + ", " + codec.id() + ", " + policy;
  }

  private static RetentionPolicy policy(Random random) {
    return switch (random.nextInt(6)) {
      case 0 -> RetentionPolicy.keepLast(1);
      case 1 -> RetentionPolicy.keepLast(2).daily(3).weekly(2);
      case 2 -> RetentionPolicy.keepWithin(Duration.ofDays(3)).monthly(2);
      case 3 -> RetentionPolicy.keepLast(5).hourly(2).yearly(1);
      case 4 -> RetentionPolicy.keepAll().maxTotalSize(300_000);
      default -> RetentionPolicy.keepLast(4);
    };
  }

  /** As somebody sees it whom no weather touches. */
  Set<BackupId> listed() {
    return observer.list().stream().map(Backup::id).collect(Collectors.toSet());
  }

  /** What must hold after every step. */
  void look() {
    for (BackupId id : oracle.unsure()) {
      oracle.accept(Report.of(isThere(id) ? What.KEPT : What.DELETED, id));
    }
    oracle.look(backups.list());
  }

  private boolean isThere(BackupId id) {
    try {
      return backups.find(id).isPresent();
    } catch (BackupException e) {
      require(e.kind() == Kind.DAMAGED, e.toString());
      return true;
    }
  }

  /** Every backup is what it was, or is known to be harmed. */
  void lookClosely() throws IOException {
    for (BackupId id : oracle.existing()) {
      if (oracle.harms(id).isEmpty()) {
        sailor.read(id, oracle.making(id).contents());
        sailor.verify(id, Depth.CONTENT);
        oracle.accept(Report.of(What.SOUND, id));
      } else {
        requireFound(id, Depth.CONTENT);
      }
    }
    look();
  }

  /** A harmed one does not verify. */
  String requireFound(BackupId id, Depth depth) {
    try {
      sailor.verify(id, depth);
    } catch (BackupException e) {
      require(e.kind() == Kind.DAMAGED, e.toString());
      return "found the damage of " + id + " at " + depth;
    }
    throw new AssertionError(id + " is harmed, and verifies at " + depth);
  }

  /** After one more round on each host, when all is old, there is nothing that no backup needs. */
  void tidyUp() throws IOException {
    vandal.healAll();
    lookClosely();
    age();
    for (String host : List.of("a", "b", "mate")) {
      work = work(host);
      clock.advance(Duration.ofDays(3));
      backups = series(Sinks.retrying(LocalSink.in(store), 3, Duration.ZERO), live, clock, key)
          .workDirectory(work)
          .retention(RetentionPolicy.keepLast(5))
          .build();
      sailor = new Sailor(backups, live, clock, oracle);
      sailor.create(new Random(0));
      prune();
    }
    look();
    lookClosely();
    assertThat(leftOver()).as("left in the sink").isEmpty();
    for (String host : List.of("a", "b", "mate")) {
      assertThat(privateFiles(work(host))).as("left in the work directory").isEmpty();
    }
  }

  /** All ids and all files are of long ago. */
  private void age() throws IOException {
    Instant newest = Instant.now();
    for (BackupId id : oracle.existing()) {
      newest = newest.isAfter(id.time()) ? newest : id.time();
    }
    clock.set(newest.isAfter(clock.instant()) ? newest : clock.instant());
    clock.advance(Duration.ofDays(60));
    for (Path file : files(store)) {
      if (file.getFileName().toString().endsWith(".part")) {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofDays(2))));
      }
    }
  }

  /** Prunes, and takes nothing that is held. */
  String prune() {
    Set<BackupId> held = held();
    return keeping(held, () -> "pruned " + Sailor.removed(sailor.prune()));
  }

  /** Neither a prune nor what is dated ahead may take these. */
  Set<BackupId> held() {
    Set<BackupId> held = new HashSet<>(oracle.held(clock.instant()));
    oracle.existing().stream()
        .filter(id -> Oracle.isFuture(id, clock.instant()))
        .forEach(held::add);
    return held;
  }

  /** Does something after which these are all listed that are now. */
  String keeping(Set<BackupId> held, Verb verb) {
    Set<BackupId> before = listed();
    String outcome = verb.run();
    before.removeAll(listed());
    before.retainAll(held);
    require(before.isEmpty(), outcome + ", and these were held: " + before);
    return outcome;
  }

  interface Verb {
    String run();
  }

  private Set<String> leftOver() throws IOException {
    Set<String> needed = new TreeSet<>(Set.of("shop/series.json", "shop/RECOVERY.txt"));
    Set<String> marked = new HashSet<>();
    for (Backup backup : backups.list()) {
      needed.add("shop/catalog/" + backup.id() + ".json");
      needed.add("shop/catalog/" + backup.id() + ".auth");
      key.ifPresent(used -> needed.add("shop/" + backup.id() + "/keys.json"));
      backup.manifest().components().stream()
          .flatMap(component -> component.parts().stream())
          .map(Part::name)
          .forEach(name -> needed.add(name.value()));
      marked.add("shop/catalog/" + backup.id() + "\\.(pin|proof|damage)-.*");
      backup
          .manifest()
          .previous()
          .map(Manifest.Predecessor::id)
          .ifPresent(id -> marked.add("shop/catalog/" + id + "\\.deleted-.*"));
    }
    Set<String> there = new TreeSet<>();
    for (StoredObject stored : LocalSink.in(store).list("")) {
      there.add(stored.name().value());
    }
    assertThat(there).containsAll(needed);
    for (Path file : files(store)) {
      there.add(store.relativize(file).toString().replace('\\', '/'));
    }
    there.remove(".lifeboat");
    there.removeAll(needed);
    List<String> listed =
        backups.list().stream().map(backup -> backup.id().toString()).toList();
    there.stream() // of what was deleted last and was the newest: others may have seen it
        .filter(name -> name.startsWith("shop/catalog/") && name.contains(".deleted-"))
        .map(name -> name.substring("shop/catalog/".length(), name.indexOf('.')))
        .max(Comparator.naturalOrder())
        .filter(last -> listed.stream().allMatch(id -> id.compareTo(last) < 0))
        .ifPresent(last -> marked.add("shop/catalog/" + last + "\\.deleted-.*"));
    there.removeIf(
        name -> marked.stream().anyMatch(name::matches) || FreshTombstone.is(name, clock));
    return there;
  }

  private static List<Path> privateFiles(Path work) throws IOException {
    List<Path> left = new ArrayList<>();
    for (String folder : List.of("scratch", "staging", "begun")) {
      left.addAll(files(work.resolve(folder)));
    }
    files(work).stream().filter(file -> file.toString().endsWith(".part")).forEach(left::add);
    return left;
  }

  private static List<Path> files(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return List.of();
    }
    try (Stream<Path> walk = Files.walk(directory)) {
      return walk.filter(Files::isRegularFile).toList();
    }
  }

  static void deleteTree(Path top) throws IOException {
    if (!Files.exists(top)) {
      return;
    }
    try (Stream<Path> walk = Files.walk(top)) {
      for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
