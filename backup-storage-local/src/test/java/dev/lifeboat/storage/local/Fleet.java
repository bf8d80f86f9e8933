package dev.lifeboat.storage.local;

import static dev.lifeboat.storage.local.Sailor.require;

import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.testkit.Report;
import dev.lifeboat.testkit.Report.What;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Another process with the same series: killed at its work, or at work at the same time. */
final class Fleet implements AutoCloseable {
  private static final int VERBS = 6;

  private final World world;
  private final Troubles troubles;
  private final Path liveOfMate;
  private Optional<Mate> mate = Optional.empty();
  private int started;
  private int killed;

  Fleet(World world, Troubles troubles) {
    this.world = world;
    this.troubles = troubles;
    this.liveOfMate = world.root.resolve("live-mate");
  }

  /** How many processes were killed at their work. */
  int killed() {
    return killed;
  }

  int started() {
    return started;
  }

  /** It is killed at a call of the sink, or at any moment. */
  String kill(Random random) throws Exception {
    calm();
    boolean atCall = random.nextInt(3) > 0;
    int nth = 1 + random.nextInt(atCall ? 150 : 20);
    MortalSink.Moment moment = List.of(MortalSink.Moment.values()).get(random.nextInt(3));
    Path work = randomWork(random);
    mate().go(random.nextLong(), VERBS, work, world.clock.instant(), atCall ? nth : 0, moment);
    Mate.Account account = mate().await(atCall ? Integer.MAX_VALUE : nth);
    world.oracle.acceptAll(List.of(account.reports()));
    require(new Live(liveOfMate).isWhole(), "what is live at the mate is neither old nor new");
    if (account.died()) {
      killed++;
      dismiss();
    }
    return (account.died() ? "killed at " : "ended before ") + (atCall ? "call " : "word ") + nth
        + " in " + work.getFileName() + ", after " + account.lines();
  }

  /** Both work at the same time, in turns or with work directories of their own. */
  String together(Random random) throws Exception {
    calm();
    List<Report> ours = new ArrayList<>();
    List<String> lines = new ArrayList<>();
    Path work = randomWork(random);
    mate().go(random.nextLong(), VERBS, work, world.clock.instant(), 0, MortalSink.Moment.BEFORE);
    Mate.sail(world.sailor().telling(ours::add), random.nextLong(), VERBS, lines::add);
    Mate.Account account = mate().await(Integer.MAX_VALUE);
    require(!account.died(), "the mate died, after " + account.lines());
    requirePinsHeld(ours, account.reports());
    world.oracle.acceptAll(List.of(ours, account.reports()));
    return "in " + work.getFileName() + " " + account.lines() + ", beside " + lines;
  }

  /** Whoever pins at the same time as somebody prunes has pinned, or is told that it is gone. */
  private void requirePinsHeld(List<Report> ours, List<Report> theirs) {
    Set<BackupId> pinned = new HashSet<>();
    world.oracle.existing().stream().filter(world.oracle::isPinned).forEach(pinned::add);
    pinned.addAll(told(What.PINNED, ours, theirs));
    pinned.removeAll(told(What.UNPINNED, ours, theirs));
    pinned.retainAll(told(What.DELETED, ours, theirs));
    require(pinned.isEmpty(), "pinned, and deleted by another: " + pinned);
  }

  private static Set<BackupId> told(What what, List<Report> ours, List<Report> theirs) {
    return Stream.concat(ours.stream(), theirs.stream())
        .filter(report -> report.what() == what)
        .map(report -> report.id().orElseThrow())
        .collect(Collectors.toSet());
  }

  private Path randomWork(Random random) {
    return random.nextBoolean() ? world.work() : world.work("mate");
  }

  /** So that whatever fails is somebody's fault. */
  private void calm() throws IOException {
    troubles.fair();
    world.vandal.healAll();
  }

  private Mate mate() throws IOException {
    if (mate.isEmpty()) {
      mate = Optional.of(Mate.start(world.store, liveOfMate, world.key()));
      started++;
    }
    return mate.get();
  }

  private void dismiss() throws IOException {
    if (mate.isPresent()) {
      mate.get().close();
    }
    mate = Optional.empty();
  }

  @Override
  public void close() throws IOException {
    dismiss();
  }
}
