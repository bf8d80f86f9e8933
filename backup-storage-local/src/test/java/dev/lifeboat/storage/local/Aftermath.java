package dev.lifeboat.storage.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeboat.Backups;
import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.Depth;
import dev.lifeboat.catalog.Part;
import dev.lifeboat.catalog.Reason;
import dev.lifeboat.storage.local.Promises.Kind;
import dev.lifeboat.testkit.FreshTombstone;
import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What must hold of a machine that has come up again after the power had failed. */
final class Aftermath {
  private final Machine machine;
  private final Promises promises;
  private final int after;
  private final byte[] live;

  Aftermath(Machine machine, Promises promises, int after) {
    this.machine = machine;
    this.promises = promises;
    this.after = after;
    this.live = machine.live();
  }

  /** With the next round it is as if nothing had happened. */
  void look() throws IOException {
    assertNothingIsLost();
    assertTheNextRoundTidiesUp();
    assertNoFileIsLeft();
  }

  /** As if nothing had happened, but that some of it may go only when it is old. */
  void lookAfterKill() throws IOException {
    assertNothingIsLost();
    assertNoFileIsLeft();
  }

  private void assertNothingIsLost() {
    machine.clock.advance(Duration.ofMinutes(5));
    Backups backups = machine.backups();
    List<Backup> listed = backups.list();
    assertPromisesAreKept(listed);
    assertAllAreWhole(backups, listed);
    assertThat(machine.warnings())
        .as("warnings")
        .noneMatch(warning -> warning.matches("(?s).*(cannot be read|gap:|is not ours|damaged).*"));
    listed.stream().filter(Backup::isPinned).forEach(backup -> backups.unpin(backup.id()));
  }

  private void assertPromisesAreKept(List<Backup> backups) {
    List<BackupId> listed = Machine.ids(backups);
    assertThat(listed).containsAll(promises.ofBut(Kind.MADE, Kind.GOING, after));
    assertThat(promises.of(Kind.GONE, after)).as("deleted").noneMatch(listed::contains);
    assertThat(listed).allMatch(machine::knows);
    Set<BackupId> pinned = new TreeSet<>();
    Set<BackupId> proven = new TreeSet<>();
    for (Backup backup : backups) {
      if (backup.isPinned()) {
        pinned.add(backup.id());
      }
      if (backup.proofs().size() > 1) {
        proven.add(backup.id());
      }
    }
    assertThat(pinned).as("pinned").containsAll(promises.ofBut(Kind.PINNED, Kind.UNPINNING, after));
    assertThat(promises.of(Kind.UNPINNED, after))
        .as("not pinned any more")
        .noneMatch(pinned::contains);
    assertThat(proven).as("proven").containsAll(promises.of(Kind.PROVEN, after));
  }

  private void assertAllAreWhole(Backups backups, List<Backup> listed) {
    for (Backup backup : listed) {
      backups.verify(backup.id(), Depth.CONTENT);
      machine.assertGivesBack(backups, backup.id());
    }
  }

  /** Hidden files may be those of a process that is still alive; nothing else is left. */
  private void assertTheNextRoundTidiesUp() throws IOException {
    Backups backups = machine.backups();
    Backup made = machine.make(backups, 300);
    backups.prune();
    assertThat(backups.list())
        .contains(made)
        .filteredOn(backup -> backup.reason().equals(Reason.MANUAL))
        .hasSizeLessThanOrEqualTo(3);
    List<String> rest = leftOver(backups);
    rest.removeIf(name -> name.endsWith("/") || name.matches("(.*/)?\\.[^/]*"));
    assertThat(rest).as("left over in the sink").isEmpty();
    machine.assertGivesBack(backups, made.id());
  }

  /** At once, or when it is so old that nobody can be at work on it any more. */
  private void assertNoFileIsLeft() throws IOException {
    Backups backups = machine.backups();
    List<String> rest = litter(backups);
    if (!rest.isEmpty()) {
      machine.clock.advance(Duration.ofDays(2));
      machine.make(backups, 300);
      backups.prune();
      rest = litter(backups);
    }
    assertThat(rest).as("left over two days later").isEmpty();
    for (BackupId id : promises.of(Kind.STUCK, after)) {
      assertThat(machine.work.resolve("staging/" + id + "/orders/old"))
          .as("what is needed by hand")
          .hasBinaryContent(live);
    }
  }

  private List<String> litter(Backups backups) throws IOException {
    List<String> litter = leftOver(backups);
    for (String name : Looks.everythingIn(machine.work)) {
      if (!isAtHome(name)
          && promises.of(Kind.STUCK, Integer.MAX_VALUE).stream()
              .noneMatch(id -> name.startsWith("staging/" + id + "/"))) {
        litter.add(name);
      }
    }
    return litter;
  }

  private static boolean isAtHome(String name) {
    return name.matches("series|lock|(begun|cache|scratch|sinks|staging)/"
        + "|sinks/[0-9a-f]{16}\\.json|cache/2[^/]*@[0-9a-f]{64}");
  }

  private List<String> leftOver(Backups backups) throws IOException {
    List<String> rest = Looks.everythingIn(machine.sink);
    rest.removeAll(
        Set.of(".lifeboat", "shop/", "shop/catalog/", "shop/series.json", "shop/RECOVERY.txt"));
    Set<String> listed = new TreeSet<>();
    Set<String> named = new TreeSet<>();
    for (Backup backup : backups.list()) {
      listed.add(backup.id().toString());
      backup.manifest().previous().ifPresent(previous -> named.add(previous.id().toString()));
    }
    named.removeAll(listed);
    rest.stream() // of what was deleted last and was the newest: others may have seen it
        .filter(name -> name.startsWith("shop/catalog/") && name.contains(".deleted-"))
        .map(name -> name.substring("shop/catalog/".length(), name.indexOf('.')))
        .max(Comparator.naturalOrder())
        .filter(last -> listed.stream().allMatch(id -> id.compareTo(last) < 0))
        .ifPresent(named::add);
    rest.removeIf(name -> isOf(listed, name, "(json|auth|(pin|proof|damage)-[a-z2-7]{8}\\.json)"));
    rest.removeIf(name ->
        isOf(named, name, "deleted-[a-z2-7]{8}\\.json") || FreshTombstone.is(name, machine.clock));
    for (Backup backup : backups.list()) {
      rest.remove("shop/" + backup.id() + "/");
      if (backup.manifest().isEncrypted()) {
        rest.remove("shop/" + backup.id() + "/keys.json");
      }
      backup.manifest().components().stream()
          .flatMap(component -> component.parts().stream())
          .map(Part::name)
          .forEach(name -> rest.remove(name.value()));
    }
    return rest;
  }

  private static boolean isOf(Set<String> ids, String name, String ending) {
    return name.matches("shop/catalog/[^/.]*\\." + ending)
        && ids.contains(name.substring("shop/catalog/".length(), name.indexOf('.')));
  }
}
