package dev.lifeboat.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntUnaryOperator;
import java.util.function.UnaryOperator;

/** The server answers, and it is not true. */
final class HttpLies {
  private static final int SIZE = 3000;
  private static final int PIECES = 64;

  private final HttpFaultsContract contract;

  HttpLies(HttpFaultsContract contract) {
    this.contract = contract;
  }

  /** 201, and nothing of the body is stored, one byte, half, all but one. */
  void tryPuts() throws Exception {
    List<IntUnaryOperator> kept = List.of(n -> 0, n -> 1, n -> n / 2, n -> n - 1);
    try (HttpTrial trial = new HttpTrial(contract, SIZE)) {
      for (boolean fresh : new boolean[] {false, true}) {
        for (IntUnaryOperator length : kept) {
          // a lie of the store itself: what it calls stored is lost, and is not there at the next
          // try either
          HttpFault lie = lying(bytes -> Arrays.copyOf(bytes, length.applyAsInt(bytes.length)));
          Optional<IOException> thrown = trial.of(
              HttpErrand.PUT,
              fresh ? trial.fresh(HttpTrial.PATIENT) : trial.patient(),
              proxy -> proxy.failingFrom(HttpLies::carries, 1, lie));
          assertTrue(thrown.isPresent(), "what was not stored is taken for stored");
        }
      }
      trial.assertEarlierOnesAreSafe();
      assertEquals(2 * kept.size(), trial.faults(), "lied");
      FaultCount.tried(contract.getClass(), "a lying 201", trial.faults());
    }
  }

  /** What is tried out is smaller. */
  private static boolean carries(ProxiedRequest request) {
    return request.is("PUT")
        && request
            .header("Content-Length")
            .filter(Integer.toString(SIZE)::equals)
            .isPresent();
  }

  private HttpFault lying(UnaryOperator<byte[]> kept) {
    return contract
        .openDoor()
        .map(door -> HttpFault.lying(kept, door))
        .orElseGet(() -> HttpFault.lying(kept));
  }

  /** Well framed, and only the first part of it, or an answer of another kind. */
  void tryListings() throws Exception {
    try (HttpTrial trial = new HttpTrial(contract, SIZE)) {
      for (HttpErrand errand : List.of(HttpErrand.LIST, HttpErrand.LIST_ALL)) {
        int requests = trial.requests(errand, trial.patient()).size();
        for (int nth = 1; nth <= requests; nth++) {
          for (int i = 0; i < PIECES; i++) {
            int piece = i;
            tryListing(
                trial,
                errand,
                nth,
                HttpFault.rewritten(
                    reply -> reply.cutTo((int) (reply.body().length * (long) piece / PIECES))));
          }
          tryListing(trial, errand, nth, HttpFault.rewritten(reply -> reply.body("<a/>")));
          tryListing(
              trial,
              errand,
              nth,
              HttpFault.rewritten(reply -> reply.cutTo(reply.body().length - 1)));
        }
      }
      trial.assertEarlierOnesAreSafe();
      assertTrue(trial.faults() >= 2 * PIECES, "lied");
      FaultCount.tried(contract.getClass(), "half a listing", trial.faults());
    }
  }

  private static void tryListing(HttpTrial trial, HttpErrand errand, int nth, HttpFault fault)
      throws IOException {
    trial.of(errand, trial.patient(), proxy -> proxy.failing(nth, fault));
  }

  /** Its clock is wrong by so much. */
  void tryClocks() throws Exception {
    List<Duration> skews = new ArrayList<>();
    for (Duration skew : List.of(
        Duration.ofMinutes(6), Duration.ofHours(1), Duration.ofDays(1), Duration.ofDays(3650))) {
      skews.add(skew);
      skews.add(skew.negated());
    }
    try (HttpTrial trial = new HttpTrial(contract, SIZE)) {
      for (Duration skew : skews) {
        String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(
            ZonedDateTime.now(ZoneOffset.UTC).plus(skew));
        HttpFault fault = HttpFault.rewritten(reply -> reply.header("Date", date));
        for (HttpErrand errand : HttpErrand.values()) {
          Optional<IOException> thrown = trial.of(
              errand, trial.fresh(HttpTrial.PATIENT), proxy -> proxy.failingFrom(1, fault));
          assertEquals(Optional.empty(), thrown, "the server's clock decides nothing");
        }
      }
      trial.assertEarlierOnesAreSafe();
      FaultCount.tried(contract.getClass(), "another clock", trial.faults());
    }
  }
}
