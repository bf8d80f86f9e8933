package dev.lifeboat.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lifeboat.testkit.HttpFault.Ending;
import dev.lifeboat.testkit.HttpFault.Way;
import java.util.ArrayList;
import java.util.List;

/** The connection ends after so many bytes, for every number that matters. */
final class HttpCuts {
  private static final int EVERY_BYTE_OF = 2048;
  private static final int SMALL = 3000;
  private static final int LARGE = 150_000;
  private static final boolean ALL = Integer.getInteger("loops", 1) > 1;

  private final HttpFaultsContract contract;
  private final HttpErrand errand;
  private final Way way;
  private final List<String> failures = new ArrayList<>();

  HttpCuts(HttpFaultsContract contract, HttpErrand errand, Way way) {
    this.contract = contract;
    this.errand = errand;
    this.way = way;
  }

  void tryAll() throws Exception {
    int tried = 0;
    try (HttpTrial trial = new HttpTrial(contract, SMALL)) {
      List<ProxiedRequest> requests = requests(trial);
      int main = main(requests);
      boolean more = true;
      for (int n = 0; more && n < EVERY_BYTE_OF; n++) {
        more = tryOne(trial, main, n);
      }
      tryOthers(trial, requests.size(), main);
      tried += settled(trial);
    }
    try (HttpTrial trial = new HttpTrial(contract, LARGE)) {
      int main = main(requests(trial));
      boolean more = true;
      for (int n = EVERY_BYTE_OF; more && n < LARGE; n *= 2) {
        more = tryOne(trial, main, n);
      }
      tried += settled(trial);
    }
    assertTrue(tried > 100, "cut");
    FaultCount.tried(contract.getClass(), "a connection is cut in " + errand + " " + way, tried);
  }

  /** How many cuts that were. */
  private int settled(HttpTrial trial) throws Exception {
    assertEquals(List.of(), failures, () -> failures.size() + " of the cuts");
    trial.assertEarlierOnesAreSafe();
    return trial.faults();
  }

  private List<ProxiedRequest> requests(HttpTrial trial) throws Exception {
    trial.thoroughAtEvery(ALL ? 1 : 8);
    trial.requests(errand, trial.patient()); // from now on it knows the server
    return trial.requests(errand, trial.patient());
  }

  /** The one that carries the content, counted from 1. */
  private static int main(List<ProxiedRequest> requests) {
    int main = 1;
    for (int nth = 1; nth <= requests.size(); nth++) {
      ProxiedRequest request = requests.get(nth - 1);
      if (request.is("PUT")) {
        return nth;
      }
      main = request.is("GET") ? nth : main;
    }
    return main;
  }

  /** Each byte at one of them, or at all. */
  private void tryOthers(HttpTrial trial, int count, int main) {
    for (int nth = 1; nth <= count; nth++) {
      boolean more = nth != main;
      int step = ALL ? 1 : count;
      for (int n = ALL ? 0 : nth; more && n < EVERY_BYTE_OF; n += step) {
        more = tryOne(trial, nth, n);
      }
    }
  }

  /** Whether there were as many bytes to cut. */
  private boolean tryOne(HttpTrial trial, int nth, int bytes) {
    int before = trial.faults();
    Ending[] both = {Ending.CLOSED, Ending.RESET};
    for (Ending ending : ALL ? both : new Ending[] {both[bytes % 2]}) {
      HttpFault fault = HttpFault.severed(way, bytes, ending);
      try {
        trial.of(errand, trial.patient(), proxy -> proxy.failing(nth, fault));
      } catch (AssertionError | Exception e) {
        failures.add("\n" + fault + " of request " + nth + "\n  " + e);
      }
    }
    return trial.faults() > before && failures.size() < 20;
  }
}
