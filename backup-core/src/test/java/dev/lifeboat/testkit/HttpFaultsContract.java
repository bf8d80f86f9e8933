package dev.lifeboat.testkit;

import dev.lifeboat.sink.BackupSink;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * What must hold when the way to a sink's server is cut, silent or slow, when the server lies, and when somebody else
 * answers in its place. A {@link FaultProxy} stands before a real server; after every fault nothing is taken for done
 * that is not, what is there is whole, what was there before is there still, the next try works, nothing hangs and
 * nothing tells a secret. By default some faults are tried in turns at one request and the next; with {@code -Dloops=2}
 * or more each is tried at all of them.
 */
@Tag("harness")
public interface HttpFaultsContract {
  /** A place on the server that nothing else uses, as one or another sink. */
  @FunctionalInterface
  interface Place {
    /**
     * Opens it, each time as another process would. The sink's client does not try again by itself.
     *
     * @param endpoint what the server is called: {@link #server()} or a proxy before it, whose URI differs in the port
     * @param patience how long the sink bears a server from which nothing comes; it gives up a request that makes
     *     progress after four times as long
     */
    BackupSink at(URI endpoint, Duration patience);
  }

  /** A real server on 127.0.0.1, by plain http. */
  URI server();

  /** A new empty place on it. */
  Place emptyPlace() throws Exception;

  /** What no message may tell: the password, the token, the secret key, what is sent as {@code Authorization}. */
  List<String> secrets();

  /**
   * The same store by a door that asks for no credentials, where the server's own takes a body only as it was signed;
   * empty if it takes any.
   */
  default Optional<URI> openDoor() {
    return Optional.empty();
  }

  /**
   * Whether the sink cannot but believe such an answer about a single object, whoever gave it: that this is its content,
   * that it is gone, that there is none. Every other answer must be an exception wherever it is not the truth. By
   * default every success, 404 and 410.
   */
  default boolean isCredible(int status) {
    return status / 100 == 2 || status == 404 || status == 410;
  }

  /**
   * Whether the client may send a put by a connection that ended within the answer before, as {@code HttpURLConnection}
   * does when the head of an answer without a body is cut. Then the first put after a fault may fail as well.
   */
  default boolean reusesEndedConnections() {
    return false;
  }

  /** After every byte of the first 2,048 of a request and of its answer, then at powers of two. */
  @TestFactory
  default Stream<DynamicTest> whereverAConnectionIsCutNothingHalfIsTakenForDone() {
    return Stream.of(HttpErrand.PUT, HttpErrand.OPEN, HttpErrand.LIST)
        .flatMap(errand -> Stream.of(HttpFault.Way.values())
            .map(way -> DynamicTest.dynamicTest(
                errand + " " + way, () -> new HttpCuts(this, errand, way).tryAll())));
  }

  /** At every request of an operation. */
  @TestFactory
  default Stream<DynamicTest> whateverIsSilentOrSlowIsGivenUpInTime() {
    return Stream.of(HttpErrand.values())
        .map(errand ->
            DynamicTest.dynamicTest(errand.name(), () -> new HttpSilence(this, errand).tryAll()));
  }

  /** At every request of an operation every status, a login page, another place. */
  @TestFactory
  default Stream<DynamicTest> whateverAnswersInTheServersPlaceIsNotBelieved() {
    return Stream.of(HttpErrand.values())
        .map(errand ->
            DynamicTest.dynamicTest(errand.name(), () -> new HttpAnswers(this, errand).tryAll()));
  }

  /** Stored in part, and called stored; listed in part, and called a listing; told by another clock. */
  @TestFactory
  default Stream<DynamicTest> aServerThatLiesIsFoundOut() {
    return Stream.of(
        DynamicTest.dynamicTest("a lying 201", () -> new HttpLies(this).tryPuts()),
        DynamicTest.dynamicTest("half a listing", () -> new HttpLies(this).tryListings()),
        DynamicTest.dynamicTest("another clock", () -> new HttpLies(this).tryClocks()));
  }

  /** Verbs of a whole series of backups, as requests are cut, refused, swallowed and lied about on their way. */
  @TestFactory
  default Stream<DynamicTest> whateverHappensOnTheWayEarlierBackupsAreSafeAndTheErrorIsTrue(
      @TempDir Path directory) {
    return Stream.of(Errand.values())
        .map(errand -> DynamicTest.dynamicTest(
            errand.name(), () -> new HttpVoyages(this, errand, directory).tryAll()));
  }
}
