package dev.lifeboat.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.testkit.FaultCount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An application that backs up, proves, prunes and restores its live database, in which a clerk goes on committing, is
 * killed again and again: at every named point in turn, and at any moment.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "elsewhere no part tells who makes it")
@Tag("harness")
class HostKillTest {
  private static final long SEED = 20260214;
  private static final int AT_REEFS = 36;
  private static final int AT_ANY_MOMENT = 14;
  private static final int LONGEST_MILLIS = 400;
  private static final int FEWEST_KILLS = 10;
  private static final List<String> VERBS =
      List.of("restore", "create", "verify", "drill", "prune");

  @TempDir
  static Path quick;

  @TempDir
  Path directory;

  private static QuickStart quickly;

  @BeforeAll
  static void prepare() throws IOException {
    quickly = new QuickStart(quick);
  }

  /** What a process is told to do, and where or when it is killed. */
  private record Doom(String verb, String reef, long seed) {
    String order(Lookout lookout) {
      List<BackupId> listed = lookout.listed();
      return verb.equals(Host.ANYTHING)
          ? verb + " " + seed
          : verb + " " + listed.get(verb.equals("restore") ? listed.size() - 1 : 0);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"WAL", "DELETE"})
  void killedAnywhereNothingThatWasSavedOrCommittedIsLost(String journalMode) throws Exception {
    Host host = new Host(directory.resolve("host"));
    Files.createDirectories(host.home().resolve("data"));
    Books.create(host.database(), journalMode);
    int kills = 0;
    try (Clerk clerk = Clerk.in(host.database())) {
      Lookout lookout = new Lookout(host, clerk, directory.resolve("scratch"));
      for (int i = 0; i < 4; i++) {
        lookout.create();
      }
      List<Doom> dooms = dooms(host, lookout, journalMode);
      KilledRun next = start(host, dooms, 0);
      try {
        for (int i = 0; i < dooms.size(); i++) {
          KilledRun run = next;
          boolean killed = sail(run, dooms.get(i), lookout);
          next = start(host, dooms, i + 1); // comes up while this one is looked after
          try {
            lookout.assertAllIsWell(run);
          } catch (Exception | AssertionError e) {
            throw new AssertionError(
                journalMode + ", seed " + SEED + ", kill " + i + " at " + dooms.get(i) + ": " + e
                    + "\n" + run.everythingSaid(),
                e);
          }
          run.close();
          kills += killed ? 1 : 0;
        }
      } finally {
        next.close();
      }
      // a point that was passed in the survey need not be passed again: that one was not tried
      assertThat(kills).as("of " + dooms.size()).isGreaterThanOrEqualTo(FEWEST_KILLS);
    }
    FaultCount.tried(HostKillTest.class, "kill -9 of a host, " + journalMode, kills);
  }

  /** Lets it come to its doom. False if it had done all before. */
  private static boolean sail(KilledRun run, Doom doom, Lookout lookout) throws Exception {
    lookout.watch();
    run.order(doom.order(lookout));
    boolean killed = doom.verb().equals(Host.ANYTHING)
        ? run.worksFor(new SplittableRandom(doom.seed()).nextInt(1, LONGEST_MILLIS))
        : run.strikes();
    run.kill();
    return killed;
  }

  private KilledRun start(Host host, List<Doom> dooms, int number) throws Exception {
    String reef = number < dooms.size() ? dooms.get(number).reef() : "";
    return KilledRun.start(host, reef, quickly, directory.resolve("run-" + number));
  }

  /** A part of all named points, or as many as there are, and moments at random among them. */
  private List<Doom> dooms(Host host, Lookout lookout, String journalMode) throws Exception {
    Random random = new Random(SEED + journalMode.hashCode());
    int loops = Integer.getInteger("loops", 1);
    List<Doom> dooms = reefs(host, lookout);
    Collections.shuffle(dooms, random);
    dooms.subList(Math.min(AT_REEFS * loops, dooms.size()), dooms.size()).clear();
    while (dooms.size() < (AT_REEFS + AT_ANY_MOMENT) * loops) {
      dooms.add(random.nextInt(dooms.size()), new Doom(Host.ANYTHING, "", random.nextLong()));
    }
    return dooms;
  }

  /** Every point that every verb passes when nothing happens to it. */
  private List<Doom> reefs(Host host, Lookout lookout) throws Exception {
    List<Doom> reefs = new ArrayList<>();
    for (String verb : VERBS) {
      Path own = directory.resolve("survey-" + verb);
      try (KilledRun survey = KilledRun.start(host, "", quickly, own)) {
        lookout.watch();
        survey.order(new Doom(verb, "", 0).order(lookout));
        assertThat(survey.strikes()).isFalse();
        survey.awaitEnd();
        survey.kill();
        new TreeSet<>(survey.lines("passed")).forEach(reef -> reefs.add(new Doom(verb, reef, 0)));
        lookout.assertAllIsWell(survey);
      }
    }
    return reefs;
  }
}
