package dev.lifeboat;

import dev.lifeboat.HostileManifests.Fate;
import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.Depth;
import dev.lifeboat.catalog.Reason;
import dev.lifeboat.catalog.State;
import dev.lifeboat.codec.Compression;
import dev.lifeboat.crypto.BackupKey;
import dev.lifeboat.crypto.Encryption;
import dev.lifeboat.json.Json;
import dev.lifeboat.sink.Digest;
import dev.lifeboat.sink.ObjectName;
import dev.lifeboat.sink.Sinks;
import dev.lifeboat.testkit.SettableClock;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** What runs beside the test, in a small heap: every verb over a store that somebody else has written to. */
final class HostileHarbour {
  private static final String LIVE = "what is live";

  private final SettableClock clock = SettableClock.at("2026-02-14T14:30:45Z");
  private final List<BackupEvent> events = new CopyOnWriteArrayList<>();
  private final Paper orders = new Paper("orders", "");
  private final Paper uploads = new Paper("uploads", "");
  private final FolderSink sink;
  private final Path work;
  private final Backups backups;
  private final List<BackupId> whole = new ArrayList<>();
  private final List<String> found = new ArrayList<>();
  private final BackupId id;
  private final String right;
  private long longest;
  private String slowest = "";
  private String trying = "";
  private int tried;

  /** Where every verb would only read the same once more: less of them is tried, to save time. */
  private boolean brief;

  private HostileHarbour(Path place, Optional<Encryption> encryption) throws IOException {
    this.work = place.resolve("work");
    this.sink = new FolderSink(place.resolve("store"));
    Backups.Builder builder = Backups.builder("shop");
    encryption.ifPresent(builder::encryption);
    this.backups = builder
        .source(orders)
        .source(uploads)
        .sink(Sinks.retrying(sink, 1, Duration.ZERO))
        .compression(Compression.gzip())
        .workDirectory(work)
        .listener(events::add)
        .clock(clock)
        .build();
    for (int i = 0; i < 4; i++) {
      orders.live = content("orders", i);
      uploads.live = content("uploads", i);
      whole.add(0, backups.create(Reason.MANUAL).id());
      clock.advance(Duration.ofHours(1));
    }
    this.id = whole.remove(0);
    this.right = Files.readString(sink.file(Shop.manifest(id)));
  }

  private static String content(String name, int number) {
    return (name + " " + number + " ").repeat(50);
  }

  public static void main(String[] arguments) throws IOException {
    Optional<Encryption> encryption = arguments[0].equals("keys")
        ? Optional.of(Encryption.key(BackupKey.generate())
            .alsoReading(Encryption.passphrase("correct horse battery".toCharArray())))
        : Optional.empty();
    HostileHarbour harbour = new HostileHarbour(Path.of(arguments[1]), encryption);
    switch (arguments[0]) {
      case "keys" -> harbour.keys();
      case "manifests" -> harbour.manifests();
      case "marks" -> harbour.marks();
      case "bombs" -> harbour.bombs();
      default -> throw new IllegalArgumentException(arguments[0]);
    }
    harbour.found.forEach(finding -> System.out.println("FOUND " + finding));
    System.out.println("LONGEST " + harbour.longest + " ms: " + harbour.slowest);
    System.out.println("TRIED " + harbour.tried);
  }

  private void manifests() throws IOException {
    for (HostileManifests.Hostile hostile : HostileManifests.of(right, id, whole.get(0))) {
      begin(hostile.name());
      lay(hostile.body());
      manifest(
          hostile.fate(),
          (content("orders", 3) + content("uploads", 3)).getBytes(StandardCharsets.UTF_8));
      clear();
    }
    finish();
  }

  private void begin(String name) {
    trying = name;
    tried++;
    System.out.println("TRYING " + Words.printable(name));
    events.clear();
  }

  /** Where the right one was, with what proves it: who can write the one can write the other. */
  private void lay(HostileManifests.Body body) throws IOException {
    clear();
    Path manifest = sink.file(Shop.manifest(id));
    try (OutputStream out = Files.newOutputStream(manifest)) {
      body.write(out);
    }
    brief = Files.size(manifest) > 1 << 20;
    Digest digest;
    try (InputStream in = Files.newInputStream(manifest)) {
      digest = Digest.of(in);
    }
    Files.write(
        sink.file(Shop.authentication(id)),
        Json.write(Map.of("format", 1, "size", digest.size(), "sha256", digest.sha256())));
  }

  private void clear() throws IOException {
    PrivateFiles.deleteTree(work.resolve("cache")); // what was read once would not be read again
    Path catalog = sink.file(ObjectName.of("shop/catalog"));
    for (Path file : WorkDirectory.entries(catalog)) {
      boolean ours = whole.stream()
          .anyMatch(good -> file.getFileName().toString().equals(good + ".json")
              || file.getFileName().toString().equals(good + ".auth"));
      if (!ours) {
        Files.delete(file);
      }
    }
  }

  private void manifest(Fate fate, byte[] content) {
    List<Backup> listed = list();
    boolean isListed = listed.stream().anyMatch(backup -> backup.id().equals(id));
    expect(fate != Fate.REFUSED || !isListed, "it is listed");
    expect(isListed || told(), "nobody is told");
    boolean all = fate == Fate.REFUSED;
    if (!brief) {
      all &= fails("find", () -> backups.find(id).orElseThrow());
      all &= fails("open", this::drain);
      all &= fails("plan a restore", this::plan);
      fails("verify what is stored", () -> backups.verify(id, Depth.STORED));
      fails("drill", () -> backups.verify(id, Depth.DRILL));
      takes("usage", backups::usage);
      takes("latest", backups::latest);
    }
    expect(fate != Fate.REFUSED || all, "a verb takes it");
    boolean verified = !fails("verify", () -> backups.verify(id, Depth.CONTENT));
    expect(fate == Fate.HARMLESS || !verified, "it is verified");
    orders.live = LIVE;
    uploads.live = LIVE;
    boolean restored =
        !fails("restore", () -> backups.restore(RestoreRequest.inPlace(id).withoutBackupBefore()));
    expect(fate == Fate.HARMLESS || !restored, "it is restored");
    String live = orders.live + uploads.live;
    expect(
        live.equals(restored ? new String(content, StandardCharsets.UTF_8) : LIVE + LIVE),
        "what is live has changed");
    takes("plan a prune", () -> backups.planPrune().toString());
    list();
    events.forEach(event -> clean("an event", event.toString()));
  }

  private boolean told() {
    return events.stream()
        .filter(BackupEvent.Warned.class::isInstance)
        .map(BackupEvent.Warned.class::cast)
        .anyMatch(
            warned -> warned.message().startsWith(id + " cannot be read and does not count: "));
  }

  private Object plan() {
    RestorePlan plan = backups.planRestore(RestoreRequest.inPlace(id));
    expect(plan.staging() >= 0, "it needs " + plan.staging() + " bytes");
    clean("a plan", plan.toString());
    return plan;
  }

  private Object drain() throws IOException {
    try (InputStream in = backups.open(id, "orders")) {
      return in.transferTo(OutputStream.nullOutputStream());
    }
  }

  private List<Backup> list() {
    List<Backup> listed = new ArrayList<>();
    takes("list", () -> listed.addAll(backups.list()));
    expect(Shop.ids(listed).containsAll(whole), "another backup is not listed");
    listed.forEach(backup -> clean("a backup", backup.toString()));
    return listed;
  }

  private void takes(String verb, Callable<?> action) {
    Throwable thrown = timed(verb, action);
    if (thrown != null) {
      found.add(trying + ": " + verb + " fails: " + Words.printable(thrown.toString()));
    }
  }

  private boolean fails(String verb, Callable<?> action) {
    Throwable thrown = timed(verb, action);
    boolean told =
        thrown == null || thrown instanceof BackupException || thrown instanceof IOException;
    boolean unexpected =
        thrown != null && String.valueOf(thrown.getMessage()).contains("nexpected ");
    expect(told && !unexpected, verb + " throws " + thrown);
    return thrown != null;
  }

  private @Nullable Throwable timed(String verb, Callable<?> action) {
    long begin = System.nanoTime();
    Throwable thrown = null;
    try {
      action.call();
    } catch (Throwable e) {
      thrown = e;
      Printable.objections(e)
          .forEach(o -> found.add(trying + ": " + verb + ": " + Words.printable(o)));
    }
    long took = (System.nanoTime() - begin) / 1_000_000;
    if (took > longest) {
      longest = took;
      slowest = verb + " of " + Words.printable(trying);
    }
    return thrown;
  }

  private void clean(String what, String text) {
    Printable.objections(what, text).forEach(o -> found.add(trying + ": " + Words.printable(o)));
  }

  private void expect(boolean holds, String otherwise) {
    if (!holds) {
      found.add(trying + ": " + Words.printable(otherwise));
    }
  }

  /** What is not hostile is as whole as it was. */
  private void finish() throws IOException {
    trying = "in the end";
    clear();
    for (int i = 0; i < whole.size(); i++) {
      BackupId good = whole.get(i);
      takes("verify", () -> backups.verify(good, Depth.CONTENT));
      takes("restore", () -> backups.restore(RestoreRequest.inPlace(good).withoutBackupBefore()));
      expect(content("orders", whole.size() - 1 - i).equals(orders.live), "it is not what it was");
    }
  }

  private void marks() throws IOException {
    lay(out -> out.write(right.getBytes(StandardCharsets.UTF_8)));
    byte[] manifest = Files.readAllBytes(sink.file(Shop.manifest(id)));
    byte[] proof = Files.readAllBytes(sink.file(Shop.authentication(id)));
    BackupId none = BackupId.parse("20260101T000000Z-manual-aaaaaaaa");
    List<HostileMarks.Hostile> all = HostileMarks.of(id, none);
    for (HostileMarks.Hostile hostile : all) {
      begin(hostile.file() + " " + Digest.of(hostile.bytes()));
      clear();
      brief = tried % 4 != 0;
      Files.write(sink.file(Shop.manifest(id)), manifest);
      Files.write(sink.file(Shop.authentication(id)), proof);
      try {
        Files.write(
            sink.file(ObjectName.of("shop/catalog")).resolve(hostile.file()), hostile.bytes());
      } catch (InvalidPathException e) {
        continue; // no name for a file here
      }
      manifest(
          Fate.HARMLESS,
          (content("orders", 3) + content("uploads", 3)).getBytes(StandardCharsets.UTF_8));
      boolean listed = list().stream().anyMatch(backup -> backup.id().equals(id));
      expect(listed, "it hides a backup");
      boolean pin = hostile.file().matches(id + "\\.pin-[a-z2-7]{8}\\.json");
      list().stream()
          .filter(backup -> backup.id().equals(id))
          .forEach(backup ->
              expect(backup.isPinned() == pin, "it pins what it must not, or does not pin"));
    }
    finish();
  }

  private void keys() throws IOException {
    byte[] manifest = Files.readAllBytes(sink.file(Shop.manifest(id)));
    byte[] proof = Files.readAllBytes(sink.file(Shop.authentication(id)));
    Path keys = sink.file(new SeriesNames("shop").keys(id, 1));
    for (HostileKeys.Hostile hostile : HostileKeys.of(id)) {
      begin(hostile.name());
      clear();
      Files.write(sink.file(Shop.manifest(id)), manifest);
      Files.write(sink.file(Shop.authentication(id)), proof);
      Files.delete(keys);
      hostile.body().write(keys);
      boolean counts = list().stream()
          .anyMatch(backup -> backup.id().equals(id) && backup.state() != State.UNTRUSTED);
      expect(!counts, "it counts");
      expect(
          told() || events.stream().anyMatch(event -> event.toString().contains("does not count")),
          "nobody is told");
      boolean all = fails("open", this::drain);
      all &= fails("plan a restore", this::plan);
      all &= fails("verify", () -> backups.verify(id, Depth.CONTENT));
      orders.live = LIVE;
      uploads.live = LIVE;
      all &=
          fails("restore", () -> backups.restore(RestoreRequest.inPlace(id).withoutBackupBefore()));
      expect(all, "a verb takes it");
      expect((LIVE + LIVE).equals(orders.live + uploads.live), "what is live has changed");
      takes("plan a prune", () -> backups.planPrune().toString());
      events.forEach(event -> clean("an event", event.toString()));
    }
    finish();
  }

  private void bombs() throws IOException {
    for (List<String> codecs : List.of(List.of("gzip"), List.of("zstd"), List.of("zstd", "gzip"))) {
      begin("a bomb of " + codecs);
      Bomb bomb = Bomb.of(codecs);
      Path part = sink.file(ObjectName.of("shop/" + id + "/orders.txt.gz"));
      byte[] before = Files.readAllBytes(part);
      Files.write(part, bomb.packed());
      lay(out -> out.write(bomb.manifest(right).getBytes(StandardCharsets.UTF_8)));
      manifest(Fate.FAILS, new byte[0]);
      long released = 0;
      try (InputStream in = backups.open(id, "orders")) {
        byte[] buffer = new byte[1 << 20];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
          released += n;
        }
        found.add(trying + ": it ends");
      } catch (IOException e) {
        expect(released <= Bomb.DECLARED, released + " bytes were released");
        System.out.println("STOPPED " + Words.of(e));
      }
      Files.write(part, before);
      clear();
    }
    finish();
  }
}
