package dev.lifeboat.storage.webdav;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import dev.lifeboat.sink.Content;
import dev.lifeboat.sink.ObjectName;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server that does not answer, or never ends. Time is what the test says it is. */
class WaitingTest {
  private static final ObjectName NAME = ObjectName.of("data");

  private final AtomicLong nanos = new AtomicLong();
  private final CountDownLatch over = new CountDownLatch(1);
  private final CountDownLatch reached = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private Scripted server;

  @BeforeEach
  void start() throws IOException {
    server = new Scripted();
  }

  @AfterEach
  void stop() {
    over.countDown();
    threads.shutdownNow();
    server.close();
  }

  private WebDavSink sink() {
    return server.sink().nanos(nanos::get);
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  private void hang(HttpExchange exchange) {
    reached.countDown();
    try {
      over.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Throwable failure(Future<?> call) {
    return catchThrowableOfType(ExecutionException.class, () -> call.get(60, TimeUnit.SECONDS))
        .getCause();
  }

  @Test
  void headersThatNeverComeEndTheCall() throws Exception {
    server.on("PROPFIND", this::hang);
    Future<?> list = threads.submit(() -> sink().list(""));
    assertThat(reached.await(60, TimeUnit.SECONDS)).isTrue();
    pass(Duration.ofSeconds(59));
    assertThat(list.isDone()).isFalse();
    await().atMost(Duration.ofMinutes(1)).until(() -> {
      pass(Duration.ofSeconds(1));
      return list.isDone();
    });
    assertThat(failure(list))
        .isExactlyInstanceOf(SocketTimeoutException.class)
        .hasMessage(server.uri()
            + ": cannot list \"\": no byte moved for 60 s while waiting for the answer to"
            + " PROPFIND");
  }

  @Test
  void aBodyThatStopsEndsTheCall() throws Exception {
    server.on("PROPFIND", exchange -> {
      exchange.getRequestBody().readAllBytes();
      exchange.sendResponseHeaders(207, 0);
      exchange
          .getResponseBody()
          .write("<D:multistatus xmlns:D=\"DAV:\">".getBytes(StandardCharsets.US_ASCII));
      exchange.getResponseBody().flush();
      hang(exchange);
    });
    Future<?> list =
        threads.submit(() -> sink().stallTimeout(Duration.ofMillis(1500)).list(""));
    assertThat(reached.await(60, TimeUnit.SECONDS)).isTrue();
    await().atMost(Duration.ofMinutes(1)).until(() -> {
      pass(Duration.ofSeconds(1));
      return list.isDone();
    });
    assertThat(failure(list))
        .isExactlyInstanceOf(SocketTimeoutException.class)
        .hasMessage(
            server.uri()
                + ": cannot list \"\": no byte moved for 1.5 s while waiting for the rest of the answer");
  }

  /** It moves all the time, so only the deadline ends it. */
  @Test
  void aBodyThatTricklesForEverMeetsTheDeadline() throws Exception {
    server.on("PROPFIND", exchange -> {
      exchange.getRequestBody().readAllBytes();
      exchange.sendResponseHeaders(207, 0);
      try {
        while (!over.await(5, TimeUnit.MILLISECONDS)) { // or it came faster than it is read
          exchange.getResponseBody().write(' ');
          exchange.getResponseBody().flush();
          pass(Duration.ofSeconds(1));
        }
      } catch (IOException e) {
        over.countDown(); // the connection is let go
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    });
    assertThatThrownBy(() -> sink()
            .stallTimeout(Duration.ofHours(1))
            .deadline(Duration.ofMinutes(2))
            .list(""))
        .isInstanceOf(IOException.class)
        .hasMessage(
            server.uri()
                + ": cannot list \"\": the deadline of 120 s was reached while waiting for the rest of the answer");
    assertThat(over.await(60, TimeUnit.SECONDS)).as("the connection is let go").isTrue();
  }

  @Test
  void aServerThatTakesNoMoreEndsAPut() throws Exception {
    server.on("PROPFIND", exchange -> {
      exchange.getRequestBody().readAllBytes();
      if (exchange.getRequestURI().getPath().equals("/dav/")) {
        Scripted.reply(exchange, 207, Scripted.multistatus(Scripted.folder("/dav/")));
      } else {
        Scripted.reply(exchange, 404, "");
      }
    });
    server.on("PUT", this::hang);
    Future<?> put = threads.submit(() -> sink().put(NAME, Content.of(new byte[64 << 20])));
    assertThat(reached.await(60, TimeUnit.SECONDS)).isTrue();
    await().atMost(Duration.ofMinutes(1)).until(() -> {
      pass(Duration.ofSeconds(1));
      return put.isDone();
    });
    assertThat(failure(put))
        .isExactlyInstanceOf(SocketTimeoutException.class)
        .hasMessage(
            server.uri()
                + ": cannot keep data: no byte moved for 60 s while waiting for the server to take more");
    assertThat(server.requests().get(server.requests().size() - 1))
        .startsWith("DELETE /dav/_lifeboat.");
  }

  @Test
  void anInterruptEndsACallAndStaysSet() throws Exception {
    server.on("PROPFIND", this::hang);
    CountDownLatch flagged = new CountDownLatch(1);
    Thread[] thread = new Thread[1];
    Future<?> list = threads.submit(() -> {
      thread[0] = Thread.currentThread();
      try {
        return sink().list("");
      } finally {
        if (Thread.interrupted()) {
          flagged.countDown();
        }
      }
    });
    assertThat(reached.await(60, TimeUnit.SECONDS)).isTrue();
    thread[0].interrupt();
    assertThat(failure(list))
        .isExactlyInstanceOf(InterruptedIOException.class)
        .hasMessage(server.uri()
            + ": cannot list \"\": interrupted while waiting for the answer to PROPFIND");
    assertThat(flagged.getCount()).isZero();
  }

  @Test
  void theReadersOwnTimeIsNotTheServers() throws Exception {
    server.on("PROPFIND", exchange -> {
      exchange.getRequestBody().readAllBytes();
      Scripted.reply(exchange, 207, Scripted.multistatus(Scripted.file("/dav/data", 1 << 20)));
    });
    server.on("GET", 200, "x".repeat(1 << 20));
    try (InputStream in = sink().open(NAME)) {
      for (int n = in.read(new byte[100_000]); n >= 0; n = in.read(new byte[100_000])) {
        pass(Duration.ofHours(2));
      }
    }
  }
}
