package dev.lifeboat.storage.local;

import static dev.lifeboat.storage.local.Sailor.require;

import dev.lifeboat.BackupException;
import dev.lifeboat.BackupException.Kind;
import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.Depth;
import dev.lifeboat.codec.DamagedDataException;
import dev.lifeboat.retention.RetentionPlan;
import dev.lifeboat.sink.Digest;
import dev.lifeboat.testkit.Oracle;
import dev.lifeboat.testkit.Oracle.Harm;
import dev.lifeboat.testkit.Report;
import dev.lifeboat.testkit.Report.What;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/** What a host does with its series in fair weather, and what must come of it. */
final class Deeds {
  /** More than so many are not kept, for the sake of time. */
  private static final int MANY = 12;

  private static final String NONE = "there is none";

  private final World world;
  private final Oracle oracle;
  private Optional<RetentionPlan> plan = Optional.empty();

  Deeds(World world) {
    this.world = world;
    this.oracle = world.oracle;
  }

  /** What else fails is for whoever made the weather to judge. */
  private static void expect(boolean expected, BackupException e) {
    if (!expected) {
      throw e;
    }
  }

  /** One that exists, harmed or not. */
  Optional<BackupId> any(Random random) {
    List<BackupId> all = oracle.existing();
    return all.isEmpty() ? Optional.empty() : Optional.of(all.get(random.nextInt(all.size())));
  }

  String create(Random random) {
    if (oracle.existing().size() >= MANY) {
      return forceDelete(random);
    }
    return world.sailor().create(random);
  }

  /** Without the optional one it is incomplete; without another there is none. */
  String createFromSickSources(Random random) {
    boolean needed = random.nextBoolean();
    world.live.failReading(needed ? "orders" : Live.OPTIONAL);
    try {
      String outcome = world.sailor().create(random);
      require(!needed, "it was made without a source that is needed");
      return outcome + " without " + Live.OPTIONAL;
    } catch (BackupException e) {
      expect(e.kind() == Kind.SOURCE, e);
      return "refused: " + e.getMessage();
    } finally {
      world.live.well();
    }
  }

  String createIfDue(Random random) {
    Instant now = world.clock.instant();
    Duration age = Duration.ofHours(random.nextInt(72));
    Optional<BackupId> latest = oracle.latest(now);
    boolean due =
        latest.isEmpty() || Duration.between(latest.get().time(), now).compareTo(age) >= 0;
    boolean sure = !oracle.isAnyHarmed(Harm.RECORD);
    Optional<BackupId> made = world.sailor().createIfDue(age, random);
    require(!sure || made.isPresent() == due, "it was due: " + due + ", and made: " + made);
    return made.map(id -> "made " + id).orElse("not due");
  }

  String restore(Random random) {
    return any(random).map(id -> restore(id, random)).orElse(NONE);
  }

  private String restore(BackupId id, Random random) {
    boolean harmed = isContentOrRecordHarmed(id);
    try {
      return world.sailor().restore(id, oracle.making(id).contents(), random);
    } catch (BackupException e) {
      expect(harmed && e.kind() == Kind.DAMAGED, e);
      return "refused: " + e.getMessage();
    }
  }

  private boolean isContentOrRecordHarmed(BackupId id) {
    Set<Harm> harms = oracle.harms(id);
    return harms.contains(Harm.CONTENT) || harms.contains(Harm.RECORD);
  }

  /** The application refuses to take a document back, once or for good. */
  String restoreIntoSick(Random random) {
    Optional<BackupId> some = any(random).filter(id -> oracle.harms(id).isEmpty());
    if (some.isEmpty()) {
      return NONE;
    }
    boolean forGood = random.nextInt(3) == 0;
    world.live.refuse(1 + random.nextInt(4), forGood ? 1000 : 1);
    try {
      return world.sailor().restore(some.get(), oracle.making(some.get()).contents(), random);
    } catch (BackupException e) {
      expect(e.kind() == (forGood ? Kind.STUCK : Kind.UNDONE), e);
      return "failed: " + e.kind();
    } finally {
      world.live.well();
      putRightByHand();
    }
  }

  /** What a stuck restore keeps stays until somebody removes it. */
  private void putRightByHand() {
    try {
      World.deleteTree(world.work().resolve("staging"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  String restoreElsewhere(Random random) {
    Optional<BackupId> some = any(random);
    if (some.isEmpty()) {
      return NONE;
    }
    BackupId id = some.get();
    Map<String, Digest> contents = new TreeMap<>(oracle.making(id).contents());
    String component = List.copyOf(contents.keySet()).get(random.nextInt(contents.size()));
    String failing = List.of("", "", "stage", "check", "apply").get(random.nextInt(5));
    Elsewhere target = new Elsewhere(failing);
    try {
      String outcome = world.sailor().restore(id, component, target);
      boolean right = target.arrived().equals(Optional.ofNullable(contents.get(component)));
      require(right || !failing.isEmpty(), "other bytes arrived");
      require(failing.isEmpty(), "it failed, and nobody noticed");
      return outcome;
    } catch (BackupException e) {
      Map<String, Kind> expected =
          Map.of("stage", Kind.WORK, "check", Kind.UNPROVEN, "apply", Kind.UNDONE);
      boolean damaged = e.kind() == Kind.DAMAGED && isContentOrRecordHarmed(id);
      expect(damaged || e.kind() == expected.get(failing), e);
      require(target.arrived().isEmpty(), "something arrived, and " + e.getMessage());
      return "failed: " + e.kind();
    }
  }

  String verify(Random random) {
    Optional<BackupId> some = any(random);
    if (some.isEmpty()) {
      return NONE;
    }
    BackupId id = some.get();
    Depth depth = List.of(Depth.values()).get(random.nextInt(Depth.values().length));
    if (!oracle.harms(id).isEmpty()) {
      return world.requireFound(id, depth);
    }
    String outcome = world.sailor().verify(id, depth);
    if (depth != Depth.STORED && world.isCalm()) {
      oracle.accept(Report.of(What.SOUND, id));
    }
    return outcome;
  }

  String prune(Random random) {
    return world.prune();
  }

  String planPrune(Random random) {
    plan = Optional.of(world.backups().planPrune());
    return "planned to remove " + Sailor.removed(plan.get());
  }

  /** Some time after it was planned. */
  String prunePlan(Random random) {
    if (plan.isEmpty()) {
      return "there is no plan";
    }
    RetentionPlan old = plan.get();
    plan = Optional.empty();
    return world.keeping(
        world.held(), () -> "pruned " + Sailor.removed(world.sailor().prune(old)));
  }

  String delete(Random random) {
    return any(random).map(this::delete).orElse(NONE);
  }

  private String delete(BackupId id) {
    try {
      Set<BackupId> held = oracle.held(world.clock.instant());
      return world.keeping(held, () -> world.sailor().delete(id));
    } catch (BackupException e) {
      expect(e.kind() == Kind.REFUSED, e);
      return "refused";
    }
  }

  String forceDelete(Random random) {
    return any(random).map(world.sailor()::forceDelete).orElse(NONE);
  }

  String pin(Random random) {
    return any(random).map(id -> pinned(id, true)).orElse(NONE);
  }

  String unpin(Random random) {
    return any(random).map(id -> pinned(id, false)).orElse(NONE);
  }

  private String pinned(BackupId id, boolean pinned) {
    try {
      return pinned ? world.sailor().pin(id) : world.sailor().unpin(id);
    } catch (BackupException e) {
      expect(e.kind() == Kind.DAMAGED && oracle.harms(id).contains(Harm.RECORD), e);
      return "refused: " + e.getMessage();
    }
  }

  String read(Random random) throws IOException {
    long stored = world.backups().list().stream().mapToLong(Backup::storedSize).sum();
    require(world.backups().usage().total() == stored, "usage is not what is listed");
    if (!oracle.isAnyHarmed(Harm.RECORD)) {
      Optional<BackupId> latest = world.backups().latest().map(Backup::id);
      require(latest.equals(oracle.latest(world.clock.instant())), "the latest is not " + latest);
    }
    Optional<BackupId> some = any(random);
    if (some.isEmpty()) {
      return NONE;
    }
    BackupId id = some.get();
    try {
      require(world.backups().find(id).isPresent(), id + " was not found");
      return world.sailor().read(id, oracle.making(id).contents());
    } catch (BackupException e) {
      expect(e.kind() == Kind.DAMAGED && isContentOrRecordHarmed(id), e);
      return "refused: " + e.getMessage();
    } catch (DamagedDataException e) {
      require(isContentOrRecordHarmed(id), e.toString());
      return "refused: " + e.getMessage();
    }
  }

  /** One of those that any host does, whatever the weather. */
  String something(Random random) throws IOException {
    return switch (random.nextInt(12)) {
      case 0, 1, 2 -> create(random);
      case 3 -> createIfDue(random);
      case 4 -> restore(random);
      case 5 -> verify(random);
      case 6, 7 -> prune(random);
      case 8 -> delete(random);
      case 9 -> forceDelete(random);
      case 10 -> pin(random);
      default -> unpin(random);
    };
  }
}
