package dev.lifeboat.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeboat.testkit.FaultCount;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A host is killed at a step of a restore, or between its statements: what is live is old or new, a new object over the same
 * staging directory brings back the old and lets everybody connect, and nothing is left.
 */
@Tag("harness")
class RestoreKillTest {
  private static final String NEW = "300";
  private static final String OLD = "0";

  @TempDir
  Path directory;

  private final Server server = Server.of(Clients.OLDEST);
  private String database = "";
  private @Nullable Taken taken;

  enum Way {
    SWAP,
    IN_PLACE;

    PostgresTarget of(PostgresTarget target) {
      return this == SWAP ? target.swapping() : target.inPlace();
    }
  }

  /** Where a process comes to its end. */
  private record Doom(String verb, String step) {}

  @BeforeEach
  void openShop() throws Exception {
    database = Shop.small(server);
    taken = Taken.of(Clients.source(server, database), directory);
    server.run(database, "DELETE FROM orders");
  }

  @AfterEach
  void tidyUp() throws Exception {
    Databases.dropAllOf(server, database);
  }

  @ParameterizedTest
  @EnumSource
  void killedAtAnyStepWhatIsLiveIsOldOrNewAndTheOldComesBack(Way way) throws Exception {
    Path staging = Databases.staged(target(way), backup(), directory);
    List<Doom> dooms = steps(way, staging).stream()
        .distinct()
        .filter(doom -> !doom.verb().equals("stage"))
        .toList();
    boolean again = false;
    for (Doom doom : dooms) {
      if (doom.verb().equals("undo")) {
        target(way).apply(staging);
      }
      kill(way, doom, staging);
      assertOldOrNew(doom);
      if (again) {
        target(way).apply(staging);
        assertThat(rows()).as("%s", doom).isEqualTo(NEW);
      }
      again = !again;
      target(way).undo(staging);
      assertThat(rows()).as("%s", doom).isEqualTo(OLD);
      assertThat(server.query(database, "SELECT count(*) FROM items"))
          .as("%s", doom)
          .containsExactly("0");
    }
    target(way).discard(staging);
    assertThat(Databases.leftOf(server, database)).isEmpty();
    FaultCount.tried(RestoreKillTest.class, "kill -9 of an apply or undo, " + way, dooms.size());
  }

  @ParameterizedTest
  @EnumSource
  void killedWhileStagingNothingIsLeftAfterADiscardOrTheNextRestore(Way way) throws Exception {
    Path first = Databases.staged(target(way), backup(), directory);
    List<Doom> dooms = steps(way, first).stream()
        .distinct()
        .filter(doom -> doom.verb().equals("stage"))
        .toList();
    target(way).discard(first);
    for (Doom doom : dooms) {
      Path staging = Files.createTempDirectory(directory, "staging");
      kill(way, doom, staging);
      assertThat(rows()).as("%s", doom).isEqualTo(OLD);
      if (!doom.step().equals("analyze") && !doom.step().equals("restore")) {
        target(way).undo(staging);
        target(way).discard(staging);
        assertThat(Databases.leftOf(server, database)).as("%s", doom).isEmpty();
      }
    }
    Path last = Databases.staged(target(way), backup(), directory); // sweeps what was not discarded
    target(way).discard(last);
    assertThat(Databases.leftOf(server, database)).isEmpty();
    FaultCount.tried(RestoreKillTest.class, "kill -9 of a stage, " + way, dooms.size());
  }

  @Test
  void theNextRestoreOpensWhatAKilledOneHasShut() throws Exception {
    Path staging = Databases.staged(target(Way.SWAP), backup(), directory);
    kill(Way.SWAP, new Doom("apply", "swap"), staging);
    assertThat(isOpen()).isFalse();
    // its staging database still tells this process as its maker, which lives: what was said last
    // counts
    Path next = Databases.staged(target(Way.SWAP), backup(), directory);
    assertThat(isOpen()).isTrue();
    assertThat(rows()).isEqualTo(OLD);
    target(Way.SWAP).discard(next);
    assertThat(Databases.leftOf(server, database)).isEmpty();
  }

  private Taken backup() {
    return Objects.requireNonNull(taken, "taken");
  }

  private PostgresTarget target(Way way) {
    return way.of(Databases.target(server, database));
  }

  /** All that are passed when nothing happens. */
  private List<Doom> steps(Way way, Path staging) throws Exception {
    List<Doom> all = new ArrayList<>();
    Path own = Files.createTempDirectory(directory, "survey");
    PostgresTarget staged = target(way).steps(step -> all.add(new Doom("stage", step)));
    staged.stage(new ByteArrayInputStream(backup().content()), backup().facts(), own);
    target(way).discard(own);
    target(way).steps(step -> all.add(new Doom("apply", step))).apply(staging);
    target(way).steps(step -> all.add(new Doom("undo", step))).undo(staging);
    assertThat(rows()).isEqualTo(OLD);
    return all;
  }

  private void kill(Way way, Doom doom, Path staging) throws Exception {
    Path content = Files.write(directory.resolve("content"), backup().content());
    Path facts = Files.createDirectories(directory.resolve("facts"));
    new Staging(facts).keep(backup().facts());
    try (ChildJvm child = ChildJvm.start(
        Restoring.class,
        server.port(),
        database,
        Clients.require(server.major()).directory(),
        way,
        doom.verb(),
        doom.step(),
        staging,
        content,
        facts)) {
      assertThat(child.nextLine()).as("%s", doom).isEqualTo("at " + doom.step());
    }
  }

  private void assertOldOrNew(Doom doom) throws SQLException {
    assertThat(Databases.exists(server, database)).as("%s", doom).isTrue();
    if (isOpen()) {
      assertThat(rows()).as("%s", doom).isIn(OLD, NEW);
    }
  }

  private boolean isOpen() throws SQLException {
    return server
        .query(
            "postgres", "SELECT datallowconn FROM pg_database WHERE datname = '" + database + "'")
        .equals(List.of("t"));
  }

  private String rows() throws SQLException {
    return server.query(database, "SELECT count(*) FROM orders").get(0);
  }

  /** Takes one step of a restore, and holds still in the middle of it until it is killed. */
  static final class Restoring {
    public static void main(String[] arguments) throws Exception {
      String doom = arguments[5];
      PostgresConnection connection = PostgresConnection.of(
          "127.0.0.1", Integer.parseInt(arguments[0]), arguments[1], "postgres");
      PostgresTarget target = Way.valueOf(arguments[3])
          .of(PostgresTarget.live(connection).client(Path.of(arguments[2])))
          .steps(step -> {
            if (step.equals(doom)) {
              System.out.println("at " + step);
              holdStill();
            }
          });
      Path staging = Path.of(arguments[6]);
      switch (arguments[4]) {
        case "stage" ->
          target.stage(
              Files.newInputStream(Path.of(arguments[7])),
              new Staging(Path.of(arguments[8])).recorded(),
              staging);
        case "apply" -> target.apply(staging);
        default -> target.undo(staging);
      }
      System.out.println("done");
    }

    private static void holdStill() {
      while (true) {
        java.util.concurrent.locks.LockSupport.park();
      }
    }
  }
}
