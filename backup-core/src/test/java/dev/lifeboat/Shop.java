package dev.lifeboat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.Depth;
import dev.lifeboat.catalog.Manifest;
import dev.lifeboat.catalog.Part;
import dev.lifeboat.catalog.Reason;
import dev.lifeboat.codec.Compression;
import dev.lifeboat.crypto.Encryption;
import dev.lifeboat.sink.BackupSink;
import dev.lifeboat.sink.Content;
import dev.lifeboat.sink.Digest;
import dev.lifeboat.sink.MemorySink;
import dev.lifeboat.sink.ObjectName;
import dev.lifeboat.sink.Sinks;
import dev.lifeboat.sink.StoredObject;
import dev.lifeboat.testkit.FreshTombstone;
import dev.lifeboat.testkit.SettableClock;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/** A small series over memory, and what must hold of it whatever happened. */
final class Shop {
  static final int PART = 64 << 10;

  final SettableClock clock = SettableClock.at("2026-02-14T14:30:45Z");
  final MemorySink memory;
  final Documents orders = new Documents("orders", text("the first orders"));
  final List<BackupEvent> events = new CopyOnWriteArrayList<>();
  private final Path work;
  private final Optional<Encryption> encryption;
  private final Map<BackupId, byte[]> contents = new HashMap<>();
  final Documents annex = Documents.none("orders");
  private List<BackupId> sea = List.of();
  private byte[] last = new byte[0];
  private int made;

  Shop(Path work) {
    this(work, Optional.empty());
  }

  /** Encrypted or not. */
  Shop(Path work, Optional<Encryption> encryption) {
    this.work = work;
    this.encryption = encryption;
    this.memory = new MemorySink("shop", clock);
  }

  /** The same objects and contents, for a fault of its own; a work directory that knows of nothing. */
  Shop copy(Path otherWork) {
    Shop copy = new Shop(otherWork, encryption);
    copy.clock.set(clock.instant());
    names().forEach(name -> copy.put(ObjectName.of(name), get(ObjectName.of(name))));
    copy.contents.putAll(contents);
    copy.made = made;
    copy.sea = sea;
    copy.orders.live = orders.live;
    return copy;
  }

  static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Content that no codec makes smaller. */
  static byte[] noise(int size, long seed) {
    byte[] noise = new byte[size];
    new Random(seed).nextBytes(noise);
    return noise;
  }

  /** Over this sink, with retries that do not wait. */
  Backups.Builder over(BackupSink sink) {
    return over(sink, work);
  }

  Backups.Builder over(BackupSink sink, Path otherWork) {
    Backups.Builder builder = Backups.builder("shop");
    encryption.ifPresent(builder::encryption);
    return builder
        .source(orders)
        .sink(Sinks.retrying(sink, 3, Duration.ZERO))
        .compression(Compression.none())
        .partSize(PART)
        .workDirectory(otherWork)
        .patience(Duration.ZERO)
        .listener(events::add)
        .clock(clock);
  }

  Backups backups() {
    return over(memory).build();
  }

  /** So many, an hour apart, each of its own content in two parts. */
  void makeBackups(int count) {
    Backups backups = backups();
    for (int i = 0; i < count; i++) {
      Backup backup = make(backups);
      clock.advance(Duration.ofHours(1));
      assertThat(backup.state().isGood()).isTrue();
    }
  }

  Backup make(Backups backups) {
    byte[] content = nextContent();
    Backup backup = backups.create(Reason.MANUAL);
    contents.put(backup.id(), content);
    return backup;
  }

  byte[] nextContent() {
    last = noise(PART + 1000, ++made);
    orders.live = last;
    return last;
  }

  /** What was made live last, whatever was restored over it since. */
  byte[] lastContent() {
    return last;
  }

  /** What was live when this one was made. */
  void remember(BackupId id, byte[] content) {
    contents.put(id, content);
  }

  boolean knows(BackupId id) {
    return contents.containsKey(id);
  }

  byte[] live() {
    return Objects.requireNonNull(orders.live);
  }

  /** The ids as they are listed now, newest first, for {@link #sea}. */
  void remembersSea() {
    sea = ids(backups().list());
  }

  List<BackupId> sea() {
    return sea;
  }

  byte[] content(BackupId id) {
    return Objects.requireNonNull(contents.get(id), () -> "the content of " + id);
  }

  /** Every listed one is whole, proves right, and gives back what was live. */
  void assertAllListedAreWhole(Backups backups) {
    assertAllListedGiveBackWhatWasLive(backups);
    for (Backup backup : backups.list()) {
      backups.verify(backup.id(), Depth.CONTENT);
    }
  }

  void assertAllListedGiveBackWhatWasLive(Backups backups) {
    for (Backup backup : backups.list()) {
      assertThat(read(backups, backup.id())).isEqualTo(content(backup.id()));
    }
  }

  byte[] read(Backups backups, BackupId id) {
    try (InputStream in = backups.open(id, "orders")) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<BackupId> ids(List<Backup> backups) {
    return backups.stream().map(Backup::id).toList();
  }

  List<String> names() {
    return memory.list("").stream()
        .map(StoredObject::name)
        .map(ObjectName::value)
        .toList();
  }

  /** Nothing lies in the sink but what listed backups need, their marks, and tombstones that explain a gap or are fresh. */
  void assertNothingIsLeftOver(Backups backups) {
    Set<String> needed = new TreeSet<>(Set.of("shop/series.json", "shop/RECOVERY.txt"));
    Set<String> listed = new HashSet<>();
    Set<String> named = new HashSet<>();
    for (Backup backup : backups.list()) {
      listed.add(backup.id().toString());
      needed.add("shop/catalog/" + backup.id() + ".json");
      needed.add("shop/catalog/" + backup.id() + ".auth");
      if (encryption.isPresent()) {
        needed.add("shop/" + backup.id() + "/keys.json");
      }
      backup.manifest().components().stream()
          .flatMap(component -> component.parts().stream())
          .map(Part::name)
          .forEach(name -> needed.add(name.value()));
      backup
          .manifest()
          .previous()
          .map(Manifest.Predecessor::id)
          .ifPresent(id -> named.add(id.toString()));
    }
    List<String> rest = new ArrayList<>(names());
    assertThat(rest).containsAll(needed);
    rest.removeAll(needed);
    rest.removeIf(name -> isMark(name, "(pin|proof|damage)", listed));
    named.removeAll(listed);
    newestTombstone(listed).ifPresent(named::add);
    rest.removeIf(name -> isMark(name, "deleted", named) || FreshTombstone.is(name, clock));
    assertThat(rest).as("left over").isEmpty();
  }

  /** Of what was deleted last and was the newest: others may have seen it. */
  private Optional<String> newestTombstone(Set<String> listed) {
    return names().stream()
        .filter(name -> name.startsWith("shop/catalog/") && name.contains(".deleted-"))
        .map(name -> name.substring("shop/catalog/".length(), name.indexOf('.')))
        .max(Comparator.naturalOrder())
        .filter(last -> listed.stream().allMatch(id -> id.compareTo(last) < 0));
  }

  private static boolean isMark(String name, String kinds, Set<String> ids) {
    return ids.stream()
        .anyMatch(id -> name.matches("shop/catalog/" + id + "\\." + kinds + "-[a-z2-7]{8}\\.json"));
  }

  /** Changes an object behind everybody's back; the store attests what it then holds. */
  void replace(ObjectName name, byte[] bytes) {
    memory.delete(name);
    put(name, bytes);
  }

  /** The manifest says something else, and what authenticates it says so too: as if it had been made so. */
  void rewrite(BackupId id, UnaryOperator<String> change) {
    String before = new String(get(manifest(id)), StandardCharsets.UTF_8);
    String after = change.apply(before);
    assertThat(after).isNotEqualTo(before);
    Digest digest = Digest.of(text(after));
    replace(manifest(id), text(after));
    replace(
        authentication(id),
        text("{\"format\":1,\"size\":" + digest.size() + ",\"sha256\":\"" + digest.sha256()
            + "\"}"));
  }

  void put(ObjectName name, byte[] bytes) {
    try {
      memory.put(name, Content.of(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  byte[] get(ObjectName name) {
    try (InputStream in = memory.open(name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static ObjectName manifest(BackupId id) {
    return ObjectName.of("shop/catalog/" + id + ".json");
  }

  static ObjectName authentication(BackupId id) {
    return ObjectName.of("shop/catalog/" + id + ".auth");
  }

  List<String> warnings() {
    return events.stream()
        .filter(BackupEvent.Warned.class::isInstance)
        .map(BackupEvent.Warned.class::cast)
        .map(warned -> warned.subject() + ": " + warned.message())
        .toList();
  }

  static BackupException failure(Runnable verb) {
    BackupException thrown = catchThrowableOfType(BackupException.class, verb::run);
    assertThat(thrown).as("it must fail").isNotNull();
    return thrown;
  }
}
