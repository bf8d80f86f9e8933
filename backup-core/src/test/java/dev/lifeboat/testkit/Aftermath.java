package dev.lifeboat.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lifeboat.BackupException;
import dev.lifeboat.BackupException.Kind;
import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.Depth;
import dev.lifeboat.catalog.Manifest;
import dev.lifeboat.catalog.Part;
import dev.lifeboat.testkit.FaultyDisk.Failure;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What must hold in a {@link Harbour} after an errand during which one call failed. */
final class Aftermath {
  private static final Set<Kind> OF_WAY = EnumSet.of(Kind.SINK, Kind.NO_SPACE, Kind.UNDONE);

  private static final Set<Kind> OF_WORK = EnumSet.of(Kind.WORK, Kind.SOURCE, Kind.UNDONE);

  private static final List<String> STATES = List.of(
      "Nothing was added",
      "Nothing was done",
      "Nothing was changed",
      "Nothing was found out",
      "Nothing was deleted",
      "Its pins may be gone",
      "Nothing live was touched",
      "What is live is as it was",
      "All is as it was before",
      "Cannot tell whether backup ",
      " backups were removed",
      "If it is not listed any more, the next prune finishes its removal",
      "If it is still listed, its pins may be gone; if not, the next prune finishes its removal");

  private static final Set<Kind> OF_ANY_DISK = EnumSet.of(Kind.WORK, Kind.SINK, Kind.SOURCE);

  private static final Pattern REMOVED = Pattern.compile("(\\d) of (\\d) backups were removed");

  private static final String IN_WORK =
      "lock|series|scratch|staging|begun|sinks|sinks/[0-9a-f]{16}\\.json|cache|cache/[^/]+@[0-9a-f]{64}";

  private final Harbour harbour;
  private final Errand errand;
  private final Optional<Failure> failure;
  private final byte[] live;
  private final List<String> names;
  private Optional<BackupException> thrown = Optional.empty();

  /** To be made before the errand. */
  Aftermath(Harbour harbour, Errand errand, Optional<Failure> failure) throws IOException {
    this.harbour = harbour;
    this.errand = errand;
    this.failure = failure;
    this.live = harbour.orders().live().orElseThrow();
    this.names = harbour.names();
  }

  /** Runs the errand on this disk, and looks whether all is well. */
  void of(FaultyDisk disk) throws IOException {
    boolean flag = run(disk);
    if (thrown.isPresent()) {
      assertEquals(failure.orElseThrow() == Failure.INTERRUPT, flag, "the thread's interrupt flag");
      assertTruthful(thrown.get(), kinds());
      assertStateIsTrue(String.valueOf(thrown.get().getMessage()));
    }
    assertLiveIsOldOrNew();
    assertListedAreWhole();
    assertTidySinkDirectory();
    assertAnotherRunTidiesUp();
  }

  /** The same, where the sink's or the work directory is replaced meanwhile, or was before, and comes back afterwards. */
  void ofSwap(FaultyDisk disk, Swap swap, Path directory) throws IOException {
    run(disk);
    boolean sinks = directory.equals(harbour.sinkDirectory());
    if (Swap.isSwapped(directory)) {
      swap.swapBack(directory, sinks);
    }
    if (thrown.isPresent()) {
      assertTruthful(thrown.get(), sinks ? EnumSet.of(Kind.SINK) : OF_WORK);
    }
    assertLiveIsOldOrNew();
    harbour.on(new FaultyDisk().notForcing());
    assertListedAreWhole();
    for (Path path : Harbour.everythingIn(harbour.workDirectory())) {
      if (path.getFileName().toString().endsWith(".part")) {
        age(path); // what was taken away with it is as a crash would leave it
      }
    }
    assertAnotherRunTidiesUp();
  }

  /** The same, where the way to the sink fails until it is healed. No secret of it is told. */
  void ofWay(Runnable heal, List<String> secrets) throws IOException {
    run(new FaultyDisk().notForcing());
    heal.run();
    harbour.on(new FaultyDisk().notForcing());
    if (thrown.isPresent()) {
      assertTruthful(thrown.get(), OF_WAY);
      StringWriter text = new StringWriter();
      thrown.get().printStackTrace(new PrintWriter(text));
      assertTrue(secrets.stream().noneMatch(text.toString()::contains), "a secret is told");
    }
    assertLiveIsOldOrNew();
    assertListedAreWhole();
    assertAnotherRunTidiesUp();
  }

  /** Whether the thread was interrupted in the end. */
  private boolean run(FaultyDisk disk) {
    harbour.on(disk);
    Thread.interrupted();
    try {
      errand.run(harbour);
    } catch (BackupException e) {
      thrown = Optional.of(e);
    }
    boolean flag = Thread.interrupted();
    disk.healed();
    assertEquals(List.of(), List.copyOf(disk.open()), "left open");
    return flag;
  }

  private void assertTruthful(BackupException e, Set<Kind> kinds) {
    String message = String.valueOf(e.getMessage());
    assertTrue(kinds.contains(e.kind()), () -> "the kind must be of " + kinds);
    assertTrue(message.contains("shop"), "the subject is named");
    assertTrue(
        e.kind() == Kind.INTERRUPTED // of no place
            || message.contains(harbour.sink().description())
            || message.contains(harbour.workDirectory().toString()),
        "the place is named");
    assertTrue(
        words().stream().anyMatch(message.toLowerCase(Locale.ROOT)::contains), "the cause is told");
    assertTrue(STATES.stream().anyMatch(message::contains), "the state is told");
  }

  /** What may be said of a failure of this kind on this side of the disk. */
  private Set<Kind> kinds() {
    Set<Kind> kinds =
        switch (failure.orElseThrow()) {
          case NO_SPACE -> EnumSet.of(Kind.NO_SPACE);
          case INTERRUPT -> EnumSet.of(Kind.INTERRUPTED);
          default -> onlySink() ? EnumSet.of(Kind.SINK) : EnumSet.copyOf(OF_ANY_DISK);
        };
    if (errand == Errand.RESTORE || errand == Errand.RESTORE_ELSEWHERE) {
      kinds.add(Kind.UNDONE);
    }
    if (!onlySink()) {
      kinds.remove(Kind.SINK);
    }
    return kinds;
  }

  private boolean onlySink() {
    return harbour.disk().failed().stream()
        .anyMatch(call -> call.path().startsWith(harbour.sinkDirectory()));
  }

  private List<String> words() {
    if (failure.isEmpty()) {
      return List.of("");
    }
    return switch (failure.get()) {
      case INPUT_OUTPUT -> List.of("input/output error");
      case NO_SPACE -> List.of("no space left");
      case DENIED -> List.of("is not accessible");
      case INTERRUPT -> List.of("interrupted");
    };
  }

  /** What is said of the state things are in. */
  private void assertStateIsTrue(String message) throws IOException {
    if (message.contains("Nothing was ")) {
      // a tombstone keeps what may still arrive from counting
      List<String> now = new ArrayList<>(harbour.names());
      now.removeIf(name -> !names.contains(name) && FreshTombstone.is(name, harbour.clock()));
      assertEquals(names, now, "nothing was changed in the sink");
    }
    Matcher removed = REMOVED.matcher(message);
    if (removed.find()) {
      int gone = harbour.sea().size() - harbour.listed().size();
      int said = Integer.parseInt(removed.group(1));
      assertTrue(said == gone || said + 1 == gone, () -> gone + " are gone");
    }
  }

  private void assertLiveIsOldOrNew() {
    boolean restored = errand == Errand.RESTORE && thrown.isEmpty();
    byte[] expected = restored ? harbour.contentOf(harbour.sea().get(1), live) : live;
    assertArrayEquals(expected, harbour.orders().live().orElseThrow(), "what is live");
    Optional<byte[]> beside = harbour.elsewhere().live();
    assertEquals(
        errand == Errand.RESTORE_ELSEWHERE && thrown.isEmpty(), beside.isPresent(), "elsewhere");
    beside.ifPresent(content -> assertArrayEquals(
        harbour.contentOf(harbour.sea().get(1), live), content, "what was restored elsewhere"));
  }

  private void assertListedAreWhole() throws IOException {
    List<Backup> listed = harbour.backups().list();
    List<BackupId> ids = listed.stream().map(Backup::id).toList();
    assertTrue(ids.containsAll(errand.safe(harbour)), () -> "only listed are " + ids);
    List<BackupId> added = new ArrayList<>(ids);
    added.removeAll(harbour.sea());
    boolean made = errand.makes()
        && (thrown.isEmpty()
            || thrown.get().kind() == Kind.UNDONE
            || String.valueOf(thrown.get().getMessage()).contains("Cannot tell whether backup "));
    assertTrue(added.size() <= (made ? 1 : 0), () -> "listed, and not made: " + added);
    if (thrown.isEmpty()) {
      assertEquals(errand.makes() ? 1 : 0, added.size(), "made");
      int kept = errand.safe(harbour).size() + added.size();
      // what may not be read is not counted, and not deleted either
      boolean mayBeMore = errand == Errand.PRUNE && failure.equals(Optional.of(Failure.DENIED));
      assertTrue(ids.size() == kept || (mayBeMore && ids.size() > kept), () -> "there are " + ids);
    }
    for (Backup backup : listed) {
      assertTrue(backup.state().isGood(), () -> backup.id() + " is " + backup.state());
      assertArrayEquals(
          harbour.contentOf(backup.id(), live), harbour.read(backup.id()), "the content");
    }
    int verified = Integer.getInteger("loops", 1) > 1 ? ids.size() : 1;
    for (BackupId id : ids.subList(0, verified)) {
      harbour.backups().verify(id, Depth.CONTENT);
    }
  }

  /** Parts are left only where removing them failed, or nobody knew that they had been made. */
  private void assertTidySinkDirectory() throws IOException {
    List<Path> hidden = new ArrayList<>(hiddenInTheSink());
    hidden.removeAll(harbour.disk().failed().stream().map(DiskCall::path).toList());
    assertEquals(List.of(), hidden, "left in the sink's directory");
  }

  /** What is tidy as it is need not be tidied: that the next run has its turn was seen by then. */
  private void assertAnotherRunTidiesUp() throws IOException {
    if (leftInTheSink().isEmpty()
        && hiddenInTheSink().isEmpty()
        && leftInTheWork().isEmpty()) {
      return;
    }
    for (Path path : hiddenInTheSink()) {
      age(path);
    }
    harbour.on(new FaultyDisk().notForcing());
    harbour.makeAnother();
    harbour.backups().prune();
    for (BackupId id : harbour.listed()) {
      assertArrayEquals(harbour.contentOf(id, live), harbour.read(id), "the content");
    }
    assertEquals(Set.of(), leftInTheSink(), "left in the sink by the next run");
    assertEquals(List.of(), hiddenInTheSink(), "left in the sink's directory by the next run");
    assertEquals(List.of(), leftInTheWork(), "left in the work directory by the next run");
  }

  /** As if more than a day had passed. */
  private static void age(Path file) throws IOException {
    FileTime time = Files.getLastModifiedTime(file);
    Files.setLastModifiedTime(file, FileTime.from(time.toInstant().minus(Duration.ofDays(2))));
  }

  private List<String> leftInTheWork() throws IOException {
    return Harbour.everythingIn(harbour.workDirectory()).stream()
        .map(path -> harbour.workDirectory().relativize(path).toString())
        .filter(name -> !name.matches(IN_WORK))
        .toList();
  }

  private List<Path> hiddenInTheSink() throws IOException {
    return Harbour.everythingIn(harbour.sinkDirectory()).stream()
        .filter(path -> path.getFileName().toString().startsWith("."))
        .filter(path -> !path.getFileName().toString().equals(".lifeboat"))
        .toList();
  }

  /** What is there besides what listed backups need, their marks, and tombstones that explain a gap. */
  private Set<String> leftInTheSink() throws IOException {
    Set<String> rest = new TreeSet<>(harbour.names());
    Set<String> ids = new HashSet<>();
    Set<String> before = new HashSet<>();
    Set<String> needed = new TreeSet<>(Set.of("shop/series.json", "shop/RECOVERY.txt"));
    for (Backup backup : harbour.backups().list()) {
      ids.add(backup.id().toString());
      needed.add("shop/catalog/" + backup.id() + ".json");
      needed.add("shop/catalog/" + backup.id() + ".auth");
      if (backup.manifest().isEncrypted()) {
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
          .ifPresent(id -> before.add(id.toString()));
    }
    assertTrue(rest.containsAll(needed), () -> "there are only " + rest);
    rest.removeAll(needed);
    rest.removeIf(name -> isMark(name, "(pin|proof|damage)", ids));
    before.removeAll(ids);
    rest.stream() // of what was deleted last and was the newest: others may have seen it
        .filter(name -> name.startsWith("shop/catalog/") && name.contains(".deleted-"))
        .map(name -> name.substring("shop/catalog/".length(), name.indexOf('.')))
        .max(Comparator.naturalOrder())
        .filter(last -> ids.stream().allMatch(id -> id.compareTo(last) < 0))
        .ifPresent(before::add);
    rest.removeIf(
        name -> isMark(name, "deleted", before) || FreshTombstone.is(name, harbour.clock()));
    return rest;
  }

  private static boolean isMark(String name, String kinds, Set<String> ids) {
    return ids.stream()
        .anyMatch(id -> name.matches("shop/catalog/" + id + "\\." + kinds + "-[a-z2-7]{8}\\.json"));
  }

  @Override
  public String toString() {
    return thrown.map(e -> e.kind() + ": " + e.getMessage()).orElse("nothing was thrown");
  }
}
