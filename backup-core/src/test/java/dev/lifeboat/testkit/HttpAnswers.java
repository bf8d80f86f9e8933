package dev.lifeboat.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lifeboat.sink.NoSpaceException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Somebody answers in the server's place: once, or from then on. */
final class HttpAnswers {
  private static final int SIZE = 3000;

  private static final List<Integer> STATUSES = List.of(
      200, 201, 202, 203, 204, 206, 207, 300, 304, 305, 400, 401, 402, 403, 404, 405, 406, 407, 408,
      409, 410, 411, 412, 413, 414, 415, 416, 417, 421, 422, 423, 424, 425, 426, 428, 429, 431, 451,
      500, 501, 502, 503, 504, 505, 507, 508, 511, 520, 599);

  /** To be met at every request, the others at one after another. */
  private static final Set<Integer> EVERYWHERE = Set.of(200, 207, 307, 401, 404, 503);

  private static final boolean ALL = Integer.getInteger("loops", 1) > 1;

  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

  /** Sooner or later another try is answered otherwise. */
  private static final Set<Integer> PASSING = Set.of(408, 423, 425, 429, 500, 502, 503, 504);

  private static final Set<String> CREDENTIALS =
      Set.of("Authorization", "Proxy-Authorization", "Cookie", "X-Amz-Security-Token");

  private final HttpFaultsContract contract;
  private final HttpErrand errand;
  private final List<String> failures = new ArrayList<>();

  HttpAnswers(HttpFaultsContract contract, HttpErrand errand) {
    this.contract = contract;
    this.errand = errand;
  }

  void tryAll() throws Exception {
    try (HttpTrial trial = new HttpTrial(contract, SIZE);
        FaultProxy elsewhere = FaultProxy.before(URI.create("http://127.0.0.1:9/"))) {
      elsewhere.failingFrom(1, HttpFault.answered(HttpReply.status(200)));
      int requests = trial.requests(errand, trial.fresh(HttpTrial.PATIENT)).size();
      List<HttpReply> replies = replies(elsewhere.endpoint());
      trial.thoroughAtEvery(ALL ? 1 : 4);
      for (int i = 0; i < replies.size(); i++) {
        for (int nth = 1; nth <= requests; nth++) {
          HttpReply reply = replies.get(i);
          if (ALL || EVERYWHERE.contains(reply.status()) || nth == 1 + i % requests) {
            tryOne(trial, reply, nth, (i + nth) % 2 == 0);
          }
          if (ALL) {
            tryOne(trial, reply, nth, (i + nth) % 2 != 0);
          }
        }
      }
      for (ProxiedRequest request : elsewhere.requests()) {
        failures.add("\nanother place was asked: " + request + " with "
            + CREDENTIALS.stream()
                .filter(name -> request.header(name).isPresent())
                .toList());
      }
      assertEquals(List.of(), failures, () -> failures.size() + " of the answers");
      trial.assertEarlierOnesAreSafe();
      assertTrue(requests == 0 || trial.faults() >= replies.size(), "answered");
      FaultCount.tried(contract.getClass(), "another answer in " + errand, trial.faults());
    }
  }

  private static List<HttpReply> replies(URI elsewhere) {
    Stream<HttpReply> statuses = STATUSES.stream()
        .map(HttpReply::status)
        .map(reply -> reply.status() == 429 ? reply.header("Retry-After", "7") : reply)
        .map(reply -> reply.status() == 401
            ? reply.header("WWW-Authenticate", "Basic realm=\"another\"")
            : reply);
    Stream<HttpReply> redirects = REDIRECTS.stream()
        .sorted()
        .flatMap(status -> Stream.of(elsewhere.toString(), "/login", "", "file:///etc/passwd")
            .map(place -> HttpReply.redirect(status, place)));
    Stream<HttpReply> pages = Stream.of(
        HttpReply.loginPage(),
        HttpReply.status(503).header("Retry-After", "soon").body("<html>Maintenance</html>"));
    return Stream.of(statuses, redirects, pages).flatMap(all -> all).toList();
  }

  private void tryOne(HttpTrial trial, HttpReply reply, int nth, boolean all) {
    HttpFault fault = HttpFault.answered(reply);
    try {
      trial.believing(contract.isCredible(reply.status()));
      Optional<IOException> thrown = trial.of(errand, trial.fresh(HttpTrial.PATIENT), proxy -> {
        if (all) {
          proxy.failingFrom(nth, fault);
        } else {
          proxy.failing(nth, fault);
        }
      });
      thrown.ifPresent(e -> assertIsTrue(reply.status(), e));
    } catch (AssertionError | Exception e) {
      failures.add(
          "\n" + fault + " to request " + nth + (all ? " and all others" : "") + "\n  " + e);
    } finally {
      trial.believing(false);
    }
  }

  /** Whether the exception is of a kind that is true of such an answer. */
  private static void assertIsTrue(int status, IOException e) {
    switch (status) {
      case 401, 403 -> assertInstanceOf(AccessDeniedException.class, e, "who may not enter");
      case 507 -> assertInstanceOf(NoSpaceException.class, e, "where there is no room");
      default ->
        assertTrue(
            !PASSING.contains(status) || !isFinal(e), () -> "given up, though it may pass: " + e);
    }
  }

  private static boolean isFinal(IOException e) {
    return e instanceof NoSuchFileException
        || e instanceof FileAlreadyExistsException
        || e instanceof AccessDeniedException
        || e instanceof NoSpaceException;
  }
}
