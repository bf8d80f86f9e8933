package dev.lifeboat.storage.webdav;

import static dev.lifeboat.storage.webdav.Scripted.file;
import static dev.lifeboat.storage.webdav.Scripted.folder;
import static dev.lifeboat.storage.webdav.Scripted.multistatus;
import static dev.lifeboat.storage.webdav.Scripted.reply;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lifeboat.testkit.FaultCount;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Listings of a server that means no good, or is broken: right or an error, and never more is done than reading. */
class HostileListingTest {
  private static final String GOOD = folder("/dav/") + file("/dav/a", 1) + file("/dav/b", 2);

  private Scripted server;

  @BeforeEach
  void start() throws IOException {
    server = new Scripted();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private List<String> listed() throws IOException {
    return server.sink().list("").stream()
        .map(object -> object.name().value() + " " + object.size())
        .toList();
  }

  private IOException refused() {
    return catchThrowableOfType(IOException.class, this::listed);
  }

  @Test
  void aGoodListingIsRead() throws IOException {
    server.listing(GOOD);
    assertThat(listed()).containsExactly("a 1", "b 2");
    assertThat(server.sink().list("").get(0).time()).isEqualTo("2026-02-14T14:30:45Z");
  }

  @Test
  void pathsAreReadInEveryWayTheyAreWritten() throws IOException {
    String here = server.uri().toString();
    server.listing(folder(here)
        + file(here + "absolute", 1)
        + file("http://127.0.0.1:1/dav/other-port", 2)
        + file("//127.0.0.1/dav/no-scheme", 3)
        + file("relative", 4)
        + file("/d%61v/%65ncoded", 5)
        + file("/dav//doubled", 6)
        + file("\n  /dav/space-around \n", 7)
        + file("/dav/query?x=1#y", 8));
    assertThat(listed())
        .containsExactly(
            "absolute 1", "doubled 6", "encoded 5", "no-scheme 3", "other-port 2", "query 8", "relative 4",
            "space-around 7");
  }

  @Test
  void whatLiesOutsideIsIgnored() throws IOException {
    String[] outside = {
      "/dav/../etc/passwd", "/dav/%2e%2e/x", "/dav/..%2fx", "/dav/a%2fb", "/dav/%252e%252e", "/", "/da", "/davx/a",
      "/other/a", "http://elsewhere.example/dav/a", "//elsewhere.example/dav/a", "https://127.0.0.1.evil/dav/a",
      "/dav/%00", "/dav/%0a", "/dav/%1b[31m", "/dav/%zz", "/dav/%", "/dav/%c0%ae", "/dav/%ff", "", "?", "#",
      "mailto:a", "\\dav\\a", "/dav/a/b/c", "/dav/.hidden", "/dav/_lifeboat.x.tmp", "/dav/con", "/dav/a..b"
    };
    StringBuilder all = new StringBuilder(folder("/dav/"));
    for (String href : outside) {
      all.append(file(href, 9));
      server.listing(folder("/dav/") + file(href, 9) + file("/dav/good", 1));
      assertThat(listed()).as(href).containsExactly("good 1");
    }
    server.listing(all.toString());
    assertThat(listed()).isEmpty();
    FaultCount.tried(HostileListingTest.class, "hrefs outside, double encoded, malformed", outside.length);
  }

  @Test
  void whatLiesOutsideIsReportedOnceAndCannotForgeALine() throws IOException {
    PrintStream before = System.err;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
    try {
      server.listing(GOOD + file("/x&#10;ERROR all backups are gone" + "y".repeat(5000), 1) + file("/z", 1));
      WebDavSink sink = server.sink();
      sink.list("");
      sink.list("");
    } finally {
      System.setErr(before);
    }
    assertThat(said.toString(StandardCharsets.UTF_8).lines().count()).isLessThanOrEqualTo(1);
  }

  @Test
  void everyCutIsAnError() {
    String whole = multistatus(GOOD);
    for (int length = 0; length < whole.length(); length++) {
      String cut = whole.substring(0, length);
      server.on("PROPFIND", 207, cut);
      assertThat(refused()).as(cut).isNotNull();
    }
    FaultCount.tried(HostileListingTest.class, "listings cut at every character", whole.length());
  }

  @Test
  void aListingWithoutTheCollectionItselfIsAnError() {
    server.listing(file("/dav/a", 1));
    assertThat(refused())
        .hasMessage(server.uri() + ": cannot list \"\": the server's listing does not speak of the collection"
            + " that was asked for");
    server.listing("");
    assertThat(refused()).isNotNull();
  }

  @Test
  void whatIsNoMultistatusIsAnError() {
    server.on("PROPFIND", 207, "<html><body>hello</body></html>");
    assertThat(refused())
        .hasMessage(server.uri() + ": cannot list \"\": the server's listing is refused: it is no multistatus");
    server.on("PROPFIND", 200, multistatus(GOOD));
    assertThat(refused())
        .hasMessage(server.uri() + ": cannot list \"\": the server's answer is not one that WebDAV knows here"
            + " (HTTP 200 to PROPFIND)");
    server.on("PROPFIND", 200, "<html>Log in</html>", "Content-Type", "text/html; charset=utf-8");
    assertThat(refused())
        .hasMessage(server.uri() + ": cannot list \"\": an HTML page came instead of an answer (HTTP 200 to"
            + " PROPFIND), most likely a login page; is this the address of the WebDAV service?");
    server.on("PROPFIND", 204, "");
    assertThat(refused()).isNotNull();
    server.listing(GOOD.replace("DAV:", "OTHER:"));
    server.on("PROPFIND", 207, multistatus(GOOD).replace("DAV:", "OTHER:"));
    assertThat(refused()).isNotNull();
  }

  @Test
  void anEntryThatTheServerCouldNotReadIsAnError() {
    for (String broken : List.of(
        "<D:response><D:href>/dav/c</D:href><D:status>HTTP/1.1 403 Forbidden</D:status></D:response>",
        "<D:response><D:href>/dav/</D:href><D:status>HTTP/1.1 507 Insufficient Storage</D:status></D:response>",
        "<D:response><D:href>/dav/c</D:href><D:status>nonsense</D:status></D:response>",
        Scripted.response("/dav/c", "<D:resourcetype/>"),
        Scripted.response("/dav/c", "<D:getcontentlength>many</D:getcontentlength>"),
        Scripted.response("/dav/c", "<D:getcontentlength>-1</D:getcontentlength>"),
        file("/dav/a", 7))) {
      server.listing(GOOD + broken);
      assertThat(refused()).as(broken).isNotNull();
    }
  }

  @Test
  void entitiesAreNeitherExpandedNorFetched(@TempDir Path directory) throws IOException {
    Path secret = Files.writeString(directory.resolve("secret"), "a");
    try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      listening.setSoTimeout(200);
      String there = "http://127.0.0.1:" + listening.getLocalPort() + "/x";
      String[] doctypes = {
        "<!DOCTYPE x [<!ENTITY e SYSTEM \"" + secret.toUri() + "\">]>",
        "<!DOCTYPE x [<!ENTITY e SYSTEM \"" + there + "\">]>",
        "<!DOCTYPE x [<!ENTITY % p SYSTEM \"" + there + "\"> %p;]>",
        "<!DOCTYPE x SYSTEM \"" + there + "\">",
        "<!DOCTYPE x PUBLIC \"-//x//y\" \"" + there + "\">",
        "<!DOCTYPE x [<!ENTITY e \"a\">]>",
        "<!DOCTYPE x>"
      };
      for (String doctype : doctypes) {
        for (String use : List.of("&e;", "b")) {
          String body = multistatus(GOOD + file("/dav/" + use, 1));
          server.on("PROPFIND", 207, body.replace("?>", "?>" + doctype));
          assertThat(refused()).as(doctype).isNotNull();
        }
      }
      String included = "<x xmlns:xi=\"http://www.w3.org/2001/XInclude\"><xi:include href=\"" + there + "\"/></x>";
      server.listing(GOOD + included + "<?xml-stylesheet href=\"" + there + "\"?>");
      assertThat(refused()).isNull();
      assertThatThrownBy(listening::accept).isExactlyInstanceOf(SocketTimeoutException.class);
      FaultCount.tried(HostileListingTest.class, "document types, entities, inclusions", doctypes.length * 2 + 1);
    }
  }

  @Test
  void aBillionLaughsAreRefused() {
    StringBuilder laughs = new StringBuilder("<!DOCTYPE x [<!ENTITY l0 \"lol\">");
    for (int i = 1; i < 10; i++) {
      laughs.append("<!ENTITY l").append(i).append(" \"").append(("&l" + (i - 1) + ";").repeat(10)).append("\">");
    }
    String body = multistatus(GOOD + file("/dav/&l9;", 1)).replace("?>", "?>" + laughs + "]>");
    server.on("PROPFIND", 207, body);
    assertThat(refused()).hasMessageContaining("the server's listing ");
  }

  @Test
  void whatIsTooLargeIsRefusedWhereverItIs() {
    String huge = "x".repeat(3 << 20);
    for (String large : List.of(
        "<D:response><D:href>/dav/" + huge + "</D:href></D:response>",
        "<!--" + huge + "-->",
        "<x y=\"" + huge + "\"/>",
        "<" + huge + "/>",
        "<?p " + huge + "?>",
        "<x>".repeat(100) + "</x>".repeat(100))) {
      server.listing(GOOD + large);
      assertThat(refused()).as(large.substring(0, 20)).hasMessageContaining("the server's listing ");
    }
  }

  /** 180 MB of entries, in a heap that would not hold them twice. */
  @Test
  void aMillionEntriesAreRefused() {
    server.on("PROPFIND", exchange -> {
      exchange.getRequestBody().readAllBytes();
      exchange.sendResponseHeaders(207, 0);
      try (OutputStream out = exchange.getResponseBody()) {
        out.write("<D:multistatus xmlns:D=\"DAV:\">".getBytes(StandardCharsets.UTF_8));
        for (int i = 0; i < 1_000_000; i++) {
          out.write(file("/dav/x" + i, i).getBytes(StandardCharsets.UTF_8));
        }
      } catch (IOException e) {
        // nobody reads on
      }
    });
    assertThat(refused())
        .hasMessage(
            server.uri() + ": cannot list \"\": the server's listing is refused: it has more than 500000 entries");
  }

  @Test
  void aTreeWithoutEndIsCutOffByTheLengthOfNames() throws IOException {
    server.on("PROPFIND", exchange -> {
      exchange.getRequestBody().readAllBytes();
      String path = exchange.getRequestURI().getRawPath();
      reply(exchange, 207, multistatus(folder(path) + folder(path + "deeper/")));
    });
    assertThat(listed()).isEmpty();
    assertThat(server.requests()).hasSizeLessThan(40);
  }
}
