package dev.lifeboat.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.lifeboat.sink.BackupSink;
import dev.lifeboat.sink.Content;
import dev.lifeboat.sink.ObjectName;
import java.io.Closeable;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A place with some objects on a real server, a sink that reaches it through a proxy, and one that reaches it past it. */
final class HttpTrial implements Closeable {
  /** How long a sink bears silence that no test means to try. */
  static final Duration PATIENT = Duration.ofSeconds(60);

  /** A hang: far more than any fault that ends a connection or answers may take. */
  private static final Duration HANG = Duration.ofSeconds(30);

  private static final int EARLIER = 12;

  private final HttpFaultsContract contract;
  private final HttpFaultsContract.Place place;
  private final FaultProxy proxy;
  private final BackupSink direct;
  private final BackupSink patient;
  private final byte[] content;
  private final List<String> earlier = new ArrayList<>();
  private boolean told;
  private int thorough = 1;
  private int number;
  private int faults;

  /** With objects of so many bytes, besides some smaller ones. */
  HttpTrial(HttpFaultsContract contract, int size) throws Exception {
    this.contract = contract;
    this.place = contract.emptyPlace();
    this.proxy = FaultProxy.before(contract.server());
    this.direct = place.at(contract.server(), PATIENT);
    this.patient = place.at(proxy.endpoint(), PATIENT);
    this.content = Samples.random(size);
    for (int i = 0; i < EARLIER; i++) {
      ObjectName name = ObjectName.of("earlier/%02d".formatted(i));
      direct.put(name, Content.of(Samples.random(i * 100)));
      earlier.add(name.value());
    }
    direct.put(large(), Content.of(content));
  }

  FaultProxy proxy() {
    return proxy;
  }

  BackupSink direct() {
    return direct;
  }

  /** A sink of its own, which knows nothing of the server yet. */
  BackupSink fresh(Duration patience) {
    return place.at(proxy.endpoint(), patience);
  }

  /** The one that has been in use for long. */
  BackupSink patient() {
    return patient;
  }

  byte[] content() {
    return content;
  }

  /** From now on a server may say what is not so, and nobody can tell: that an object is another, or gone. */
  void believing(boolean told) {
    this.told = told;
  }

  boolean isBelieving() {
    return told;
  }

  /** After one fault in a few of those that come by the thousand. */
  void thoroughAtEvery(int number) {
    this.thorough = number;
  }

  boolean isThorough() {
    return number % thorough == 0;
  }

  /** What is put or deleted, another for every fault. */
  ObjectName name() {
    return ObjectName.of("new/" + number);
  }

  /** An object that was there before, of the same content. */
  ObjectName large() {
    return ObjectName.of("large");
  }

  List<String> earlier() {
    return earlier;
  }

  /** By a sink that is no longer disturbed; a second time only where the client may have used an ended connection. */
  void putAgain(BackupSink sink) throws IOException {
    try {
      sink.put(name(), Content.of(content));
    } catch (FileSystemException e) {
      throw e;
    } catch (IOException e) {
      if (!contract.reusesEndedConnections()) {
        throw e;
      }
      sink.put(name(), Content.of(content));
    }
  }

  /** What the server has under {@link #name()}. */
  Optional<byte[]> stored() throws IOException {
    try {
      return Optional.of(SinkContents.kept(direct, name()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** The requests of the errand when all is well. */
  List<ProxiedRequest> requests(HttpErrand errand, BackupSink sink) throws IOException {
    number++;
    errand.prepare(this);
    int before = proxy.requests().size();
    errand.run(this, sink);
    List<ProxiedRequest> all = proxy.requests();
    errand.settle(this, patient);
    return all.subList(before, all.size());
  }

  /**
   * Runs the errand through this sink under a fault, and looks whether all is well.
   *
   * @return what was thrown
   */
  Optional<IOException> of(HttpErrand errand, BackupSink sink, Consumer<FaultProxy> script)
      throws IOException {
    number++;
    errand.prepare(this);
    int before = proxy.faults();
    script.accept(proxy);
    Optional<IOException> thrown = attemptInTime(errand, sink);
    faults += proxy.faults() > before ? 1 : 0;
    thrown.ifPresent(this::assertTellsNoSecret);
    errand.settle(this, patient);
    return thrown;
  }

  private Optional<IOException> attemptInTime(HttpErrand errand, BackupSink sink) {
    try {
      return assertTimeoutPreemptively(HANG, () -> attempt(errand, sink));
    } finally {
      proxy.healed();
    }
  }

  private Optional<IOException> attempt(HttpErrand errand, BackupSink sink) {
    try {
      errand.run(this, sink);
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(e);
    } finally {
      assertFalse(Thread.interrupted(), "interrupted, and nobody did");
    }
  }

  /** How many faults have happened that the errands met. */
  int faults() {
    return faults;
  }

  /** All that was there before is there, is listed and is whole, and nothing else is listed. */
  void assertEarlierOnesAreSafe() throws IOException {
    List<String> all = new ArrayList<>(earlier);
    all.add(large().value());
    assertEquals(all, SinkContents.names(direct.list("")), "what is there");
    for (int i = 0; i < EARLIER; i++) {
      ObjectName name = ObjectName.of(earlier.get(i));
      assertArrayEquals(Samples.random(i * 100), SinkContents.kept(direct, name), name.value());
    }
    assertArrayEquals(content, SinkContents.kept(direct, large()));
  }

  private void assertTellsNoSecret(Throwable e) {
    StringWriter text = new StringWriter();
    e.printStackTrace(new PrintWriter(text));
    for (String secret : contract.secrets()) {
      assertFalse(text.toString().contains(secret), () -> "a secret is told by " + text);
    }
    assertFalse(String.valueOf(e.getMessage()).isBlank(), () -> "nothing is told by " + e);
  }

  @Override
  public void close() throws IOException {
    proxy.close();
  }
}
