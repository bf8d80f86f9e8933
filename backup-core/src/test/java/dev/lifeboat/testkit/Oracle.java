package dev.lifeboat.testkit;

import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.Component;
import dev.lifeboat.catalog.Reason;
import dev.lifeboat.catalog.State;
import dev.lifeboat.sink.Digest;
import dev.lifeboat.testkit.Report.Making;
import dev.lifeboat.testkit.Report.What;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Knows which backups of a series must exist, may exist and must not, what they hold, and which are pinned or damaged. It
 * reads nothing: it hears the {@link Report}s of all who use the series, and holds what is listed against them.
 *
 * <ol>
 *   <li>Before a verb its subject becomes <b>open</b>: it may be as it was, or as the verb would have it. After the verb
 *       it is what the verb said. Who is killed, or does not know, leaves it open.
 *   <li>What is open is <b>settled</b> by the next {@link #look}, when nobody is at work: as it is then, it stays.
 *   <li>A backup that was made is listed until it is deleted; one that was deleted, or was found missing when it was open,
 *       is never listed again. One that nobody told of is listed only if it holds what an open create was saving.
 *   <li>It is listed with the contents that were saved, and as pinned, complete and damaged as was told.
 *   <li>Whoever changes objects behind the engine's back says so ({@link #harm}, {@link #heal}): then that backup may be
 *       listed or not if its record was harmed, and is listed like all others if its content was.
 *   <li>Of two that were at work at once, neither knows who came last: what both touched is open, but deleted is deleted.
 * </ol>
 */
public final class Oracle implements Consumer<Report> {
  private static final int LAST_GOOD = 3;

  private enum Known {
    YES,
    NO,
    OPEN
  }

  /** What was done to a backup's objects behind the engine's back. */
  public enum Harm {
    /** Its content is not what it was. */
    CONTENT,
    /** Its manifest, or what authenticates that, is not what it was. */
    RECORD
  }

  private static final class Expected {
    private Optional<Making> making = Optional.empty();
    private Known exists = Known.OPEN;
    private Known pinned = Known.NO;
    private Known damaged = Known.NO;
    private final Set<Harm> harms = EnumSet.noneOf(Harm.class);

    private boolean hidden() {
      return harms.contains(Harm.RECORD);
    }

    private boolean isGood() {
      return making.map(Making::complete).orElse(false) && damaged == Known.NO && !hidden();
    }

    /** As far as somebody who sees it can tell. */
    private boolean mayBeGood() {
      return making.map(Making::complete).orElse(true) && (damaged != Known.YES || hidden());
    }
  }

  private final Map<BackupId, Expected> backups = new TreeMap<>(Comparator.reverseOrder());
  private final List<BackupId> asMade = new ArrayList<>();
  private final List<Making> open = new ArrayList<>();
  private Optional<Making> current = Optional.empty();

  /** Hears what somebody tells who is at work alone. */
  @Override
  public void accept(Report report) {
    switch (report.what()) {
      case MAKING -> {
        current.ifPresent(open::add);
        current = report.making();
      }
      case NOT_MADE -> current = Optional.empty();
      case MADE -> {
        made(report.id().orElseThrow(), current.orElseThrow());
        current = Optional.empty();
      }
      default -> hear(report.what(), expected(report.id().orElseThrow()));
    }
  }

  private void hear(What what, Expected backup) {
    switch (what) {
      case DELETING -> backup.exists = backup.exists == Known.NO ? Known.NO : Known.OPEN;
      case DELETED -> backup.exists = Known.NO;
      case KEPT -> backup.exists = backup.exists == Known.NO ? Known.NO : Known.YES;
      case PINNING -> backup.pinned = Known.OPEN;
      case PINNED -> backup.pinned = Known.YES;
      case UNPINNED -> backup.pinned = backup.making.isEmpty() ? Known.OPEN : Known.NO;
      case JUDGING -> backup.damaged = Known.OPEN;
      case DAMAGED -> backup.damaged = Known.YES;
      case SOUND -> backup.damaged = Known.NO;
      default -> throw new IllegalArgumentException("not of one backup: " + what);
    }
  }

  /** Hears what several tell who were at work at the same time. */
  public void acceptAll(List<List<Report>> accounts) {
    for (List<Report> account : accounts) {
      account.stream().filter(Oracle::isOfMaking).forEach(this);
      current.ifPresent(open::add);
      current = Optional.empty();
    }
    Map<Report, Set<Integer>> touched = new HashMap<>();
    for (int who = 0; who < accounts.size(); who++) {
      for (Report report : accounts.get(who)) {
        if (!isOfMaking(report)) {
          accept(report);
          Report before = Report.of(report.what().before(), report.id().orElseThrow());
          touched.computeIfAbsent(before, none -> new HashSet<>()).add(who);
        }
      }
    }
    touched.forEach((before, by) -> {
      if (by.size() > 1) {
        accept(before);
      }
    });
  }

  private static boolean isOfMaking(Report report) {
    return report.what().before() == What.MAKING;
  }

  private void made(BackupId id, Making making) {
    Expected backup = expected(id);
    backup.making = Optional.of(making);
    backup.exists = Known.YES;
    backup.pinned = making.pinned() ? Known.YES : Known.NO;
    asMade.add(id);
  }

  /** Somebody has changed its objects. */
  public void harm(BackupId id, Harm harm) {
    expected(id).harms.add(harm);
  }

  /** Its objects are again as they were. */
  public void heal(BackupId id) {
    expected(id).harms.clear();
  }

  /**
   * Holds what is listed against what was told, and settles what was open. To be called while nobody is at work.
   *
   * @throws AssertionError if it is not so
   */
  public void look(List<Backup> listed) {
    Set<BackupId> seen = new HashSet<>();
    Optional<BackupId> newer = Optional.empty();
    for (Backup backup : listed) {
      BackupId id = backup.id();
      require(newer.isEmpty() || newer.get().compareTo(id) > 0, id + " is listed out of order");
      meet(backup);
      seen.add(id);
      newer = Optional.of(id);
    }
    backups.forEach((id, backup) -> {
      if (!seen.contains(id) && !backup.hidden()) {
        require(backup.exists != Known.YES, id + " was made, and is not listed");
        backup.exists = Known.NO;
      }
    });
    open.clear();
    current = Optional.empty();
    asMade.removeIf(id -> expected(id).exists == Known.NO);
  }

  private void meet(Backup backup) {
    BackupId id = backup.id();
    Expected expected = expected(id);
    require(expected.exists != Known.NO, id + " does not exist, and is listed");
    if (expected.making.isEmpty()) {
      adopt(backup, expected);
    }
    expected.exists = Known.YES;
    Making making = expected.making.orElseThrow();
    require(contents(backup).equals(making.contents()), id + " does not hold what was saved");
    require(backup.keepUntil().equals(making.keepUntil()), id + " has another keepUntil");
    expected.pinned = settled(expected.pinned, backup.isPinned(), id + " pinned");
    boolean damaged = backup.state() == State.DAMAGED;
    expected.damaged = settled(expected.damaged, damaged, id + " marked as damaged");
    State made = making.complete() ? State.COMPLETE : State.INCOMPLETE;
    require(damaged || backup.state() == made, id + " is " + backup.state() + ", not " + made);
  }

  private void adopt(Backup backup, Expected expected) {
    Map<String, Digest> contents = contents(backup);
    Making making = Stream.concat(open.stream(), current.stream())
        .filter(one -> one.contents().equals(contents))
        .findFirst()
        .orElseThrow(() -> new AssertionError(backup.id() + " is listed, and nobody made it"));
    expected.making = Optional.of(making);
    if (expected.pinned == Known.NO && making.pinned()) {
      expected.pinned = Known.YES;
    }
    asMade.add(backup.id());
  }

  private static Known settled(Known known, boolean is, String what) {
    require(known == Known.OPEN || (known == Known.YES) == is, what + ": " + is);
    return is ? Known.YES : Known.NO;
  }

  /** What a manifest says that a backup holds. */
  public static Map<String, Digest> contents(Backup backup) {
    Map<String, Digest> contents = new TreeMap<>();
    for (Component component : backup.manifest().components()) {
      component
          .details()
          .flatMap(Component.Details::plain)
          .ifPresent(plain -> contents.put(component.name(), plain));
    }
    return contents;
  }

  /** Those that exist, in the order in which they became known; those whose record is harmed too. */
  public List<BackupId> existing() {
    return List.copyOf(asMade);
  }

  /** Those with a harmed record that are open: no listing can tell, so somebody must look for them and tell. */
  public List<BackupId> unsure() {
    return asMade.stream()
        .filter(id -> expected(id).hidden() && expected(id).exists == Known.OPEN)
        .toList();
  }

  /** What it was to hold. */
  public Making making(BackupId id) {
    return expected(id).making.orElseThrow();
  }

  /** Whether it exists and is pinned. */
  public boolean isPinned(BackupId id) {
    return expected(id).pinned == Known.YES;
  }

  /** Whether it is marked as damaged. */
  public boolean isMarked(BackupId id) {
    return expected(id).damaged == Known.YES;
  }

  /** What was done to it and not made good. */
  public Set<Harm> harms(BackupId id) {
    return Set.copyOf(expected(id).harms);
  }

  /** Whether any existing one is harmed in this way. */
  public boolean isAnyHarmed(Harm harm) {
    return asMade.stream().anyMatch(id -> expected(id).harms.contains(harm));
  }

  /**
   * Which ones neither a prune nor a delete may take: pinned, to be kept still, the newest good one, and the last three
   * good ones but for those that a restore has made.
   */
  public Set<BackupId> held(Instant now) {
    Set<BackupId> held = new HashSet<>();
    List<BackupId> good = new ArrayList<>();
    for (BackupId id : backups.keySet()) {
      Expected backup = expected(id);
      if (backup.exists == Known.NO || backup.making.isEmpty()) {
        continue;
      } else if (backup.pinned == Known.YES
          || backup.making.get().keepUntil().filter(now::isBefore).isPresent()) {
        held.add(id);
      }
      if (backup.mayBeGood() && !isFuture(id, now)) {
        good.add(id);
      }
    }
    List<BackupId> guarded = new ArrayList<>(good.stream().limit(1).toList());
    guarded.addAll(good.stream().filter(Oracle::isRegular).limit(LAST_GOOD).toList());
    guarded.stream().filter(id -> expected(id).isGood()).forEach(held::add);
    return held;
  }

  /** The newest good one that no restore has made; only sure while no record is harmed. */
  public Optional<BackupId> latest(Instant now) {
    return backups.keySet().stream()
        .filter(id -> expected(id).exists == Known.YES && expected(id).isGood())
        .filter(id -> isRegular(id) && !isFuture(id, now))
        .findFirst();
  }

  /** Whether it is dated so far ahead that it counts for nothing. */
  public static boolean isFuture(BackupId id, Instant now) {
    return id.time().isAfter(now.plus(Duration.ofMinutes(5)));
  }

  private static boolean isRegular(BackupId id) {
    return !id.reason().equals(Reason.PRE_RESTORE);
  }

  private Expected expected(BackupId id) {
    return backups.computeIfAbsent(id, unknown -> new Expected());
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }
}
