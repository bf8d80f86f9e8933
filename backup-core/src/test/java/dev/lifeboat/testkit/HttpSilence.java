package dev.lifeboat.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lifeboat.sink.BackupSink;
import dev.lifeboat.testkit.HttpFault.Ending;
import dev.lifeboat.testkit.HttpFault.Way;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Nothing comes any more, or too little of it. */
final class HttpSilence {
  private static final Duration PATIENCE = Duration.ofMillis(150);
  private static final Duration DRIP = Duration.ofMillis(1);
  private static final int SIZE = 100_000;
  private static final boolean ALL = Integer.getInteger("loops", 1) > 1;

  private static final List<HttpFault> ENDED =
      List.of(HttpFault.swallowed(Ending.CLOSED), HttpFault.swallowed(Ending.RESET));

  private static final List<HttpFault> WAITING = List.of(
      HttpFault.swallowed(Ending.SILENT),
      HttpFault.severedAfterHead(Ending.SILENT),
      HttpFault.severed(Way.TO_SERVER, 100, Ending.SILENT),
      HttpFault.severed(Way.TO_CLIENT, 100, Ending.SILENT),
      HttpFault.severed(Way.TO_SERVER, SIZE / 2, Ending.SILENT),
      HttpFault.severed(Way.TO_CLIENT, SIZE / 2, Ending.SILENT),
      HttpFault.dripping(Way.TO_CLIENT, DRIP),
      HttpFault.dripping(Way.TO_SERVER, DRIP));

  private final HttpFaultsContract contract;
  private final HttpErrand errand;
  private final List<String> failures = new ArrayList<>();

  HttpSilence(HttpFaultsContract contract, HttpErrand errand) {
    this.contract = contract;
    this.errand = errand;
  }

  void tryAll() throws Exception {
    try (HttpTrial trial = new HttpTrial(contract, SIZE)) {
      int requests = trial.requests(errand, trial.fresh(HttpTrial.PATIENT)).size();
      for (int nth = 1; nth <= requests; nth++) {
        for (HttpFault fault : ENDED) {
          tryOne(trial, trial.fresh(HttpTrial.PATIENT), fault, nth);
        }
        for (int i = 0; i < WAITING.size(); i++) {
          if (ALL || requests == 1 || i % 4 == nth % 4) {
            tryOne(trial, trial.fresh(PATIENCE), WAITING.get(i), nth);
          }
        }
      }
      assertEquals(List.of(), failures, () -> failures.size() + " of the silences");
      trial.assertEarlierOnesAreSafe();
      assertTrue(trial.faults() >= requests, "silent");
      FaultCount.tried(
          contract.getClass(), "silence, a drip, an answer lost in " + errand, trial.faults());
    }
  }

  private void tryOne(HttpTrial trial, BackupSink sink, HttpFault fault, int nth) {
    try {
      trial.of(errand, sink, proxy -> proxy.failing(nth, fault));
    } catch (AssertionError | Exception e) {
      failures.add("\n" + fault + " at request " + nth + "\n  " + e);
    }
  }
}
