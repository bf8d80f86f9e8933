package dev.lifeboat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.Depth;
import dev.lifeboat.catalog.Manifest;
import dev.lifeboat.catalog.Reason;
import dev.lifeboat.codec.Compression;
import dev.lifeboat.crypto.Encryption;
import dev.lifeboat.retention.RetentionPolicy;
import dev.lifeboat.sink.BackupSink;
import dev.lifeboat.sink.MemorySink;
import dev.lifeboat.sink.ObjectName;
import dev.lifeboat.sink.Sinks;
import dev.lifeboat.testkit.Damages;
import dev.lifeboat.testkit.SettableClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;

/**
 * Two series in one sink, so small that every byte of them can be damaged: of "shop" five backups of two components in
 * three parts each, in every compression, with every kind of mark; of "club" one of the same sizes.
 */
final class Fleet {
  private static final int PART = 110;

  /** What encryption adds takes no further part. */
  private static final int SEALED_PART = 146;

  private static final int CONTENT = 300;

  final SettableClock clock = SettableClock.at("2026-02-14T14:30:45Z");
  final MemorySink memory = new MemorySink("fleet", clock);
  final List<String> log = Collections.synchronizedList(new ArrayList<>());
  final Paper orders = new Paper("orders", "", log);
  final Paper uploads = new Paper("uploads", "", log);
  final BackupId deleted;
  final BackupId plain;
  final BackupId packed;
  final BackupId squeezed;
  final BackupId marked;
  final BackupId foreign;
  final Damages damages;
  private final Map<BackupId, List<String>> contents = new HashMap<>();
  private final Map<BackupId, Manifest> manifests = new HashMap<>();

  /** Seen again and again from this work directory, which remembers what it has read. */
  final Series series;

  /** Who has made all of it. */
  final Series writer;

  /** Every object of the deleted one, as it was before. */
  final Map<ObjectName, byte[]> gone = new HashMap<>();

  /** In clear. */
  Fleet(Path work) throws IOException {
    this(work, Optional.empty(), Optional.empty());
  }

  /** Encrypted by one host, and read by another or the same. */
  Fleet(Path work, Encryption writer, Encryption reader) throws IOException {
    this(work, Optional.of(writer), Optional.of(reader));
  }

  private Fleet(Path work, Optional<Encryption> writing, Optional<Encryption> reading)
      throws IOException {
    Path desk = writing.equals(reading) ? work : work.resolveSibling(work.getFileName() + "-desk");
    this.series = series("shop", memory, work, Compression.none(), reading);
    this.writer = series("shop", memory, desk, Compression.none(), writing);
    Series club = series(
        "club",
        memory,
        desk.resolveSibling(desk.getFileName() + "-club"),
        Compression.none(),
        writing);
    this.deleted = make(writer);
    gone.putAll(Damages.of(memory, "shop/").objects());
    gone.keySet().removeIf(name -> !idOf(name).equals(deleted.toString()));
    this.plain = make(writer);
    this.packed = make(series("shop", memory, desk, Compression.gzip(), writing));
    this.squeezed = make(series("shop", memory, desk, Compression.zstd(), writing));
    this.marked = make(writer);
    this.foreign = make(club);
    Announcer announcer = Announcer.silent(writer);
    new Pruning(writer, announcer).delete(deleted, "to leave a tombstone", true);
    new Pinning(writer, announcer).pin(plain, "for the audit");
    new Pinning(writer, announcer).pin(squeezed, "for good");
    for (BackupId id : ids()) {
      new Verification(writer, announcer, id).verify(Depth.STORED);
    }
    assertThat(new Damage(writer, announcer, marked).mark("it smells")).isTrue();
    damages = Damages.of(memory, "");
  }

  /** Newest first: those that are listed while nothing is damaged. */
  List<BackupId> ids() {
    return List.of(marked, squeezed, packed, plain);
  }

  Manifest manifest(BackupId id) {
    return Objects.requireNonNull(manifests.get(id));
  }

  /** What its components held, in their order. */
  List<String> contents(BackupId id) {
    return Objects.requireNonNull(contents.get(id));
  }

  /** Every object of this backup, in its folder and in the catalogue. */
  List<ObjectName> objectsOf(BackupId id) {
    return damages.objects().keySet().stream()
        .filter(name -> idOf(name).equals(id.toString()))
        .toList();
  }

  List<ObjectName> partsOf(BackupId id) {
    return damages.objects().keySet().stream()
        .filter(name -> name.value().contains("/" + id + "/"))
        .toList();
  }

  /** All marks of this kind in the catalogue of "shop". */
  List<ObjectName> marks(Mark.Kind kind) {
    return damages.objects().keySet().stream()
        .filter(name ->
            name.value().startsWith("shop/catalog/") && name.last().contains("." + kind.id() + "-"))
        .toList();
  }

  /** Whose object this is, by its name alone: a backup's id, or some other word. */
  static String idOf(ObjectName name) {
    String[] segments = name.value().split("/", -1);
    return segments[1].equals("catalog") ? segments[2].replaceFirst("\\..*", "") : segments[1];
  }

  /** The same series over another face of the sink, with a policy that keeps as little as may be. */
  Series series(String name, BackupSink sink, Path work, Compression compression) {
    return series(name, sink, work, compression, Optional.empty());
  }

  /** The same, encrypted or not. */
  Series series(
      String name,
      BackupSink sink,
      Path work,
      Compression compression,
      Optional<Encryption> encryption) {
    SeriesBuilder options = new SeriesBuilder(name);
    options.source(orders, false);
    options.source(uploads, false);
    options.sink.set(Sinks.retrying(sink, 3, Duration.ZERO));
    options.workDirectory.set(work);
    options.compression(compression);
    encryption.ifPresent(options.encryption::set);
    options.retention.set(RetentionPolicy.keepLast(1));
    options.clock.set(clock);
    Series built = options.build();
    return new Series(
        built.name(),
        built.by(),
        built.sources(),
        built.shelf(),
        built.compression(),
        built.encryption(),
        built.retention(),
        encryption.isPresent() ? SEALED_PART : PART, // far below what hosts may choose
        built.application(),
        built.environment(),
        built.schemaVersion(),
        built.quiesce(),
        built.maintenance(),
        built.confirmRestores(),
        built.listeners(),
        built.work(),
        built.patience(),
        built.clock());
  }

  private BackupId make(Series where) {
    clock.advance(Duration.ofHours(1));
    List<String> live = List.of(text(2L * manifests.size()), text(2L * manifests.size() + 1));
    orders.live = live.get(0);
    uploads.live = live.get(1);
    Backup backup =
        new Creation(where, Announcer.silent(where)).create(CreateRequest.of(Reason.MANUAL));
    contents.put(backup.id(), live);
    manifests.put(backup.id(), backup.manifest());
    assertThat(backup.manifest().components())
        .allMatch(component -> component.parts().size() == 3);
    return backup.id();
  }

  /** Letters that no codec makes much smaller; always as many. */
  private static String text(long seed) {
    StringBuilder text = new StringBuilder();
    new Random(seed).ints(CONTENT, ' ', '~').forEach(text::appendCodePoint);
    return text.toString();
  }
}
