package dev.lifeboat.storage.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeboat.BackupEvent;
import dev.lifeboat.Backups;
import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.Reason;
import dev.lifeboat.codec.Compression;
import dev.lifeboat.crypto.Encryption;
import dev.lifeboat.retention.RetentionPolicy;
import dev.lifeboat.source.BytesSource;
import dev.lifeboat.testkit.SettableClock;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;

/** What a small application keeps of its backups, with sink and work directory on one disk. */
final class Machine {
  static final int PART = 64 << 10;
  static final String START = "2026-02-14T14:30:45Z";

  final SettableClock clock;
  final Path sink;
  final Path work;
  private final Optional<Encryption> encryption;
  private final List<BackupEvent> events = new CopyOnWriteArrayList<>();
  private final Map<BackupId, byte[]> contents = new HashMap<>();
  private byte[] live;
  private boolean refusing;

  /** On the disk of this root, with encrypted backups or with such in clear. */
  Machine(Path root, SettableClock clock, Optional<Encryption> encryption) {
    this.clock = clock;
    this.encryption = encryption;
    this.sink = root.resolve("mnt").resolve("backups");
    this.work = root.resolve("home").resolve("app").resolve("lifeboat").resolve("shop");
    this.live = noise(1000, 0);
  }

  /** Another disk, and everything else as it is. */
  Machine at(Path root, SettableClock otherClock) {
    Machine other = new Machine(root, otherClock, encryption);
    other.contents.putAll(contents);
    other.live = live.clone();
    return other;
  }

  static byte[] noise(int size, long seed) {
    byte[] noise = new byte[size];
    new Random(seed).nextBytes(noise);
    return noise;
  }

  /** All objects are new, as in a new process. */
  Backups backups() {
    Backups.Builder builder = Backups.builder("shop");
    encryption.ifPresent(builder::encryption);
    return builder
        .source(BytesSource.of("orders", () -> live, this::receive))
        .sink(LocalSink.in(sink))
        .compression(Compression.none())
        .partSize(PART)
        .workDirectory(work)
        .patience(Duration.ZERO)
        .retention(RetentionPolicy.keepLast(2))
        .listener(events::add)
        .clock(clock)
        .build();
  }

  private void receive(byte[] document) throws IOException {
    if (refusing) {
      throw new IOException("not now");
    }
    live = document;
  }

  /** From now on the application takes nothing back. */
  void refuses() {
    refusing = true;
  }

  /** Of a content of its own, an hour after the one before. */
  Backup make(Backups backups, int size) {
    clock.advance(Duration.ofHours(1));
    live = noise(size, clock.instant().getEpochSecond());
    return remembered(backups.create(Reason.MANUAL));
  }

  Backup remembered(Backup backup) {
    contents.put(backup.id(), live);
    return backup;
  }

  void remember(BackupId id, byte[] content) {
    contents.put(id, content);
  }

  /** What is listed and was not made here is of this content. */
  void rememberUnknown(byte[] content) {
    ids(backups().list()).forEach(id -> contents.putIfAbsent(id, content));
  }

  byte[] live() {
    return live;
  }

  byte[] content(BackupId id) {
    return Objects.requireNonNull(contents.get(id), () -> "the content of " + id);
  }

  boolean knows(BackupId id) {
    return contents.containsKey(id);
  }

  /** It gives back what was live. */
  void assertGivesBack(Backups backups, BackupId id) {
    try (InputStream in = backups.open(id, "orders")) {
      assertThat(in.readAllBytes()).as("content of %s", id).isEqualTo(content(id));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<String> warnings() {
    return events.stream()
        .filter(BackupEvent.Warned.class::isInstance)
        .map(BackupEvent.Warned.class::cast)
        .map(warned -> warned.subject() + ": " + warned.message())
        .toList();
  }

  static List<BackupId> ids(List<Backup> backups) {
    return backups.stream().map(Backup::id).toList();
  }
}
