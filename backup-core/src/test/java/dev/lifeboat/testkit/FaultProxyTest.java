package dev.lifeboat.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.lifeboat.testkit.HttpFault.Ending;
import dev.lifeboat.testkit.HttpFault.Way;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** In front of a server that keeps what is PUT, and gives it back in chunks if it is asked for {@code ?chunked}. */
@Timeout(60)
class FaultProxyTest {
  private static final byte[] CONTENT = Samples.random(10_000);

  private final Map<String, byte[]> kept = new ConcurrentHashMap<>();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private HttpServer server;
  private FaultProxy proxy;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::serve);
    server.start();
    proxy = FaultProxy.before(
        URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/store/"));
  }

  @AfterEach
  void stop() throws IOException {
    proxy.close();
    server.stop(0);
  }

  private void serve(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    try (exchange;
        InputStream in = exchange.getRequestBody()) {
      if (exchange.getRequestMethod().equals("PUT")) {
        kept.put(path, in.readAllBytes());
        exchange.sendResponseHeaders(201, -1);
        return;
      }
      Optional<byte[]> found = Optional.ofNullable(kept.get(path));
      if (found.isEmpty()) {
        exchange.sendResponseHeaders(404, -1);
        return;
      }
      boolean chunked = "chunked".equals(exchange.getRequestURI().getQuery());
      exchange.getResponseHeaders().set("X-Host", exchange.getRequestHeaders().getFirst("Host"));
      exchange.sendResponseHeaders(200, chunked ? 0 : found.get().length);
      exchange.getResponseBody().write(found.get());
    }
  }

  @Test
  void withoutAScriptAllPassesAsIfNobodyStoodBetween() throws Exception {
    assertThat(put("a", BodyPublishers.ofByteArray(CONTENT)).statusCode()).isEqualTo(201);
    assertThat(kept.get("/store/a")).isEqualTo(CONTENT);
    HttpResponse<byte[]> answer = get("a");
    assertThat(answer.body()).isEqualTo(CONTENT);
    assertThat(answer.headers().firstValue("X-Host"))
        .as("what the client called the server")
        .contains("127.0.0.1:" + proxy.endpoint().getPort());
    assertThat(get("missing").statusCode()).isEqualTo(404);
    assertThat(proxy.requests())
        .extracting(ProxiedRequest::toString)
        .containsExactly("PUT /store/a", "GET /store/a", "GET /store/missing");
    assertThat(proxy.faults()).isZero();
  }

  @Test
  void chunksPassInBothDirections() throws Exception {
    put("a", BodyPublishers.fromPublisher(BodyPublishers.ofByteArray(CONTENT)));
    assertThat(proxy.requests().get(0).header("transfer-encoding")).contains("chunked");
    assertThat(kept.get("/store/a")).isEqualTo(CONTENT);
    HttpResponse<byte[]> answer = get("a?chunked");
    assertThat(answer.headers().firstValue("Transfer-Encoding")).contains("chunked");
    assertThat(answer.body()).isEqualTo(CONTENT);
  }

  @Test
  void whoAsksBeforeSendingIsToldToGoOn() throws Exception {
    HttpResponse<byte[]> answer = client.send(
        request("a")
            .expectContinue(true)
            .PUT(BodyPublishers.ofByteArray(CONTENT))
            .build(),
        BodyHandlers.ofByteArray());
    assertThat(answer.statusCode()).isEqualTo(201);
    assertThat(kept.get("/store/a")).isEqualTo(CONTENT);
  }

  @Test
  void severalRequestsGoOverOneConnection() throws Exception {
    try (Socket socket = socket()) {
      for (int i = 0; i < 3; i++) {
        write(socket, "GET /store/none HTTP/1.1\r\nHost: here\r\n\r\n");
        HttpHead head = HttpHead.read(socket.getInputStream()).orElseThrow();
        assertThat(head.word(1)).isEqualTo("404");
      }
    }
    assertThat(proxy.requests()).hasSize(3);
  }

  @ParameterizedTest
  @EnumSource(names = {"CLOSED", "RESET"})
  void aRequestThatIsSeveredNeverArrives(Ending ending) {
    for (long bytes : new long[] {0, 1, 100, 5000}) {
      proxy.failing(1, HttpFault.severed(Way.TO_SERVER, bytes, ending));
      assertThatThrownBy(() -> put("a", BodyPublishers.ofByteArray(CONTENT)))
          .isInstanceOf(IOException.class);
    }
    assertThat(kept).isEmpty();
    assertThat(proxy.faults()).isEqualTo(4);
  }

  @ParameterizedTest
  @EnumSource(names = {"CLOSED", "RESET"})
  void anAnswerArrivesAsFarAsItIsLet(Ending ending) throws Exception {
    kept.put("/store/a", CONTENT);
    int whole = answerTo("GET", "a").length;
    assertThat(whole).isGreaterThan(CONTENT.length);
    for (int bytes : new int[] {0, 1, 17, whole - CONTENT.length, whole - 1}) {
      proxy.failing(1, HttpFault.severed(Way.TO_CLIENT, bytes, ending));
      // a reset may overtake what was sent before
      assertThat(answerTo("GET", "a")).hasSizeLessThanOrEqualTo(bytes);
      if (ending == Ending.CLOSED) {
        proxy.healed().failing(1, HttpFault.severed(Way.TO_CLIENT, bytes, ending));
        assertThat(answerTo("GET", "a")).hasSize(bytes);
      }
      proxy.healed();
    }
  }

  @Test
  void aConnectionThatWasToEndAfterMoreBytesThanThereAreDoesNotEnd() throws Exception {
    kept.put("/store/a", CONTENT);
    byte[] whole = answerTo("GET", "a");
    proxy.failing(1, HttpFault.severed(Way.TO_CLIENT, whole.length, Ending.RESET));
    assertThat(answerTo("GET", "a")).hasSameSizeAs(whole);
    assertThat(proxy.faults()).isZero();
  }

  @Test
  void aResetIsAReset() throws Exception {
    proxy.failing(1, HttpFault.severed(Way.TO_CLIENT, 0, Ending.RESET));
    try (Socket socket = socket()) {
      write(socket, "GET /store/none HTTP/1.1\r\nHost: here\r\n\r\n");
      assertThatThrownBy(() -> socket.getInputStream().read())
          .isInstanceOf(SocketException.class)
          .hasMessageContaining("reset");
    }
  }

  @Test
  void theHeadArrivesAndThenTheConnectionEnds() throws Exception {
    kept.put("/store/a", CONTENT);
    proxy.failing(1, HttpFault.severedAfterHead(Ending.CLOSED));
    String answer = new String(answerTo("GET", "a"), ISO_8859_1);
    assertThat(answer).startsWith("HTTP/1.1 200 ").endsWith("\r\n\r\n");
    assertThat(proxy.faults()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(names = {"CLOSED", "RESET"})
  void anAnswerThatIsSwallowedWasGiven(Ending ending) {
    proxy.failing(request -> request.is("PUT"), 1, HttpFault.swallowed(ending));
    assertThatThrownBy(() -> put("a", BodyPublishers.ofByteArray(CONTENT)))
        .isInstanceOf(IOException.class);
    assertThat(kept.get("/store/a")).isEqualTo(CONTENT);
  }

  @Test
  void silenceLastsUntilTheProxyIsHealed() throws Exception {
    proxy.failing(1, HttpFault.severed(Way.TO_CLIENT, 9, Ending.SILENT));
    try (Socket socket = socket()) {
      write(socket, "GET /store/none HTTP/1.1\r\nHost: here\r\n\r\n");
      assertThat(new String(socket.getInputStream().readNBytes(9), ISO_8859_1))
          .isEqualTo("HTTP/1.1 ");
      socket.setSoTimeout(50);
      assertThatThrownBy(() -> socket.getInputStream().read())
          .isInstanceOf(SocketTimeoutException.class);
      socket.setSoTimeout(0);
      proxy.healed();
      assertThat(catchThrowable(() -> assertThat(socket.getInputStream().read()).isNegative()))
          .isInstanceOfAny(SocketException.class)
          .isNotInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void aDripIsResetWhenTheProxyIsHealed() throws Exception {
    kept.put("/store/a", CONTENT);
    proxy.failing(1, HttpFault.dripping(Way.TO_CLIENT, Duration.ofMillis(1)));
    try (Socket socket = socket()) {
      write(socket, "GET /store/a HTTP/1.1\r\nHost: here\r\n\r\n");
      HttpHead head = HttpHead.read(socket.getInputStream()).orElseThrow();
      assertThat(head.word(1)).isEqualTo("200");
      proxy.healed();
      assertThatThrownBy(() -> socket.getInputStream().readNBytes(CONTENT.length))
          .isInstanceOf(SocketException.class);
    }
    assertThat(proxy.faults()).isEqualTo(1);
  }

  @Test
  void aDripArrivesWhole() throws Exception {
    byte[] little = Samples.random(50);
    proxy.failing(1, HttpFault.dripping(Way.TO_SERVER, Duration.ofNanos(1)));
    proxy.failing(2, HttpFault.dripping(Way.TO_CLIENT, Duration.ofNanos(1)));
    assertThat(put("a", BodyPublishers.ofByteArray(little)).statusCode()).isEqualTo(201);
    assertThat(get("a").body()).isEqualTo(little);
    assertThat(proxy.faults()).isEqualTo(2);
  }

  @Test
  void closingEndsWhatIsSilentAndWhatDrips() throws Exception {
    proxy.failing(1, HttpFault.dripping(Way.TO_CLIENT, Duration.ofDays(1)));
    proxy.failing(2, HttpFault.swallowed(Ending.SILENT));
    try (Socket one = socket();
        Socket two = socket()) {
      write(one, "GET /store/none HTTP/1.1\r\nHost: here\r\n\r\n");
      await().atMost(Duration.ofMinutes(1)).until(() -> proxy.requests().size() == 1);
      write(two, "GET /store/none HTTP/1.1\r\nHost: here\r\n\r\n");
      await().atMost(Duration.ofMinutes(1)).until(() -> proxy.faults() == 2);
      proxy.close();
      assertThatThrownBy(this::socket).isInstanceOf(IOException.class);
    }
    await()
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
            .extracting(Thread::getName)
            .doesNotContain("fault proxy"));
  }

  @ParameterizedTest
  @ValueSource(ints = {204, 304, 401, 403, 404, 409, 412, 413, 423, 429, 500, 503, 507})
  void theProxyAnswersInTheServersPlace(int status) throws Exception {
    proxy.failing(
        request -> request.is("PUT"),
        2,
        HttpFault.answered(HttpReply.status(status).header("Retry-After", "7").body("no")));
    assertThat(put("a", BodyPublishers.ofByteArray(CONTENT)).statusCode()).isEqualTo(201);
    HttpResponse<byte[]> answer = put("b", BodyPublishers.ofByteArray(CONTENT));
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Retry-After")).contains("7");
    assertThat(answer.body()).hasSize(status == 204 || status == 304 ? 0 : 2);
    assertThat(put("c", BodyPublishers.ofByteArray(CONTENT)).statusCode()).isEqualTo(201);
    assertThat(kept).containsOnlyKeys("/store/a", "/store/c");
  }

  @Test
  void whatMustFailFromThenOnFailsUntilItIsHealed() throws Exception {
    proxy.failingFrom(request -> request.is("PUT"), 2, HttpFault.answered(HttpReply.loginPage()));
    assertThat(put("a", BodyPublishers.ofByteArray(CONTENT)).statusCode()).isEqualTo(201);
    for (int i = 0; i < 3; i++) {
      HttpResponse<byte[]> answer = put("b", BodyPublishers.ofByteArray(CONTENT));
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(new String(answer.body(), UTF_8)).startsWith("<!DOCTYPE html>");
    }
    proxy.healed();
    assertThat(put("c", BodyPublishers.ofByteArray(CONTENT)).statusCode()).isEqualTo(201);
    assertThat(proxy.faults()).isEqualTo(3);
  }

  @Test
  void anAnswerToHeadHasNoBody() throws Exception {
    proxy.failing(1, HttpFault.answered(HttpReply.loginPage()));
    HttpResponse<byte[]> answer = client.send(
        request("a").method("HEAD", BodyPublishers.noBody()).build(), BodyHandlers.ofByteArray());
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(get("a").statusCode()).as("the next, on the same connection").isEqualTo(404);
  }

  @Test
  void theServersAnswerIsRewritten() throws Exception {
    kept.put("/store/a", CONTENT);
    proxy.failingFrom(
        1,
        HttpFault.rewritten(reply ->
            reply.cutTo(reply.body().length / 2).header("Date", "Thu, 01 Jan 1970 00:00:00 GMT")));
    for (String name : new String[] {"a", "a?chunked"}) {
      HttpResponse<byte[]> answer = get(name);
      assertThat(answer.body()).isEqualTo(Arrays.copyOf(CONTENT, CONTENT.length / 2));
      assertThat(answer.headers().allValues("Date"))
          .containsExactly("Thu, 01 Jan 1970 00:00:00 GMT");
      assertThat(answer.headers().firstValue("X-Host")).isPresent();
    }
  }

  @Test
  void aRewrittenPutHasBeenStored() throws Exception {
    proxy.failing(
        request -> request.is("PUT"), 1, HttpFault.rewritten(reply -> HttpReply.status(500)));
    assertThat(put("a", BodyPublishers.ofByteArray(CONTENT)).statusCode()).isEqualTo(500);
    assertThat(kept.get("/store/a")).isEqualTo(CONTENT);
  }

  @Test
  void aLieStoresWhatItKeepsAndSays201() throws Exception {
    proxy.failing(request -> request.is("PUT"), 1, HttpFault.lying(bytes -> new byte[0]));
    proxy.failing(
        request -> request.is("PUT"),
        2,
        HttpFault.lying(bytes -> Arrays.copyOf(bytes, bytes.length / 2)));
    proxy.failing(request -> request.is("PUT"), 3, HttpFault.lying(bytes -> bytes, proxy.server()));
    assertThat(put("none", BodyPublishers.ofByteArray(CONTENT)).statusCode()).isEqualTo(201);
    assertThat(put("half", BodyPublishers.fromPublisher(BodyPublishers.ofByteArray(CONTENT)))
            .statusCode())
        .isEqualTo(201);
    assertThat(put("all", BodyPublishers.ofByteArray(CONTENT)).statusCode()).isEqualTo(201);
    assertThat(kept.get("/store/none")).isEmpty();
    assertThat(kept.get("/store/half")).isEqualTo(Arrays.copyOf(CONTENT, CONTENT.length / 2));
    assertThat(kept.get("/store/all")).isEqualTo(CONTENT);
  }

  @Test
  void aLieUnderstandsTheChunksOfAmazon() throws Exception {
    String signed = String.join(
        "\r\n",
        "5;chunk-signature=00",
        "hello",
        "6;chunk-signature=00",
        " world",
        "0;chunk-signature=00",
        "x-amz-checksum-crc32:AAAAAA==",
        "",
        "");
    proxy.failing(
        request -> request.is("PUT"), 1, HttpFault.lying(bytes -> Arrays.copyOf(bytes, 7)));
    HttpResponse<byte[]> answer = client.send(
        request("a")
            .header("Content-Encoding", "aws-chunked")
            .PUT(BodyPublishers.ofString(signed))
            .build(),
        BodyHandlers.ofByteArray());
    assertThat(answer.statusCode()).isEqualTo(201);
    assertThat(kept.get("/store/a")).asString(UTF_8).isEqualTo("hello w");
  }

  @Test
  void ofSeveralFaultsTheFirstIsMetAndAllAreCounted() throws Exception {
    proxy.failing(2, HttpFault.answered(HttpReply.status(401)));
    proxy.failingFrom(1, HttpFault.answered(HttpReply.status(503)));
    proxy.failing(3, HttpFault.answered(HttpReply.status(507)));
    assertThat(get("a").statusCode()).isEqualTo(503);
    assertThat(get("a").statusCode()).isEqualTo(401);
    assertThat(get("a").statusCode()).isEqualTo(503);
  }

  @Test
  void aServerThatIsNotThereEndsTheClientsConnection() throws Exception {
    server.stop(0);
    assertThatThrownBy(() -> get("a")).isInstanceOf(IOException.class);
  }

  @Test
  void onlyPlainHttpWithAPortIsServed() {
    assertThatThrownBy(() -> FaultProxy.before(URI.create("https://127.0.0.1:1/")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("must be http with a port, was https://127.0.0.1:1/");
  }

  private HttpResponse<byte[]> put(String name, BodyPublisher body) throws Exception {
    return client.send(request(name).PUT(body).build(), BodyHandlers.ofByteArray());
  }

  private HttpResponse<byte[]> get(String name) throws Exception {
    return client.send(request(name).build(), BodyHandlers.ofByteArray());
  }

  private HttpRequest.Builder request(String name) {
    return HttpRequest.newBuilder(proxy.endpoint().resolve(name)).timeout(Duration.ofSeconds(30));
  }

  private Socket socket() throws IOException {
    Socket socket =
        new Socket(InetAddress.getLoopbackAddress(), proxy.endpoint().getPort());
    socket.setSoTimeout(30_000);
    return socket;
  }

  private static void write(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(ISO_8859_1));
  }

  /** All that came, until the connection ended in either way. */
  private byte[] answerTo(String method, String name) throws IOException {
    try (Socket socket = socket()) {
      write(
          socket,
          method + " " + proxy.endpoint().resolve(name).getPath()
              + " HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n");
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      try {
        socket.getInputStream().transferTo(all);
      } catch (SocketException e) {
        assertThat(e).hasMessageContaining("reset");
      }
      return all.toByteArray();
    }
  }
}
