package dev.lifeboat.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lifeboat.BackupException;
import dev.lifeboat.Backups;
import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.Reason;
import dev.lifeboat.testkit.FaultCount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A process sleeps in the middle of a verb and goes on later: nobody has had its turn meanwhile. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "elsewhere no part tells who makes it")
@Tag("harness")
class PausedHostTest {
  @TempDir
  static Path quick;

  @TempDir
  Path directory;

  private static QuickStart quickly;
  private static int paused;

  @BeforeAll
  static void prepare() throws IOException {
    quickly = new QuickStart(quick);
  }

  @AfterAll
  static void tell() {
    FaultCount.tried(
        PausedHostTest.class, "a process is stopped in the middle of its turn", paused);
  }

  @ParameterizedTest
  @CsvSource({"create, within-put-2", "prune, before-delete-2", "restore, before-apply-1"})
  void nobodyDeletesOrWritesWhileItSleepsAndItGoesOn(String verb, String reef) throws Exception {
    Host host = new Host(directory.resolve("host"));
    Files.createDirectories(host.home().resolve("data"));
    Books.create(host.database(), "WAL");
    try (Clerk clerk = Clerk.in(host.database());
        KilledRun run = KilledRun.start(host, reef, quickly, directory.resolve("run"))) {
      Lookout lookout = new Lookout(host, clerk, directory.resolve("scratch"));
      for (int i = 0; i < 4; i++) {
        lookout.create();
      }
      List<BackupId> listed = lookout.listed();
      lookout.watch();
      run.order(verb + " " + listed.get(listed.size() - 1));
      assertThat(run.strikes()).isTrue();
      run.pause();

      Backups other = host.backups();
      for (Runnable attempt : List.<Runnable>of(
          other::prune,
          () -> other.create(Reason.MANUAL),
          () -> other.forceDelete(listed.get(0), "a test"),
          () -> other.restore(listed.get(0)))) {
        BackupException busy = catchThrowableOfType(BackupException.class, attempt::run);
        assertThat(busy.kind()).isEqualTo(BackupException.Kind.BUSY);
        assertThat(busy.getMessage())
            .contains(": a " + verb + " in process " + run.pid() + " is under way since ")
            .endsWith(", and did not end within 0 ms. Nothing was done; try again later.");
      }
      assertThat(lookout.listed()).containsAll(listed.subList(0, 3));

      run.resume();
      assertThat(run.strikes()).isFalse();
      run.awaitEnd();
      run.kill();
      lookout.assertAllIsWell(run);
      paused++;
    }
  }
}
