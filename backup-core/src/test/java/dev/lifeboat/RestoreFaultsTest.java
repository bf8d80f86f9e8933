package dev.lifeboat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.Reason;
import dev.lifeboat.testkit.FaultySink.Call;
import dev.lifeboat.testkit.FaultySink.Moment;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.ThrowingConsumer;

/** Whatever fails, and when: what is live is entirely old or entirely new, and the next restore goes through. */
class RestoreFaultsTest extends ShopTest {
  private static final String OLD = "orders 1, users 1, notes 1";
  private static final String NEW = "orders 2, users 2, notes 2";
  private static final List<String> STEPS = List.of(
      "holds", "space", "stage", "check", "open", "capture", "write", "apply", "applied",
      "discard");
  private static final Map<String, Paper.Action> FAILURES = Map.of(
      "an IOException", Paper.failing("broken"),
      "a RuntimeException",
          () -> {
            throw new IllegalStateException("broken");
          },
      "an interrupt",
          () -> {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("broken");
          },
      "an Error",
          () -> {
            throw new AssertionError("broken");
          });

  @TestFactory
  Stream<DynamicTest> whateverStepOfWhateverComponentFails() {
    return STEPS.stream()
        .flatMap(step -> Stream.of("orders", "users", "notes")
            .flatMap(paper -> FAILURES.keySet().stream()
                .map(failure -> DynamicTest.dynamicTest(
                    failure + " at " + paper + " " + step,
                    () -> inANewShop(
                        shop -> shop.leavesLiveEntirelyOldOrNew(paper, step, failure))))));
  }

  private void inANewShop(ThrowingConsumer<RestoreFaultsTest> test) throws Throwable {
    RestoreFaultsTest shop = new RestoreFaultsTest();
    shop.temp = Files.createTempDirectory(temp, "shop");
    test.accept(shop);
  }

  private void leavesLiveEntirelyOldOrNew(String name, String step, String failure)
      throws IOException {
    Paper paper = name.equals("orders") ? orders : name.equals("users") ? users : notes;
    Backups backups = shop().maintenance(gate("maintenance")).build();
    BackupId id = backedUp(backups);
    paper.at(step, FAILURES.getOrDefault(failure, () -> {}));

    String outcome = "restored";
    try {
      backups.restore(id);
    } catch (BackupException e) {
      outcome = e.kind() + ": " + e.getMessage();
      assertThat(e).hasMessageNotContaining("..");
    } catch (AssertionError e) {
      assertThat(e).hasMessage("broken");
      outcome = "error";
    }
    boolean interrupted = Thread.interrupted();

    assertThat(live()).as(outcome).isEqualTo(outcome.equals("restored") ? OLD : NEW);
    assertThat(interrupted).isEqualTo(failure.equals("an interrupt"));
    assertThat(log.stream().filter("maintenance shut"::equals).count())
        .isEqualTo(log.stream().filter("maintenance reopened"::equals).count());
    assertThat(litter()).isEmpty();
    paper.heal();
    clock.advance(Duration.ofSeconds(1));
    backups.restore(id);
    assertThat(live()).isEqualTo(OLD);
  }

  @Test
  void whateverCallOfTheSinkFails() throws IOException {
    Backups backups = shop().maintenance(gate("maintenance")).build();
    BackupId id = backups.create(Reason.MANUAL).id();
    for (Call call : List.of(Call.PUT, Call.OPEN, Call.LIST)) {
      boolean through = false;
      for (int nth = 1; !through; nth++) {
        orders.live = "orders 2";
        users.live = "users 2";
        notes.live = "notes 2";
        clock.advance(Duration.ofSeconds(1));
        // a final failure: it is not tried again
        sink.failing(
            call, sink.calls(call) + nth, Moment.BEFORE, () -> new SecurityException("cut"));
        try {
          backups.restore(id);
          through = true;
          assertThat(live()).isEqualTo(OLD);
        } catch (BackupException e) {
          assertThat(live()).as(e.getMessage()).isEqualTo(NEW);
        }
        sink.healed();
        assertThat(nth).isLessThan(100);
      }
    }
    backups.create(Reason.MANUAL);
    assertThat(litter()).isEmpty();
  }
}
