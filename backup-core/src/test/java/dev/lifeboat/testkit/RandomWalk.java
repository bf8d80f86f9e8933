package dev.lifeboat.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * Random steps that can be gone again: each is one of some weighted actions, and a seed chooses. Checks are made after
 * every step, or every so many, and at the end.
 *
 * <pre>{@code
 * new RandomWalk(seed)
 *     .action(10, "create", this::create)
 *     .action(2, "prune", this::prune)
 *     .check(1, this::look)
 *     .check(50, this::lookClosely)
 *     .go(RandomWalk.steps(500));
 * }</pre>
 *
 * <p>Every step draws from a {@link Random} of its own, made from the seed and the step's number, so that what one step
 * draws does not shift those after it. A failure tells all that went before it and how to go there again: with
 * {@code -Dmodel.seed=… -Dmodel.steps=…}, which {@link #seeds} and {@link #steps} heed. For one thread.
 */
public final class RandomWalk {
  private static final int TOLD = 150;

  private final long seed;
  private final List<Weighted> actions = new ArrayList<>();
  private final List<Every> checks = new ArrayList<>();
  private final List<Step> journal = new ArrayList<>();

  /** What a step does. */
  @FunctionalInterface
  public interface Action {
    /**
     * Does it once.
     *
     * @param random for every choice it makes
     * @return what came of it, in a few words, for the journal
     * @throws Exception or an {@link AssertionError}: the walk has failed
     */
    String act(Random random) throws Exception;
  }

  /** What must hold. */
  @FunctionalInterface
  public interface Check {
    /**
     * Looks.
     *
     * @throws Exception or an {@link AssertionError}: the walk has failed
     */
    void look() throws Exception;
  }

  /**
   * A step that was gone.
   *
   * @param number from 1
   * @param action its name
   * @param outcome what came of it
   */
  public record Step(int number, String action, String outcome) {
    @Override
    public String toString() {
      return number + " " + action + ": " + outcome;
    }
  }

  /** A walk that this seed chooses. */
  public RandomWalk(long seed) {
    this.seed = seed;
  }

  /** The seed given by {@code -Dmodel.seed}, or else these, and with {@code -Dloops=n} n times as many, made from them. */
  public static LongStream seeds(long... fixed) {
    Optional<Long> given = Optional.ofNullable(Long.getLong("model.seed"));
    if (given.isPresent()) {
      return LongStream.of(given.get());
    }
    int loops = Integer.getInteger("loops", 1);
    return LongStream.range(0, loops)
        .flatMap(loop -> LongStream.of(fixed).map(seed -> loop == 0 ? seed : mixed(seed, loop)));
  }

  /** How many steps are given by {@code -Dmodel.steps}, or else this many. */
  public static int steps(int usual) {
    return Integer.getInteger("model.steps", usual);
  }

  /** One of the things that a step can be; chance takes it in proportion to its weight. */
  public RandomWalk action(int weight, String name, Action action) {
    if (weight < 1) {
      throw new IllegalArgumentException("weight must be at least 1, was " + weight);
    }
    actions.add(new Weighted(weight, name, Objects.requireNonNull(action, "action")));
    return this;
  }

  /** What must hold after every so many steps, and at the end; {@link Integer#MAX_VALUE} is at the end alone. */
  public RandomWalk check(int steps, Check check) {
    if (steps < 1) {
      throw new IllegalArgumentException("steps must be at least 1, was " + steps);
    }
    checks.add(new Every(steps, Objects.requireNonNull(check, "check")));
    return this;
  }

  /**
   * Goes so many steps.
   *
   * @throws AssertionError if an action or a check failed, with the journal
   */
  public void go(int steps) {
    for (int number = 1; number <= steps; number++) {
      Random random = new Random(mixed(seed, number));
      Weighted chosen = choose(random);
      try {
        journal.add(new Step(number, chosen.name(), chosen.action().act(random)));
        for (Every each : checks) {
          if (number % each.steps() == 0 || number == steps) {
            each.check().look();
          }
        }
      } catch (Exception | Error e) {
        throw new AssertionError(story(number, chosen.name(), e), e);
      }
    }
  }

  /** The steps gone so far. */
  public List<Step> journal() {
    return List.copyOf(journal);
  }

  /** How often each action was taken. */
  public Map<String, Long> taken() {
    return journal.stream()
        .collect(Collectors.groupingBy(Step::action, TreeMap::new, Collectors.counting()));
  }

  private Weighted choose(Random random) {
    int left = random.nextInt(actions.stream().mapToInt(Weighted::weight).sum());
    for (Weighted each : actions) {
      left -= each.weight();
      if (left < 0) {
        return each;
      }
    }
    throw new IllegalStateException("there is no action");
  }

  private String story(int number, String action, Throwable failure) {
    StringBuilder story = new StringBuilder();
    story.append("seed ").append(seed).append(", step ").append(number).append(", ");
    story.append(action).append(": ").append(failure).append('\n');
    story.append("Go there again with -Dmodel.seed=").append(seed);
    story.append(" -Dmodel.steps=").append(number).append(". What was done:\n");
    int first = Math.max(0, journal.size() - TOLD);
    if (first > 0) {
      story.append("  (").append(first).append(" steps before these)\n");
    }
    journal
        .subList(first, journal.size())
        .forEach(step -> story.append("  ").append(step).append('\n'));
    return story.toString();
  }

  private static long mixed(long seed, long number) {
    return new SplittableRandom(seed + number * 0x9E3779B97F4A7C15L).nextLong();
  }

  private record Weighted(int weight, String name, Action action) {}

  private record Every(int steps, Check check) {}
}
