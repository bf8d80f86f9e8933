package dev.lifeboat.storage.local;

import dev.lifeboat.testkit.FaultCount;
import dev.lifeboat.testkit.RandomWalk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random verbs, faults, crashes, clocks and other processes on one series, held against an oracle after every step. Where
 * the seed is even its backups are encrypted.
 */
@Tag("harness")
class ModelTest {
  private static final int STEPS = 300;

  private static final Map<String, Long> FAULTS = new TreeMap<>();

  @TempDir
  Path temp;

  static LongStream seeds() {
    return RandomWalk.seeds(1, 2, 3, 4);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  @Timeout(value = 20, unit = TimeUnit.MINUTES)
  void whateverHappensEveryBackupIsAsItWasToldAndNoOtherIsThere(long seed) throws IOException {
    World world = new World(temp, seed % 2 == 0);
    world.sailor().create(new Random(seed));
    Deeds deeds = new Deeds(world);
    Troubles troubles = new Troubles(world, deeds);
    try (Fleet fleet = new Fleet(world, troubles)) {
      RandomWalk walk = new RandomWalk(seed)
          .action(20, "create", troubles.inAnyWeather(deeds::create))
          .action(
              4, "create from sick sources", troubles.inAnyWeather(deeds::createFromSickSources))
          .action(5, "create if due", troubles.inAnyWeather(deeds::createIfDue))
          .action(6, "restore", troubles.inAnyWeather(deeds::restore))
          .action(5, "restore into sick", troubles.inAnyWeather(deeds::restoreIntoSick))
          .action(5, "restore elsewhere", troubles.inAnyWeather(deeds::restoreElsewhere))
          .action(9, "verify", troubles.inAnyWeather(deeds::verify))
          .action(7, "prune", troubles.inAnyWeather(deeds::prune))
          .action(4, "plan a prune", troubles.inAnyWeather(deeds::planPrune))
          .action(4, "prune as planned", troubles.inAnyWeather(deeds::prunePlan))
          .action(4, "delete", troubles.inAnyWeather(deeds::delete))
          .action(3, "force delete", troubles.inAnyWeather(deeds::forceDelete))
          .action(4, "pin", troubles.inAnyWeather(deeds::pin))
          .action(4, "unpin", troubles.inAnyWeather(deeds::unpin))
          .action(6, "read", troubles.inAnyWeather(deeds::read))
          .action(6, "harm", troubles::harm)
          .action(3, "heal", troubles::heal)
          .action(10, "clock", troubles::moveClock)
          .action(12, "storm", troubles::storm)
          .action(4, "look blindly", troubles::lookBlindly)
          .action(8, "crash", troubles::crash)
          .action(4, "restart", world::restart)
          .action(2, "lose cache", troubles::loseCache)
          .action(1, "lose work directory", troubles::loseWork)
          .action(1, "weather", troubles::readOnly)
          .action(2, "kill", fleet::kill)
          .action(3, "together", fleet::together)
          .check(1, world::look)
          .check(50, () -> {
            troubles.fair();
            world.lookClosely();
          })
          .check(Integer.MAX_VALUE, world::tidyUp);
      walk.go(RandomWalk.steps(STEPS));
      count(walk.taken(), fleet.killed());
    }
  }

  private static void count(Map<String, Long> taken, long killed) {
    taken.forEach((action, count) -> {
      FAULTS.merge("steps of the model", count, Long::sum);
      switch (action) {
        case "storm", "look blindly", "weather" ->
          FAULTS.merge("model: the sink fails in a step", count, Long::sum);
        case "crash", "restore into sick", "create from sick sources", "harm", "clock" ->
          FAULTS.merge("model: " + action, count, Long::sum);
        case "lose cache", "lose work directory" ->
          FAULTS.merge("model: lost cache or work directory", count, Long::sum);
        case "together" -> FAULTS.merge("model: two processes at once", count, Long::sum);
        default -> {} // no fault
      }
    });
    FAULTS.merge("model: another process killed at its work", killed, Long::sum);
  }

  @AfterAll
  static void tell() {
    FAULTS.forEach((fault, count) -> FaultCount.tried(ModelTest.class, fault, count));
  }
}
