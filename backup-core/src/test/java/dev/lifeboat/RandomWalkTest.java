package dev.lifeboat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lifeboat.testkit.RandomWalk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The engine of the model tests. */
class RandomWalkTest {
  private static RandomWalk walk(long seed, List<Integer> drawn) {
    return new RandomWalk(seed)
        .action(3, "one", random -> {
          drawn.add(random.nextInt());
          return "drew";
        })
        .action(1, "two", random -> {
          drawn.add(random.nextInt());
          drawn.add(random.nextInt());
          return "drew twice";
        });
  }

  @Test
  void theSameSeedGoesTheSameWay() {
    List<Integer> first = new ArrayList<>();
    List<Integer> second = new ArrayList<>();
    List<Integer> other = new ArrayList<>();
    walk(7, first).go(200);
    walk(7, second).go(200);
    walk(8, other).go(200);
    assertThat(second).isEqualTo(first);
    assertThat(other).isNotEqualTo(first);
  }

  @Test
  void fewerStepsAreTheBeginningOfMore() {
    RandomWalk few = walk(7, new ArrayList<>());
    RandomWalk many = walk(7, new ArrayList<>());
    few.go(20);
    many.go(50);
    assertThat(many.journal().subList(0, 20)).isEqualTo(few.journal());
  }

  @Test
  void actionsAreTakenInProportionToTheirWeights() {
    RandomWalk walk = walk(7, new ArrayList<>());
    walk.go(4000);
    assertThat(walk.taken().getOrDefault("one", 0L)).isBetween(2850L, 3150L);
    assertThat(walk.taken().values().stream().mapToLong(count -> count).sum()).isEqualTo(4000);
  }

  @Test
  void checksAreMadeAfterTheirStepsAndAtTheEnd() {
    List<String> order = new ArrayList<>();
    new RandomWalk(1)
        .action(1, "step", random -> {
          order.add("step");
          return "";
        })
        .check(1, () -> order.add("look"))
        .check(2, () -> order.add("closely"))
        .go(3);
    assertThat(order)
        .containsExactly("step", "look", "step", "look", "closely", "step", "look", "closely");
  }

  @Test
  void aFailureTellsWhatWentBeforeItAndHowToGoThereAgain() {
    IOException lost = new IOException("lost");
    List<String> gone = new ArrayList<>();
    RandomWalk walk = new RandomWalk(42).action(1, "step", random -> {
      if (gone.size() == 2) {
        throw lost;
      }
      gone.add("");
      return "went " + gone.size();
    });
    assertThatThrownBy(() -> walk.go(10))
        .isInstanceOf(AssertionError.class)
        .hasCause(lost)
        .hasMessage("""
            seed 42, step 3, step: java.io.IOException: lost
            Go there again with -Dmodel.seed=42 -Dmodel.steps=3. What was done:
              1 step: went 1
              2 step: went 2
            """);
  }

  @Test
  void aCheckThatFailsIsToldWithTheStepThatItFollowed() {
    RandomWalk walk = new RandomWalk(42).action(1, "step", random -> "went").check(2, () -> {
      throw new AssertionError("it is not so");
    });
    assertThatThrownBy(() -> walk.go(10))
        .hasMessageStartingWith("seed 42, step 2, step: java.lang.AssertionError: it is not so\n")
        .hasMessageEndingWith("  1 step: went\n  2 step: went\n");
  }

  @Test
  void loopsMakeFurtherSeedsOfTheGivenOnes() {
    int loops = Integer.getInteger("loops", 1);
    assertThat(RandomWalk.seeds(1, 2, 3).boxed().distinct())
        .hasSize(3 * loops)
        .startsWith(1L, 2L, 3L);
  }

  @Test
  void propertiesSayWhereToGoAgain() {
    System.setProperty("model.seed", "-5");
    System.setProperty("model.steps", "12");
    try {
      assertThat(RandomWalk.seeds(1, 2, 3)).containsExactly(-5L);
      assertThat(RandomWalk.steps(500)).isEqualTo(12);
    } finally {
      System.clearProperty("model.seed");
      System.clearProperty("model.steps");
    }
    assertThat(RandomWalk.steps(500)).isEqualTo(500);
  }
}
