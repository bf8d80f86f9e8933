package dev.lifeboat.testkit;

import java.util.ArrayList;
import java.util.List;

/**
 * The power fails at one moment of a {@link ForgetfulDisk}: what may be left. To be asked only as long as the disk
 * stands at this moment.
 */
public final class PowerCut {
  private final DiskState state;
  private final int after;
  private final String last;

  PowerCut(DiskState state, int after, String last) {
    this.state = state;
    this.after = after;
    this.last = last;
  }

  /** How many operations there had been. */
  public int after() {
    return after;
  }

  /** Nothing that was not forced is left. */
  public DiskTree none() {
    return state.surviving(Survival.NONE);
  }

  /** All is left, as after a kill. */
  public DiskTree all() {
    return state.surviving(Survival.ALL);
  }

  /** What chance leaves: the same for the same seed. */
  public DiskTree some(long seed) {
    return state.surviving(Survival.random(seed));
  }

  /** None, all, and so many that chance leaves, from seeds that follow this one. */
  public List<DiskTree> trees(long seed, int random) {
    List<DiskTree> trees = new ArrayList<>(List.of(none(), all()));
    for (int i = 0; i < random; i++) {
      trees.add(some(seed + i));
    }
    return trees;
  }

  /** {@code "after operation 12, FORCE /mnt/backups"}. */
  @Override
  public String toString() {
    return after == 0 ? "before the first operation" : "after operation " + after + ", " + last;
  }
}
