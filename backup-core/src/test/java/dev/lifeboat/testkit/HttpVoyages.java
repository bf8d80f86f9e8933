package dev.lifeboat.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lifeboat.testkit.HttpFault.Ending;
import dev.lifeboat.testkit.HttpFault.Way;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Verbs of a series whose sink is reached over a way that fails. */
final class HttpVoyages {
  private static final Duration PATIENCE = Duration.ofMillis(500);
  private static final int LOOPS = Integer.getInteger("loops", 1);

  /** Once, or from then on until all is well again. */
  private record Fault(HttpFault fault, Predicate<ProxiedRequest> which, boolean lasts) {
    static Fault once(HttpFault fault) {
      return new Fault(fault, request -> true, false);
    }

    static Fault ofPut(HttpFault fault, boolean lasts) {
      return new Fault(fault, request -> request.is("PUT"), lasts);
    }

    static Fault lasting(HttpFault fault) {
      return new Fault(fault, request -> true, true);
    }

    void at(int nth, FaultProxy proxy) {
      if (lasts) {
        proxy.failingFrom(which, nth, fault);
      } else {
        proxy.failing(which, nth, fault);
      }
    }
  }

  private final HttpFaultsContract contract;
  private final Errand errand;
  private final Path directory;
  private final List<String> failures = new ArrayList<>();
  private URI endpoint;
  private Duration patience = HttpTrial.PATIENT;
  private int worlds;
  private int met;

  HttpVoyages(HttpFaultsContract contract, Errand errand, Path directory) {
    this.contract = contract;
    this.errand = errand;
    this.directory = directory;
    this.endpoint = contract.server();
  }

  private List<Fault> faults() {
    HttpFault half = lying(bytes -> Arrays.copyOf(bytes, bytes.length / 2));
    return List.of(
        Fault.once(HttpFault.severed(Way.TO_SERVER, 100, Ending.RESET)),
        Fault.once(HttpFault.swallowed(Ending.CLOSED)),
        Fault.once(HttpFault.severed(Way.TO_CLIENT, 300, Ending.SILENT)),
        Fault.once(HttpFault.answered(HttpReply.status(503).header("Retry-After", "0"))),
        Fault.once(HttpFault.answered(HttpReply.loginPage())),
        Fault.once(HttpFault.rewritten(reply -> reply.cutTo(reply.body().length / 2))),
        Fault.ofPut(half, false),
        Fault.ofPut(half, true),
        Fault.lasting(HttpFault.severed(Way.TO_CLIENT, 0, Ending.RESET)),
        Fault.lasting(HttpFault.swallowed(Ending.RESET)),
        Fault.lasting(HttpFault.answered(HttpReply.status(401))),
        Fault.lasting(HttpFault.answered(HttpReply.status(403))),
        Fault.lasting(HttpFault.answered(HttpReply.status(404))),
        Fault.lasting(HttpFault.answered(HttpReply.status(500))),
        Fault.lasting(HttpFault.answered(HttpReply.loginPage())),
        Fault.ofPut(HttpFault.answered(HttpReply.status(507)), true));
  }

  private HttpFault lying(UnaryOperator<byte[]> kept) {
    return contract
        .openDoor()
        .map(door -> HttpFault.lying(kept, door))
        .orElseGet(() -> HttpFault.lying(kept));
  }

  void tryAll() throws Exception {
    HttpFaultsContract.Place first = contract.emptyPlace();
    Harbour.Sea sea = Harbour.sea(
        world(), path -> first.at(contract.server(), HttpTrial.PATIENT), Optional.empty());
    try (FaultProxy proxy = FaultProxy.before(contract.server())) {
      Harbour dry = harbour(sea, proxy);
      int before = proxy.requests().size();
      errand.run(dry);
      List<ProxiedRequest> all =
          proxy.requests().subList(before, proxy.requests().size());
      List<Fault> faults = faults();
      for (int i = 0; i < faults.size(); i++) {
        if (LOOPS == 1 && i % 3 != List.of(Errand.values()).indexOf(errand) % 3) {
          continue; // the turn of another errand
        }
        Fault fault = faults.get(i);
        int requests = (int) all.stream().filter(fault.which()).count();
        int times = Math.min(requests, LOOPS);
        for (int k = 0; k < times; k++) {
          // spread over the verb: one fault here, the next one there
          int nth = 1 + (requests * (i % 5 + 1) / 6 + k * requests / times) % requests;
          tryOne(sea, proxy, fault, nth);
        }
      }
    }
    assertEquals(List.of(), failures, () -> failures.size() + " of the faults");
    assertTrue(met > 0, "met");
    FaultCount.tried(contract.getClass(), "the way to the server fails in " + errand, met);
  }

  private void tryOne(Harbour.Sea sea, FaultProxy proxy, Fault fault, int nth) throws Exception {
    Harbour harbour = harbour(sea, proxy);
    Aftermath aftermath = new Aftermath(harbour, errand, Optional.empty());
    int before = proxy.faults();
    try {
      fault.at(nth, proxy);
      patience = PATIENCE;
      aftermath.ofWay(() -> heal(proxy), contract.secrets());
    } catch (AssertionError | Exception e) {
      failures.add("\n" + fault.fault() + " at request " + nth
          + (fault.lasts() ? " and all others" : "") + "\n  " + e + "\n  " + aftermath);
    } finally {
      proxy.healed();
    }
    met += proxy.faults() > before ? 1 : 0;
  }

  private void heal(FaultProxy proxy) {
    proxy.healed();
    patience = HttpTrial.PATIENT;
  }

  /** The five lie in a place of their own on the server; what the errand does goes by way of the proxy. */
  private Harbour harbour(Harbour.Sea sea, FaultProxy proxy) throws Exception {
    HttpFaultsContract.Place place = contract.emptyPlace();
    endpoint = contract.server();
    patience = HttpTrial.PATIENT;
    Harbour harbour = new Harbour(world(), path -> place.at(endpoint, patience), Optional.empty());
    harbour.fill(sea, !errand.isFirst(), errand == Errand.CREATE ? (64 << 10) + 1000 : 3000);
    endpoint = proxy.endpoint();
    harbour.on(new FaultyDisk().notForcing());
    return harbour;
  }

  private Path world() throws Exception {
    return Files.createDirectory(directory.resolve(errand + "-" + ++worlds));
  }
}
