package dev.lifeboat.storage.local;

import static dev.lifeboat.storage.local.Sailor.require;

import dev.lifeboat.BackupException;
import dev.lifeboat.BackupException.Kind;
import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.retention.RetentionPlan;
import dev.lifeboat.sink.NoSpaceException;
import dev.lifeboat.sink.ObjectName;
import dev.lifeboat.testkit.FaultySink.Call;
import dev.lifeboat.testkit.FaultySink.Moment;
import dev.lifeboat.testkit.Oracle.Harm;
import dev.lifeboat.testkit.RandomWalk;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What befalls a host: a sink that fails, a crash, a clock that jumps, lost files, other hands in the store. */
final class Troubles {
  /** Nothing of this is a sink's fault. */
  private static final Set<Kind> STRANGE =
      Set.of(Kind.STUCK, Kind.UNDONE, Kind.BUSY, Kind.NOT_FOUND, Kind.HOOK, Kind.UNPROVEN);

  private static final List<Duration> STEPS = List.of(
      Duration.ofSeconds(1),
      Duration.ofMinutes(4),
      Duration.ofHours(1),
      Duration.ofHours(7),
      Duration.ofDays(1),
      Duration.ofDays(9),
      Duration.ofDays(366),
      Duration.ofDays(3653));

  /** Hours that are there twice or not at all in one of the zones, and days that most years do not have. */
  private static final List<Instant> ODD = List.of(
      Instant.parse("2027-03-28T00:59:58Z"),
      Instant.parse("2027-10-31T00:30:00Z"),
      Instant.parse("2027-04-03T14:59:59Z"),
      Instant.parse("2027-10-02T15:29:59Z"),
      Instant.parse("2028-02-28T23:59:59Z"),
      Instant.parse("2028-02-29T12:00:00Z"),
      Instant.parse("2027-12-31T23:59:59Z"));

  private final World world;
  private final Deeds deeds;
  private int roughFor;

  Troubles(World world, Deeds deeds) {
    this.world = world;
    this.deeds = deeds;
  }

  /** In rough weather a verb may fail, and says so. */
  RandomWalk.Action inAnyWeather(RandomWalk.Action action) {
    return random -> {
      if (roughFor > 0 && --roughFor == 0) {
        world.calm();
      }
      if (world.isCalm()) {
        return action.act(random);
      }
      return weathered(() -> action.act(random));
    };
  }

  private interface Attempt {
    String go() throws Exception;
  }

  private static String weathered(Attempt attempt) throws Exception {
    try {
      return attempt.go();
    } catch (BackupException e) {
      require(!STRANGE.contains(e.kind()), e.kind() + ", " + e.getMessage());
      return "failed: " + e.getMessage();
    } catch (IOException e) {
      return "failed: " + e;
    }
  }

  /** For some steps nobody may write, or nobody may delete. */
  String readOnly(Random random) {
    fair();
    boolean appendOnly = random.nextBoolean();
    Supplier<IOException> denied = () -> new AccessDeniedException("shop", null, "denied");
    world.faulty.failingFrom(Call.DELETE, 1, denied);
    if (!appendOnly) {
      world.faulty.failingFrom(Call.PUT, 1, denied);
    }
    world.rough();
    roughFor = 3 + random.nextInt(10);
    return (appendOnly ? "append only" : "read only") + " for " + roughFor;
  }

  /** All is well again, whatever it was. */
  void fair() {
    roughFor = 0;
    world.calm();
  }

  /** One fault, or one and all after it, while something is done. */
  String storm(Random random) throws Exception {
    fair();
    Call call = List.of(Call.values()).get(random.nextInt(4));
    int nth = world.faulty.calls(call) + 1 + random.nextInt(8);
    int nthPut = world.faulty.calls(Call.PUT) + 1 + random.nextInt(8);
    int nthOpen = world.faulty.calls(Call.OPEN) + 1 + random.nextInt(8);
    Moment moment = List.of(Moment.values()).get(random.nextInt(2));
    String storm;
    switch (random.nextInt(7)) {
      case 0 -> {
        world.faulty.failing(call, nth, moment, () -> new IOException("cut"));
        storm = call + " cut once " + moment;
      }
      case 1 -> {
        world.faulty.failing(call, nth, moment, () -> new NoSpaceException("full", null));
        storm = call + " full once " + moment;
      }
      case 2 -> {
        world.faulty.failingFrom(call, nth, () -> new IOException("gone"));
        storm = call + " fails from " + nth;
      }
      case 3 -> {
        world.faulty.halvingPut(nthPut);
        storm = "half a put";
      }
      case 4 -> {
        world.faulty.losingPut(nthPut);
        storm = "a put is lost";
      }
      case 5 -> {
        world.faulty.cuttingOpen(nthOpen, random.nextInt(2000), () -> new IOException("cut"));
        storm = "a read is cut";
      }
      default -> {
        String some = List.of("orders", "stock", ".json").get(random.nextInt(3));
        world.faulty.corrupting(name -> isMarkOrPart(name) && name.value().contains(some));
        storm = "reading " + some + " goes wrong";
      }
    }
    world.rough();
    try {
      return storm + ": " + weathered(() -> deeds.something(random));
    } finally {
      fair();
    }
  }

  /** A store that cannot be listed or read is never taken for one that holds less. */
  String lookBlindly(Random random) {
    fair();
    Set<BackupId> there = world.listed();
    there.removeIf(id -> world.oracle.harms(id).contains(Harm.RECORD));
    Call call = random.nextBoolean() ? Call.LIST : Call.OPEN;
    int nth = world.faulty.calls(call) + 1 + random.nextInt(3);
    world.faulty.failingFrom(call, nth, () -> new IOException("gone"));
    world.rough();
    try {
      Set<BackupId> seen =
          switch (random.nextInt(3)) {
            case 0 -> ids(world.backups().list().stream());
            case 1 ->
              ids(world.backups().planPrune().decisions().stream()
                  .map(RetentionPlan.Decision::backup));
            default ->
              there.stream()
                  .filter(id -> world.backups().find(id).isPresent())
                  .collect(Collectors.toSet());
          };
      require(seen.containsAll(there), call + " fails, and only these are seen: " + seen);
      return call + " fails from " + nth + ", and all are seen";
    } catch (BackupException e) {
      require(e.kind() == Kind.SINK || e.kind() == Kind.DAMAGED, e.kind() + ", " + e.getMessage());
      return "failed: " + e.getMessage();
    } finally {
      fair();
    }
  }

  private static Set<BackupId> ids(Stream<Backup> backups) {
    return backups.map(Backup::id).collect(Collectors.toSet());
  }

  /** The series' own identity, once read wrong, would end every verb. */
  private static boolean isMarkOrPart(ObjectName name) {
    return !name.last().equals("series.json");
  }

  /** The process dies at some call of the sink. */
  String crash(Random random) throws Exception {
    fair();
    world.rough();
    int nth = 1 + random.nextInt(40);
    MortalSink.Moment moment = List.of(MortalSink.Moment.values()).get(random.nextInt(3));
    world.mortal.dieAt(nth, moment);
    String outcome;
    try {
      outcome = weathered(() -> deeds.something(random));
    } catch (MortalSink.PowerCut e) {
      outcome = "died";
    }
    fair();
    return nth + " " + moment + ": " + outcome + "; " + world.restart(random);
  }

  String moveClock(Random random) {
    if (random.nextInt(4) == 0) {
      world.clock.set(ODD.get(random.nextInt(ODD.size())));
    } else {
      Duration step = STEPS.get(random.nextInt(STEPS.size()));
      world.clock.advance(random.nextInt(3) == 0 ? step.negated() : step);
    }
    return world.clock.instant().toString();
  }

  String loseCache(Random random) throws IOException {
    World.deleteTree(world.work().resolve("cache"));
    return "the cache is gone";
  }

  String loseWork(Random random) throws IOException {
    World.deleteTree(world.work());
    return world.work().getFileName() + " is gone";
  }

  String harm(Random random) throws IOException {
    Optional<BackupId> some = deeds.any(random);
    return some.isPresent() ? world.vandal.harm(some.get(), random) : "there is none";
  }

  String heal(Random random) throws IOException {
    Optional<BackupId> some = deeds.any(random);
    if (some.isEmpty()) {
      return "there is none";
    }
    world.vandal.heal(some.get());
    return some.get().toString();
  }
}
