package dev.lifeboat.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lifeboat.testkit.BackupSinkContract;
import dev.lifeboat.testkit.FailingContent;
import dev.lifeboat.testkit.FaultySink;
import dev.lifeboat.testkit.FaultySink.Call;
import dev.lifeboat.testkit.FaultySink.Moment;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class SinksRetryingTest {
  private static final ObjectName NAME = ObjectName.of("orders/data");
  private static final Content CONTENT = Content.of(new byte[] {1, 2, 3});

  private final MemorySink store = new MemorySink("here");
  private final FaultySink faulty = FaultySink.over(store);
  private final BackupSink sink = Sinks.retrying(faulty, 3, Duration.ZERO);

  @Nested
  class KeepsTheContract implements BackupSinkContract {
    @Override
    public BackupSink emptySink() {
      return Sinks.retrying(new MemorySink(), 3, Duration.ZERO);
    }
  }

  @Test
  void whatMayPassIsTriedAgainByEveryVerb() throws IOException {
    for (Call call : Call.values()) {
      faulty.failing(call, 1, Moment.BEFORE, () -> new IOException("cut"));
      faulty.failing(call, 2, Moment.BEFORE, () -> new SocketTimeoutException("slow"));
    }
    assertThat(sink.put(NAME, CONTENT).size()).isEqualTo(3);
    assertThat(sink.open(NAME).readAllBytes()).hasSize(3);
    assertThat(sink.list("orders/")).hasSize(1);
    sink.delete(NAME);
    assertThat(store.list("")).isEmpty();
    for (Call call : Call.values()) {
      assertThat(faulty.calls(call)).as(call.toString()).isEqualTo(3);
    }
  }

  @Test
  void whenTheAttemptsAreUsedUpTheLastExceptionBearsTheEarlierOnes() {
    List<IOException> thrown = new ArrayList<>();
    faulty.failingFrom(Call.LIST, 1, () -> {
      thrown.add(new IOException("cut " + thrown.size()));
      return thrown.get(thrown.size() - 1);
    });
    IOException last = catchThrowableOfType(IOException.class, () -> sink.list(""));
    assertThat(thrown).hasSize(3);
    assertThat(last).isSameAs(thrown.get(2));
    assertThat(last.getSuppressed()).containsExactly(thrown.get(0), thrown.get(1));
  }

  @Test
  void oneInstanceThrownAgainAndAgainIsNoTrouble() {
    IOException same = new IOException("cut");
    faulty.failingFrom(Call.LIST, 1, () -> same);
    assertThatThrownBy(() -> sink.list("")).isSameAs(same);
    assertThat(faulty.calls(Call.LIST)).isEqualTo(3);
    assertThat(same.getSuppressed()).isEmpty();
  }

  @Test
  void whatIsFinalIsNotTriedAgain() {
    for (Exception end : List.of(
        new NoSuchFileException("x"),
        new FileAlreadyExistsException("x"),
        new AccessDeniedException("x"),
        new NoSpaceException("full", null),
        new InterruptedIOException("interrupted"),
        new ClosedByInterruptException(),
        new IllegalStateException("a bug"))) {
      FaultySink failing = FaultySink.over(store).failing(Call.PUT, 1, Moment.BEFORE, () -> end);
      assertThatThrownBy(() -> Sinks.retrying(failing, 3, Duration.ZERO).put(NAME, CONTENT))
          .isSameAs(end);
      assertThat(failing.calls(Call.PUT)).as(end.toString()).isEqualTo(1);
    }
    assertThat(store.list("")).isEmpty();
  }

  @Test
  void aFailureOfTheContentIsPassedOnAndNeverTriedAgain() {
    IOException lost = new IOException("the database went away");
    FailingContent content = FailingContent.after(10, 100, lost);
    assertThatThrownBy(() -> sink.put(NAME, content)).isSameAs(lost);
    assertThat(content.opened()).isEqualTo(1);
    assertThat(faulty.calls(Call.PUT)).isEqualTo(1);
    assertThat(lost.getSuppressed()).isEmpty();
  }

  @Test
  void aFailureOfTheContentIsKnownEvenIfTheSinkHidesIt() {
    BackupSink hiding = new Wrapping(store);
    IOException lost = new IOException("the database went away");
    FailingContent content = FailingContent.after(10, 100, lost);
    assertThatThrownBy(() -> Sinks.retrying(hiding, 3, Duration.ZERO).put(NAME, content))
        .isSameAs(lost);
    assertThat(content.opened()).isEqualTo(1);
    assertThat(lost.getSuppressed()).hasSize(1);
    assertThat(lost.getSuppressed()[0]).hasMessage("upload failed");
  }

  @Test
  void aFailureOfTheContentAtALaterAttemptBearsTheEarlierFailures() {
    IOException cut = new IOException("cut");
    faulty.failing(Call.PUT, 1, Moment.BEFORE, () -> cut);
    IOException lost = new IOException("the database went away");
    assertThatThrownBy(() -> sink.put(NAME, FailingContent.after(10, 100, lost)))
        .isSameAs(lost);
    assertThat(lost.getSuppressed()).containsExactly(cut);
  }

  @Test
  void aPutWhoseAnswerWasLostHasSucceeded() throws IOException {
    faulty.failing(Call.PUT, 1, Moment.AFTER, () -> new IOException("cut"));
    StoredObject stored = sink.put(NAME, CONTENT);
    assertThat(stored).isEqualTo(store.list("").get(0));
    assertThat(faulty.history())
        .containsExactly("PUT orders/data", "PUT orders/data", "LIST orders/");
  }

  @Test
  void whereNothingIsAttestedALostAnswerIsSettledByReading() throws IOException {
    faulty.notAttesting().failing(Call.PUT, 1, Moment.AFTER, () -> new IOException("cut"));
    assertThat(sink.put(NAME, CONTENT).attested()).isEmpty();
    assertThat(faulty.history())
        .containsExactly("PUT orders/data", "PUT orders/data", "LIST orders/", "OPEN orders/data");
  }

  @Test
  void aTroubledStoreIsAskedAgainBeforeALostAnswerIsSettled() throws IOException {
    faulty.failing(Call.PUT, 1, Moment.AFTER, () -> new IOException("cut"));
    faulty.failing(Call.LIST, 1, Moment.BEFORE, () -> new IOException("cut"));
    assertThat(sink.put(NAME, CONTENT).size()).isEqualTo(3);
    assertThat(faulty.calls(Call.PUT)).isEqualTo(3);
  }

  @Test
  void anotherObjectAtARetryIsNotOurs() throws IOException {
    for (byte[] other : List.of(new byte[] {1, 2}, new byte[] {1, 2, 4})) {
      for (boolean attests : List.of(true, false)) {
        MemorySink others = new MemorySink("here");
        others.put(NAME, Content.of(other));
        FaultySink cut = FaultySink.over(others)
            .failing(Call.PUT, 1, Moment.BEFORE, () -> new IOException("cut"));
        BackupSink retrying = Sinks.retrying(attests ? cut : cut.notAttesting(), 3, Duration.ZERO);
        assertThatThrownBy(() -> retrying.put(NAME, CONTENT))
            .isExactlyInstanceOf(FileAlreadyExistsException.class)
            .hasMessage("orders/data: kept already in memory here, and stays as it was");
        assertThat(others.open(NAME).readAllBytes()).isEqualTo(other);
      }
    }
  }

  @Test
  void anObjectThatTheFirstAttemptFindsIsNeverOurs() throws IOException {
    store.put(NAME, CONTENT);
    assertThatThrownBy(() -> sink.put(NAME, CONTENT))
        .isExactlyInstanceOf(FileAlreadyExistsException.class);
    assertThat(faulty.calls(Call.PUT)).isEqualTo(1);
  }

  @Test
  void whatBreaksOffWhileItIsReadIsTheReadersConcern() throws IOException {
    sink.put(NAME, CONTENT);
    faulty.cuttingOpen(1, 2, () -> new IOException("cut"));
    try (InputStream in = sink.open(NAME)) {
      assertThat(in.readNBytes(2)).containsExactly(1, 2);
      assertThatThrownBy(in::read).isExactlyInstanceOf(IOException.class).hasMessage("cut");
    }
    assertThat(faulty.calls(Call.OPEN)).isEqualTo(1);
  }

  @Test
  void thePauseDoublesUpToTenSecondsAndIsCutByUpToAHalf() {
    List<Duration> pauses = new ArrayList<>();
    Retry retry = new Retry(12, Duration.ofMillis(100), pauses::add);
    assertThatThrownBy(() -> retry.run("try", number -> {
          throw new IOException("attempt " + number);
        }))
        .hasMessage("attempt 12");
    List<Integer> full =
        List.of(100, 200, 400, 800, 1600, 3200, 6400, 10_000, 10_000, 10_000, 10_000);
    assertThat(pauses).hasSameSizeAs(full);
    for (int i = 0; i < full.size(); i++) {
      assertThat(pauses.get(i))
          .isBetween(Duration.ofMillis(full.get(i) / 2), Duration.ofMillis(full.get(i)));
    }
  }

  @Test
  void aStoreThatAsksForTimeIsLeftAloneForThatLong() throws IOException {
    List<Duration> pauses = new ArrayList<>();
    BackupSink asked = new RetryingSink(faulty, new Retry(5, Duration.ofMillis(100), pauses::add));
    for (Call call : Call.values()) {
      pauses.clear();
      faulty.failing(call, 1, Moment.BEFORE, () -> later(Duration.ofSeconds(7)));
      faulty.failing(call, 2, Moment.BEFORE, () -> later(Duration.ofHours(3)));
      faulty.failing(call, 3, Moment.BEFORE, () -> later(Duration.ZERO));
      faulty.failing(call, 4, Moment.BEFORE, () -> new IOException("cut"));
      switch (call) {
        case PUT -> asked.put(NAME, CONTENT);
        case OPEN -> asked.open(NAME).close();
        case LIST -> asked.list("");
        case DELETE -> asked.delete(NAME);
      }
      assertThat(pauses).as(call.toString()).hasSize(4);
      assertThat(pauses.subList(0, 2))
          .containsExactly(Duration.ofSeconds(7), Duration.ofMinutes(2));
      assertThat(pauses.get(2)).isBetween(Duration.ofMillis(200), Duration.ofMillis(400));
      assertThat(pauses.get(3)).isBetween(Duration.ofMillis(400), Duration.ofMillis(800));
    }
  }

  @Test
  void whoNeverWaitsByItselfWaitsWhereTheStoreAsks() throws IOException {
    List<Duration> pauses = new ArrayList<>();
    BackupSink eager = new RetryingSink(faulty, new Retry(3, Duration.ZERO, pauses::add));
    faulty.failing(Call.LIST, 1, Moment.BEFORE, () -> new IOException("cut"));
    faulty.failing(Call.LIST, 2, Moment.BEFORE, () -> later(Duration.ofSeconds(30)));
    eager.list("");
    assertThat(pauses).containsExactly(Duration.ZERO, Duration.ofSeconds(30));
  }

  @Test
  void whenTheAttemptsAreUsedUpNobodyWaitsForAStoreThatAsked() {
    List<Duration> pauses = new ArrayList<>();
    RetryLaterException asked = later(Duration.ofSeconds(30));
    BackupSink once = new RetryingSink(faulty, new Retry(1, Duration.ZERO, pauses::add));
    faulty.failingFrom(Call.LIST, 1, () -> asked);
    assertThatThrownBy(() -> once.list("")).isSameAs(asked);
    assertThat(asked.after()).isEqualTo(Duration.ofSeconds(30));
    assertThat(pauses).isEmpty();
  }

  @Test
  void aStoreCannotAskForThePast() {
    assertThatThrownBy(() -> later(Duration.ofSeconds(-1)))
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasMessage("after must not be negative, was PT-1S");
  }

  private static RetryLaterException later(Duration after) {
    return new RetryLaterException("busy", after, null);
  }

  @Test
  void anInterruptEndsThePause() {
    IOException cut = new IOException("cut");
    faulty.failing(Call.PUT, 1, Moment.BEFORE, () -> cut);
    BackupSink waiting = Sinks.retrying(faulty, 3, Duration.ofHours(1));
    Thread.currentThread().interrupt();
    InterruptedIOException interrupted =
        catchThrowableOfType(InterruptedIOException.class, () -> waiting.put(NAME, CONTENT));
    assertThat(Thread.interrupted()).isTrue();
    assertThat(interrupted)
        .hasMessage("Interrupted before attempt 2 of 3 to put orders/data into memory here")
        .hasCauseExactlyInstanceOf(InterruptedException.class);
    assertThat(interrupted.getSuppressed()).containsExactly(cut);
  }

  @Test
  void whatRetriesByItselfIsLeftAsItIs() throws IOException {
    assertThat(sink.retriesItself()).isTrue();
    assertThat(Sinks.retrying(sink, 5)).isSameAs(sink);
    BackupSink folder = Sinks.prefixed(sink, "tenant-7/");
    assertThat(Sinks.retrying(folder, 5)).isSameAs(folder);
    assertThat(sink.description()).isEqualTo("memory here");
    assertThat(sink.exclusivePut()).isTrue();
  }

  @Test
  void wrongNumbersAreRefused() {
    assertThatThrownBy(() -> Sinks.retrying(store, 0))
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasMessage("attempts must be at least 1, was 0");
    assertThatThrownBy(() -> Sinks.retrying(store, 1, Duration.ofMillis(-1)))
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasMessage("firstPause must not be negative, was PT-0.001S");
  }

  /** A sink that does not keep to its contract: it wraps what the content throws. */
  private static final class Wrapping implements BackupSink {
    private final BackupSink sink;

    Wrapping(BackupSink sink) {
      this.sink = sink;
    }

    @Override
    public StoredObject put(ObjectName name, Content content) throws IOException {
      try {
        return sink.put(name, content);
      } catch (IOException e) {
        throw new IOException("upload failed", e);
      }
    }

    @Override
    public InputStream open(ObjectName name) throws IOException {
      return sink.open(name);
    }

    @Override
    public List<StoredObject> list(String folder) throws IOException {
      return sink.list(folder);
    }

    @Override
    public void delete(ObjectName name) throws IOException {
      sink.delete(name);
    }

    @Override
    public String description() {
      return sink.description();
    }
  }
}
