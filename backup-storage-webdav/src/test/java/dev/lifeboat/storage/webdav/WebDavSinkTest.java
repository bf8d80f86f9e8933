package dev.lifeboat.storage.webdav;

import static dev.lifeboat.storage.webdav.Scripted.file;
import static dev.lifeboat.storage.webdav.Scripted.folder;
import static dev.lifeboat.storage.webdav.Scripted.multistatus;
import static dev.lifeboat.storage.webdav.Scripted.reply;
import static dev.lifeboat.storage.webdav.Scripted.response;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import dev.lifeboat.sink.Content;
import dev.lifeboat.sink.NoSpaceException;
import dev.lifeboat.sink.ObjectName;
import dev.lifeboat.sink.RetryLaterException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the sink makes of answers, right and wrong. */
class WebDavSinkTest {
  private static final ObjectName NAME = ObjectName.of("data");
  private static final Content CONTENT = Content.of(new byte[] {1, 2, 3});

  private Scripted server;

  /** What the server holds: a small store that can be told to misbehave. */
  private final Map<String, Long> held = new ConcurrentHashMap<>();

  @BeforeEach
  void start() throws IOException {
    server = new Scripted();
    server.on("PROPFIND", this::propfind);
    server.on("PUT", exchange -> {
      held.put(path(exchange), (long) exchange.getRequestBody().readAllBytes().length);
      reply(exchange, 201, "");
    });
    server.on("MOVE", exchange -> {
      held.put(destination(exchange), held.remove(path(exchange)));
      reply(exchange, 201, "");
    });
    server.on(
        "DELETE", exchange -> reply(exchange, held.remove(path(exchange)) == null ? 404 : 204, ""));
  }

  private void propfind(HttpExchange exchange) throws IOException {
    exchange.getRequestBody().readAllBytes();
    String path = path(exchange);
    if (path.equals("/dav/")) {
      StringBuilder all = new StringBuilder(folder(path));
      if (exchange.getRequestHeaders().getFirst("Depth").equals("1")) {
        held.forEach((name, size) -> all.append(file(name, size)));
      }
      reply(exchange, 207, multistatus(all.toString()));
    } else if (held.containsKey(path)) {
      reply(exchange, 207, multistatus(file(path, held.get(path))));
    } else {
      reply(exchange, 404, "");
    }
  }

  private static String path(HttpExchange exchange) {
    return exchange.getRequestURI().getPath();
  }

  private static String destination(HttpExchange exchange) {
    return URI.create(exchange.getRequestHeaders().getFirst("Destination")).getPath();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private String cannot(String what) {
    return server.uri() + ": cannot " + what + ": ";
  }

  @Test
  void anAddressIsCheckedAtTheDoor() {
    Map.of(
            "ftp://host/dav/", "the collection's address must begin with https://",
            "dav/", "the collection's address must begin with https://",
            "https:///dav/", "the collection's address must name a host",
            "https://alice:horse@host/dav/",
                "the collection's address must not hold a user or password; give them to basic(...)",
            "https://host/dav/?token=horse",
                "the collection's address must have no query and no fragment",
            "https://host/dav/#horse",
                "the collection's address must have no query and no fragment")
        .forEach((address, message) -> assertThatThrownBy(() -> WebDavSink.at(URI.create(address)))
            .as(address)
            .isExactlyInstanceOf(IllegalArgumentException.class)
            .hasMessage(message));
    assertThat(WebDavSink.at(URI.create("https://host:8443/a%20b/ü")).description())
        .isEqualTo("WebDAV https://host:8443/a%20b/%C3%BC/");
    assertThat(WebDavSink.at(URI.create("https://host")).toString())
        .isEqualTo("WebDAV https://host/");
  }

  @Test
  void optionsAreCheckedAtTheDoor() {
    WebDavSink sink = server.sink();
    assertThatThrownBy(() -> sink.stallTimeout(Duration.ZERO))
        .hasMessage("stallTimeout must be positive, was PT0S");
    assertThatThrownBy(() -> sink.deadline(Duration.ofSeconds(-1)))
        .hasMessage("deadline must be positive, was PT-1S");
    assertThatThrownBy(() -> sink.basic("a:b", () -> new char[0]))
        .hasMessage("a user's name has no colon and no control characters");
    HttpClient following =
        HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build();
    assertThatThrownBy(() -> sink.client(following))
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "client must follow no redirects (HttpClient.Redirect.NEVER): it would take the credentials to"
                + " other servers");
  }

  @Test
  void plainHttpIsRefusedBeforeAnythingIsSent() {
    WebDavSink sink =
        WebDavSink.at(server.uri()).basic("alice", () -> "correct horse".toCharArray());
    assertThatThrownBy(() -> sink.list(""))
        .isExactlyInstanceOf(AccessDeniedException.class)
        .hasMessage(cannot("list \"\"")
            + "plain http shows credentials and backups to everybody on the way, so it"
            + " is refused; use https, or allowPlainHttp()");
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void credentialsAreAskedForAnewAndWiped() throws IOException {
    List<char[]> given = new ArrayList<>();
    Supplier<char[]> supplier = () -> {
      given.add(("pass" + given.size() + "ü").toCharArray());
      return given.get(given.size() - 1);
    };
    WebDavSink sink = server.sink();
    sink.basic("ålice", supplier).list("");
    sink.bearer(() -> "token".toCharArray()).list("");
    sink.basic("", () -> new char[0]).list("");
    assertThat(server.authorizations())
        .containsExactly("Basic w6VsaWNlOnBhc3Mww7w=", "Bearer token", "Basic Og==");
    assertThat(given).allSatisfy(secret -> assertThat(secret).containsOnly('\0'));
    assertThatThrownBy(() -> sink.bearer(() -> "to\nken".toCharArray()).list(""))
        .isExactlyInstanceOf(IllegalStateException.class)
        .hasMessage("the token has characters that cannot be sent");
  }

  @Test
  void aPutIsSentWithALengthAndMovedWithoutOverwriting() throws IOException {
    List<String> seen = new ArrayList<>();
    server.on("PUT", exchange -> {
      seen.add("length " + exchange.getRequestHeaders().getFirst("Content-Length"));
      for (String never : List.of("Transfer-Encoding", "Content-Range", "Expect")) {
        assertThat(exchange.getRequestHeaders().containsKey(never)).isFalse();
      }
      held.put(path(exchange), (long) exchange.getRequestBody().readAllBytes().length);
      reply(exchange, 201, "");
    });
    server.on("MOVE", exchange -> {
      seen.add(exchange.getRequestHeaders().getFirst("Destination"));
      seen.add(exchange.getRequestHeaders().getFirst("Overwrite"));
      held.put(destination(exchange), held.remove(path(exchange)));
      reply(exchange, 201, "");
    });
    server.sink().put(NAME, CONTENT);
    assertThat(seen).containsExactly("length 3", server.uri() + "data", "F");
    assertThat(held).containsOnlyKeys("/dav/data");
    String part = "/dav/_lifeboat\\.[0-9a-f]{32}\\.tmp";
    List<String> requests = server.requests().subList(0, 6);
    assertThat(requests.get(0)).isEqualTo("PROPFIND /dav/data");
    assertThat(requests.get(1)).isEqualTo("PROPFIND /dav/");
    assertThat(requests.get(2)).matches("PUT " + part);
    assertThat(requests.get(3)).matches("PROPFIND " + part);
    assertThat(requests.get(4)).matches("MOVE " + part);
    assertThat(requests.get(5)).isEqualTo("PROPFIND /dav/data");
  }

  @Test
  void statusesMeanTheSameToEveryVerb() {
    for (String method : List.of("PROPFIND", "PUT", "MOVE")) {
      String to = " to " + method + ")";
      assertStatus(
          method,
          401,
          AccessDeniedException.class,
          "the server does not accept the credentials (HTTP 401" + to);
      assertStatus(
          method, 403, AccessDeniedException.class, "the server does not permit it (HTTP 403" + to);
      assertStatus(
          method,
          407,
          AccessDeniedException.class,
          "the proxy does not accept the credentials (HTTP 407" + to);
      assertStatus(
          method,
          413,
          NoSpaceException.class,
          "the server, or a proxy before it, takes no body of this size (HTTP 413"
              + to.substring(0, to.length() - 1) + "): raise its limit, or use a smaller partSize");
      for (int status : List.of(423, 429, 500, 503, 504)) {
        assertStatus(method, status, IOException.class, "HTTP " + status + " to " + method);
      }
    }
    assertStatus(
        "PUT", 507, NoSpaceException.class, "no space left (HTTP 507 to PUT) (needs 3 bytes)");
    assertStatus(
        "MOVE",
        507,
        NoSpaceException.class,
        "no space left or the quota used up (HTTP 507 to MOVE)");
    assertStatus(
        "MOVE", 412, FileAlreadyExistsException.class, "kept already, and stays as it was");
    assertStatus(
        "MOVE",
        502,
        IOException.class,
        "HTTP 502 to MOVE; a proxy that ends TLS must also rewrite the Destination header");
    assertStatus(
        "PROPFIND",
        405,
        IOException.class,
        "HTTP 405 to PROPFIND; this may not be the address of a WebDAV service");
    assertStatus(
        "PUT",
        202,
        IOException.class,
        "the server's answer is not one that WebDAV knows here (HTTP 202 to PUT)");
  }

  private void assertStatus(
      String method, int status, Class<? extends IOException> type, String message) {
    try (Scripted other = new Scripted()) {
      Scripted before = server;
      server = other;
      start(other);
      other.on(method, status, "");
      IOException thrown =
          catchThrowableOfType(IOException.class, () -> other.sink().put(NAME, CONTENT));
      assertThat(thrown)
          .as(method + " " + status)
          .isExactlyInstanceOf(type)
          .hasMessage(other.uri() + ": cannot keep data: " + message);
      assertThat(held).as(method + " " + status).isEmpty();
      server = before;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void start(Scripted other) {
    other.on("PROPFIND", this::propfind);
    other.on("PUT", exchange -> {
      held.put(path(exchange), (long) exchange.getRequestBody().readAllBytes().length);
      reply(exchange, 201, "");
    });
    other.on(
        "DELETE", exchange -> reply(exchange, held.remove(path(exchange)) == null ? 404 : 204, ""));
  }

  @Test
  void whatAServerSaysIsToldInOneLineAndWithoutSecrets() {
    String page =
        "<html><head><title>x</title><style>p {}</style></head><body><h1>Sorry</h1>\n<p>alice used"
            + " correct horse in YWxpY2U6Y29ycmVjdCBob3JzZQ==\u001b[31m</p>" + "y".repeat(5000);
    server.on("PROPFIND", 500, page);
    assertThatThrownBy(() -> server.sink().list(""))
        .hasMessageStartingWith(
            cannot("list \"\"") + "HTTP 500 to PROPFIND: Sorry alice used … in …\\u001b[31m yyy")
        .hasMessageEndingWith("y…");
  }

  /** Sent on, or cut off: either way the next call is answered on a connection that is in order. */
  @Test
  void anAnswerBeforeTheBodyIsSentEndsThePut() throws IOException {
    for (int status : List.of(401, 413, 507)) {
      server.on("PUT", exchange -> reply(exchange, status, ""));
      WebDavSink sink = server.sink();
      assertThatThrownBy(() -> sink.put(NAME, Content.of(new byte[32 << 20])))
          .isInstanceOf(IOException.class);
      assertThat(sink.list("")).isEmpty();
    }
  }

  @Test
  void aStoreThatAsksToWaitIsHeard() {
    Map.of(
            "120",
            120L,
            "0",
            0L,
            "Sat, 14 Feb 2026 14:31:45 GMT",
            60L,
            "Sat, 14 Feb 2026 14:00:00 GMT",
            0L)
        .forEach((asked, seconds) -> {
          server.on("PROPFIND", exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().set("Date", "Sat, 14 Feb 2026 14:30:45 GMT");
            reply(exchange, 503, "", "Retry-After", asked);
          });
          RetryLaterException later = catchThrowableOfType(
              RetryLaterException.class, () -> server.sink().list(""));
          // the JDK's server writes a Date of its own
          assertThat(later).as(asked).isNotNull();
          if (asked.matches("[0-9]+")) {
            assertThat(later.after()).isEqualTo(Duration.ofSeconds(seconds));
            assertThat(later)
                .hasMessage(
                    cannot("list \"\"") + "HTTP 503 to PROPFIND (asks to wait " + seconds + " s)");
          }
        });
    server.on("PROPFIND", 429, "", "Retry-After", "soon");
    assertThatThrownBy(() -> server.sink().list("")).isExactlyInstanceOf(IOException.class);
  }

  @Test
  void aServerThatKeepsHalfOfItIsNotBelieved() {
    for (long kept : List.of(0L, 1L, 4L)) {
      server.on("PUT", exchange -> {
        exchange.getRequestBody().readAllBytes();
        held.put(path(exchange), kept);
        reply(exchange, 201, "");
      });
      assertThatThrownBy(() -> server.sink().put(NAME, CONTENT))
          .isExactlyInstanceOf(IOException.class)
          .hasMessage(
              cannot("keep data") + "only " + kept
                  + " bytes of 3 have arrived, though the server said it has kept them. Nothing was kept.");
      assertThat(held).isEmpty();
    }
  }

  @Test
  void aFullQuotaIsToldInWhateverWayTheServerSaysIt() throws IOException {
    server.on("PROPFIND", exchange -> {
      String asked = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      if (asked.contains("quota-available-bytes")) {
        reply(
            exchange,
            207,
            multistatus(response("/dav/", "<D:quota-available-bytes>2</D:quota-available-bytes>")));
      } else {
        propfind(exchange);
      }
    });
    assertThat(server.sink().free()).hasValue(2);
    for (int status : List.of(405, 409, 500, 507)) {
      server.on("PUT", status, "");
      assertThatThrownBy(() -> server.sink().put(NAME, CONTENT))
          .isExactlyInstanceOf(NoSpaceException.class)
          .hasMessage(cannot("keep data") + "no space left (HTTP " + status
              + " to PUT) (needs 3 bytes, 2 are free)");
    }
    server.on("PUT", exchange -> {
      exchange.getRequestBody().readAllBytes();
      held.put(path(exchange), 1L);
      reply(exchange, 201, "");
    });
    assertThatThrownBy(() -> server.sink().put(NAME, CONTENT))
        .isExactlyInstanceOf(NoSpaceException.class)
        .hasMessage(cannot("keep data")
            + "only 1 bytes of 3 have arrived, though the server said it has kept them"
            + " (needs 3 bytes, 2 are free)");
  }

  @Test
  void aQuotaThatIsNoneIsNotTold() throws IOException {
    for (String none : List.of("", "-3", "-1", "much")) {
      server.listing(
          response("/dav/", "<D:quota-available-bytes>" + none + "</D:quota-available-bytes>"));
      assertThat(server.sink().free()).isEmpty();
    }
  }

  @Test
  void aMoveWhoseAnswerIsBadButThatHappenedIsASuccess() throws IOException {
    server.on("MOVE", exchange -> {
      held.put(destination(exchange), held.remove(path(exchange)));
      reply(exchange, 504, "");
    });
    assertThat(server.sink().put(NAME, CONTENT).size()).isEqualTo(3);
    assertThat(held).containsOnlyKeys("/dav/data");
  }

  @Test
  void aMoveThatNeverHappenedCannotHappenLater() {
    server.on("MOVE", 504, "");
    assertThatThrownBy(() -> server.sink().put(NAME, CONTENT))
        .hasMessage(cannot("keep data") + "HTTP 504 to MOVE");
    assertThat(held).isEmpty();
    assertThat(server.requests().get(server.requests().size() - 1))
        .startsWith("DELETE /dav/_lifeboat.");
  }

  @Test
  void aMultistatusForADeedIsAFailure() {
    held.put("/dav/data", 3L);
    String inner =
        "<D:response><D:href>/dav/data</D:href><D:status>HTTP/1.1 423 Locked</D:status></D:response>";
    server.on("DELETE", 207, multistatus(inner));
    assertThatThrownBy(() -> server.sink().delete(NAME))
        .hasMessage(cannot("delete data") + "HTTP 423 to DELETE");
    server.on("DELETE", 202, "");
    assertThatThrownBy(() -> server.sink().delete(NAME))
        .hasMessage(cannot("delete data")
            + "the server's answer is not one that WebDAV knows here (HTTP 202 to DELETE)");
  }

  @Test
  void aRedirectIsNeverFollowed() throws IOException {
    try (Scripted elsewhere = new Scripted()) {
      String there = elsewhere.uri() + "?token=horse";
      held.put("/dav/data", 3L);
      for (int status : List.of(301, 302, 303, 307, 308)) {
        server.on("GET", status, "", "Location", there);
        assertThatThrownBy(() -> server.sink().open(NAME))
            .isExactlyInstanceOf(IOException.class)
            .hasMessage(cannot("open data") + "the server redirects (HTTP " + status
                + " to GET) to http://127.0.0.1:" + elsewhere.uri().getPort()
                + ", and redirects are not followed; give the address that is meant");
        server.on("PROPFIND", status, "", "Location", there);
        assertThatThrownBy(() -> server.sink().list("")).isExactlyInstanceOf(IOException.class);
        assertThatThrownBy(() -> server.sink().delete(NAME)).isExactlyInstanceOf(IOException.class);
        assertThatThrownBy(() -> server.sink().put(NAME, CONTENT))
            .isExactlyInstanceOf(IOException.class);
        server.on("PROPFIND", this::propfind);
      }
      assertThat(elsewhere.requests()).isEmpty();
    }
  }

  @Test
  void aLoginPageIsNoObject() throws IOException {
    held.put("/dav/data", 3L);
    server.on("GET", 200, "<html>Log in</html>", "Content-Type", "text/html");
    assertThatThrownBy(() -> server.sink().open(NAME))
        .isExactlyInstanceOf(IOException.class)
        .hasMessage(cannot("open data")
            + "it has 3 bytes, and the server's answer 19: an HTML page, most likely a login page");
  }

  @Test
  void aBodyOfAnotherLengthIsAnError() throws IOException {
    held.put("/dav/data", 3L);
    for (String body : List.of("ab", "abcd")) {
      server.on("GET", exchange -> {
        exchange.sendResponseHeaders(200, 0); // in chunks, so that no header tells
        exchange.getResponseBody().write(body.getBytes(StandardCharsets.US_ASCII));
      });
      try (var in = server.sink().open(NAME)) {
        assertThatThrownBy(in::readAllBytes)
            .hasMessage(cannot("open data") + "it has 3 bytes, and the answer "
                + (body.length() < 3 ? "ended after 2" : "goes on"));
      }
    }
    server.on("GET", 206, "abc");
    assertThatThrownBy(() -> server.sink().open(NAME)).isExactlyInstanceOf(IOException.class);
    server.on("GET", 404, "");
    assertThatThrownBy(() -> server.sink().open(NAME))
        .isExactlyInstanceOf(IOException.class)
        .hasMessage(cannot("open data")
            + "data was listed and is not found; somebody else may be deleting there");
    server.on("GET", exchange -> {
      held.remove("/dav/data");
      exchange.sendResponseHeaders(404, -1);
    });
    assertThatThrownBy(() -> server.sink().open(NAME))
        .isExactlyInstanceOf(NoSuchFileException.class)
        .hasMessage(cannot("open data") + "no such object");
  }

  @Test
  void oneNotFoundOfSomebodyOnTheWayIsNotBelieved() throws IOException {
    held.put("/dav/data", 3L);
    boolean[] once = {true};
    server.on("PROPFIND", exchange -> {
      if (once[0] && exchange.getRequestURI().getPath().endsWith("/data")) {
        once[0] = false;
        exchange.sendResponseHeaders(404, -1);
      } else {
        propfind(exchange);
      }
    });
    assertThatThrownBy(() -> server.sink().open(NAME))
        .isExactlyInstanceOf(IOException.class)
        .hasMessage(cannot("open data")
            + "data was listed and is not found; somebody else may be deleting there");
  }

  @Test
  void readBackIsAtOnceUnlessItIsSaidOtherwise() {
    WebDavSink sink = WebDavSink.at(URI.create("https://cloud.example/backups/"));
    assertThat(sink.readBackWithin()).isEmpty();
    assertThat(sink.readBack(Duration.ofHours(6)).readBackWithin()).contains(Duration.ofHours(6));
    assertThatThrownBy(() -> sink.readBack(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("within must be positive, was PT0S");
  }
}
