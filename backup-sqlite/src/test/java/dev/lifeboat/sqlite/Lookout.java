package dev.lifeboat.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeboat.Backups;
import dev.lifeboat.RestoreRequest;
import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.Depth;
import dev.lifeboat.catalog.Manifest;
import dev.lifeboat.catalog.Part;
import dev.lifeboat.catalog.Reason;
import dev.lifeboat.sink.Digest;
import dev.lifeboat.testkit.FreshTombstone;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Knows what every backup of a {@link Host} holds and what its clerk has committed, and what must hold after a kill. */
final class Lookout {
  private final Host host;
  private final Clerk clerk;
  private final Path scratch;
  private final Map<BackupId, Held> known = new HashMap<>();

  /** Of all backups that ever were. */
  private final Map<BackupId, Long> heads = new HashMap<>();

  private final Set<BackupId> pruned = new HashSet<>();
  private int kills;
  private int commitsBefore;
  private long lastBefore;

  /** The bytes of a backup's content, and the last entry in it. */
  private record Held(Digest content, long head) {}

  Lookout(Host host, Clerk clerk, Path scratch) {
    this.host = host;
    this.clerk = clerk;
    this.scratch = scratch;
  }

  /** Makes one, as the application would. */
  Backup create() throws Exception {
    long before = clerk.last();
    Backup made = createOfWhatIsLive();
    long head = Objects.requireNonNull(known.get(made.id())).head();
    assertThat(clerk.descends(head, before))
        .as("%s holds entry %s, which was committed before", made.id(), before)
        .isTrue();
    return made;
  }

  /** Which may be what a restore has just brought back, before anybody has committed upon it. */
  private Backup createOfWhatIsLive() throws Exception {
    Backups backups = host.backups();
    Backup made = backups.create(Reason.MANUAL);
    known.put(made.id(), look(backups, made));
    return made;
  }

  private void prune(Backups backups) {
    backups.prune().removed().forEach(decision -> pruned.add(decision.backup().id()));
    known.keySet().removeAll(pruned);
  }

  /** Newest first. */
  List<BackupId> listed() {
    return host.backups().list().stream().map(Backup::id).toList();
  }

  /** To be said before a process goes to work that will be killed. */
  void watch() {
    commitsBefore = clerk.told();
    lastBefore = clerk.last();
  }

  /** All that must hold; and the next run tidies up. */
  void assertAllIsWell(KilledRun run) throws Exception {
    kills++;
    assertThat(run.lines("failed")).as("failures").isEmpty();
    assertThat(run.everythingSaid()).doesNotContain(Books.SECRET);
    assertThat(run.temporaryFiles()).as("in java.io.tmpdir").isEmpty();
    Backups next = host.backups();
    switch (kills % 3) { // whatever comes first has its turn at once
      case 0 -> prune(next);
      case 1 -> createOfWhatIsLive();
      default -> next.verify(listed().get(0), Depth.DRILL);
    }
    assertTheLiveDatabaseIsOldOrNew(run);
    assertAcknowledgedBackupsAreWhole(next, run);
    prune(next);
    create();
    assertNothingIsLeft(next);
  }

  /** Every commit goes upon the one before, or upon what a restore had just brought back. */
  private void assertTheLiveDatabaseIsOldOrNew(KilledRun run) throws Exception {
    clerk.awaitCommits(2); // the second one was begun after the kill
    int told = clerk.told();
    long head = Books.head(host.database());
    assertThat(clerk.indexOf(head)).as("entry " + head).isGreaterThanOrEqualTo(told - 1);
    Optional<Set<Long>> restored = broughtBack(run);
    if (restored.isPresent()) {
      assertThat(clerk.breaks(commitsBefore)).as("went upon").isSubsetOf(restored.get());
    }
  }

  /** The newest entries of what it restored; nothing if one of these was let go before anybody could look. */
  private Optional<Set<Long>> broughtBack(KilledRun run) throws Exception {
    Backups backups = host.backups();
    Set<Long> restored = new HashSet<>();
    for (BackupId id : run.told("restoring")) {
      Optional<Backup> made = backups.find(id);
      if (!heads.containsKey(id) && made.isPresent()) {
        look(backups, made.get());
      }
      if (!heads.containsKey(id)) {
        return Optional.empty();
      }
      restored.add(heads.get(id));
    }
    return Optional.of(restored);
  }

  private void assertAcknowledgedBackupsAreWhole(Backups backups, KilledRun run) throws Exception {
    List<Backup> listed = backups.list();
    Set<BackupId> missing = new TreeSet<>(known.keySet());
    missing.addAll(run.told("made"));
    listed.forEach(backup -> missing.remove(backup.id()));
    missing.removeAll(pruned);
    assertThat(missing).as("missing").isSubsetOf(run.told("letting-go"));
    known.keySet().removeAll(missing);
    List<BackupId> unheard = new ArrayList<>();
    for (Backup backup : listed) {
      Held held = look(backups, backup);
      Held before = known.putIfAbsent(backup.id(), held);
      if (before != null) {
        assertThat(held).as("what %s holds", backup.id()).isEqualTo(before);
      } else {
        assertHoldsWhatWasLive(backup, held, run);
        if (!run.told("made").contains(backup.id())) {
          unheard.add(backup.id());
        }
      }
      backups.verify(backup.id(), Depth.CONTENT);
    }
    assertThat(unheard).as("whole, and not acknowledged").hasSizeLessThanOrEqualTo(1);
  }

  /** What was committed before the process went to work, unless a restore may have replaced that meanwhile. */
  private void assertHoldsWhatWasLive(Backup made, Held held, KilledRun run) throws Exception {
    if (run.told("restoring").isEmpty()) {
      assertThat(clerk.descends(held.head(), lastBefore))
          .as("%s holds entry %s, which was committed before", made.id(), lastBefore)
          .isTrue();
    }
  }

  /** Restores it elsewhere. */
  private Held look(Backups backups, Backup backup) throws Exception {
    assertThat(backup.state().isGood())
        .as("%s is %s", backup.id(), backup.state())
        .isTrue();
    Path file = Files.createDirectories(scratch).resolve(backup.id() + ".db");
    backups.restore(RestoreRequest.elsewhere(backup.id(), "orders", SqliteTarget.file(file)));
    Digest content;
    try (InputStream in = Files.newInputStream(file)) {
      content = Digest.of(in);
    }
    assertThat(backup
            .manifest()
            .component("orders")
            .orElseThrow()
            .details()
            .orElseThrow()
            .plain())
        .contains(content);
    Held before = known.get(backup.id());
    Held held = before != null && before.content().equals(content)
        ? before
        : new Held(content, Books.head(file));
    heads.put(backup.id(), held.head());
    for (Path sibling : LiveFile.siblingsOf(file)) {
      Files.delete(sibling);
    }
    Files.delete(file);
    return held;
  }

  private void assertNothingIsLeft(Backups backups) throws Exception {
    List<String> odd = new ArrayList<>(files(host.work()));
    odd.removeIf(
        name -> name.matches("lock|series|sinks/[0-9a-f]{16}\\.json|cache/[^@]+@[0-9a-f]{64}"));
    assertThat(odd).as("left in the work directory").isEmpty();
    Path data = Objects.requireNonNull(host.database().getParent());
    assertThat(files(data))
        .as("beside the live database")
        .isSubsetOf("shop.db", "shop.db-wal", "shop.db-shm", "shop.db-journal");
    assertThat(leftInSink(backups)).as("left in the sink").isEmpty();
    assertThat(files(scratch)).isEmpty();
    for (String name : files(host.work())) {
      assertThat(Files.readString(host.work().resolve(name), StandardCharsets.ISO_8859_1))
          .as(name)
          .doesNotContain(Books.SECRET);
    }
  }

  /** All but what listed backups need, their marks, and tombstones that explain a gap. */
  private List<String> leftInSink(Backups backups) throws IOException {
    List<String> files = new ArrayList<>(files(host.sink()));
    files.removeAll(List.of(".lifeboat", "shop/series.json", "shop/RECOVERY.txt"));
    files.removeIf(name -> FreshTombstone.is(name, Clock.systemUTC()));
    for (Backup backup : backups.list()) {
      for (Part part : backup.manifest().component("orders").orElseThrow().parts()) {
        files.remove(part.name().value());
      }
      files.remove("shop/" + backup.id() + "/keys.json");
      String inCatalog = "shop/catalog/" + backup.id() + "\\.";
      files.removeIf(name -> name.matches(inCatalog + "(json|auth|proof-[a-z2-7]{8}\\.json)"));
      backup
          .manifest()
          .previous()
          .map(Manifest.Predecessor::id)
          .ifPresent(id -> files.removeIf(
              name -> name.matches("shop/catalog/" + id + "\\.deleted-[a-z2-7]{8}\\.json")));
    }
    List<String> listed =
        backups.list().stream().map(backup -> backup.id().toString()).toList();
    List.copyOf(files)
        .stream() // of what was deleted last and was the newest: others may have seen it
        .filter(name -> name.startsWith("shop/catalog/") && name.contains(".deleted-"))
        .map(name -> name.substring("shop/catalog/".length(), name.indexOf('.')))
        .max(Comparator.naturalOrder())
        .filter(last -> listed.stream().allMatch(id -> id.compareTo(last) < 0))
        .ifPresent(
            last -> files.removeIf(name -> name.startsWith("shop/catalog/" + last + ".deleted-")));
    return files;
  }

  private static List<String> files(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(Files::isRegularFile)
          .map(file -> directory.relativize(file).toString())
          .sorted()
          .toList();
    }
  }
}
