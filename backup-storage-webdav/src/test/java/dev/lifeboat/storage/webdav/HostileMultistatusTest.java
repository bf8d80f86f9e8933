package dev.lifeboat.storage.webdav;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeboat.sink.Content;
import dev.lifeboat.sink.ObjectName;
import dev.lifeboat.testkit.FaultCount;
import dev.lifeboat.testkit.FaultProxy;
import dev.lifeboat.testkit.HttpFault;
import dev.lifeboat.testkit.HttpReply;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tomcat's own listing, made hostile on its way: it is an exception, or what is really there; nothing else is asked. */
@Timeout(60)
class HostileMultistatusTest {
  private static final List<String> THERE = List.of("shop/a", "shop/b", "shop/c");
  private static final String END = "</D:multistatus>";

  @TempDir
  static Path directory;

  private static DavServer server;
  private static FaultProxy proxy;
  private static FaultProxy elsewhere;
  private static WebDavSink sink;

  private final Map<String, UnaryOperator<HttpReply>> hostile = new LinkedHashMap<>();

  @BeforeAll
  static void start() throws IOException {
    server = new TomcatServer(directory);
    for (String name : THERE) {
      server.sink("").put(ObjectName.of(name), Content.of(new byte[5]));
    }
    proxy = FaultProxy.before(server.uri());
    elsewhere = FaultProxy.before(URI.create("http://127.0.0.1:9/"))
        .failingFrom(1, HttpFault.answered(HttpReply.status(200).body("<!ENTITY x \"shop/z\">")));
    sink = WebDavSink.at(proxy.endpoint())
        .basic(DavServer.USER, DavServer.PASSWORD::toCharArray)
        .allowPlainHttp();
  }

  @AfterAll
  static void stop() throws IOException {
    proxy.close();
    elsewhere.close();
    server.close();
  }

  @TestFactory
  List<DynamicTest> aHostileListingIsRefusedOrWhatIsReallyThere() {
    documentTypes();
    masses();
    encodings();
    structures();
    sizes();
    places();
    FaultCount.tried(HostileMultistatusTest.class, "a hostile listing", hostile.size());
    return hostile.entrySet().stream()
        .map(
            entry -> DynamicTest.dynamicTest(entry.getKey(), () -> refusedOrTrue(entry.getValue())))
        .toList();
  }

  private void refusedOrTrue(UnaryOperator<HttpReply> rewrite) throws IOException {
    int before = proxy.faults();
    proxy.failing(request -> request.is("PROPFIND"), 1, HttpFault.rewritten(rewrite));
    try {
      assertThat(listed()).isEqualTo(THERE);
    } catch (IOException e) {
      assertThat(e).hasMessageContaining(proxy.endpoint().toString());
      assertThat(e.toString()).hasSizeLessThan(2000).doesNotContain("root:x:0:0");
    } finally {
      proxy.healed();
    }
    assertThat(proxy.faults()).isGreaterThan(before);
    assertThat(elsewhere.requests()).isEmpty();
    assertThat(listed()).isEqualTo(THERE);
  }

  private static List<String> listed() throws IOException {
    return sink.list("shop/").stream().map(object -> object.name().value()).toList();
  }

  private void documentTypes() {
    String there = elsewhere.endpoint().toString();
    declared("a DTD elsewhere", "<!DOCTYPE m SYSTEM \"" + there + "evil.dtd\">", "z");
    declared("a DTD in a file", "<!DOCTYPE m SYSTEM \"file:///etc/passwd\">", "z");
    declared("an entity elsewhere", "<!DOCTYPE m [<!ENTITY x SYSTEM \"" + there + "x\">]>", "&x;");
    declared(
        "an entity in a file", "<!DOCTYPE m [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>", "&x;");
    declared("an entity of its own", "<!DOCTYPE m [<!ENTITY x \"z\">]>", "&x;");
    declared(
        "a parameter entity", "<!DOCTYPE m [<!ENTITY % x SYSTEM \"" + there + "x\"> %x;]>", "z");
    StringBuilder laughs = new StringBuilder("<!DOCTYPE m [<!ENTITY l0 \"ha\">");
    for (int i = 1; i < 30; i++) {
      laughs.append("<!ENTITY l" + i + " \"" + ("&l" + (i - 1) + ";").repeat(10) + "\">");
    }
    declared("a billion laughs", laughs + "]>", "&l29;");
    declared(
        "a long entity often",
        "<!DOCTYPE m [<!ENTITY x \"" + "x".repeat(100_000) + "\">]>",
        "&x;".repeat(10_000));
    declared("an entity that nobody declared", "", "&x;");
    hostile.put(
        "an include",
        added("<x:include xmlns:x=\"http://www.w3.org/2001/XInclude\" href=\"" + there + "\"/>"));
    hostile.put(
        "a style sheet",
        text(all -> all.replaceFirst(
            "\\?>", "?><?xml-stylesheet href=\"" + there + "\" type=\"text/xsl\"?>")));
  }

  private void masses() {
    hostile.put(
        "a million entries that are not ours",
        added("<D:response><D:href>/x</D:href></D:response>".repeat(1_000_000)));
    hostile.put("a million entries", text(all -> all.replace(END, million() + END)));
    hostile.put("the same entry often", added(entry("/dav/backups/shop/a").repeat(10_000)));
    hostile.put("a deep nest", added("<a>".repeat(200_000) + "</a>".repeat(200_000)));
    hostile.put("a nest without an end", added("<a>".repeat(1_000_000)));
    hostile.put("a long name", added(entry("/dav/backups/shop/" + "n".repeat(10_000_000))));
    hostile.put("a long tag", added("<" + "n".repeat(10_000_000) + "/>"));
    hostile.put("a long attribute", added("<a b=\"" + "n".repeat(10_000_000) + "\"/>"));
    hostile.put("a long comment", added("<!--" + "n".repeat(10_000_000) + "-->"));
    hostile.put("a long white space", added(" ".repeat(20_000_000)));
    StringBuilder attributes = new StringBuilder("<a");
    for (int i = 0; i < 200_000; i++) {
      attributes.append(" a").append(i).append("=\"\"");
    }
    hostile.put("many attributes", added(attributes + "/>"));
  }

  private static String million() {
    StringBuilder many = new StringBuilder();
    for (int i = 0; i < 1_000_000; i++) {
      many.append("<D:response><D:href>/dav/backups/shop/")
          .append(i)
          .append(
              "</D:href><D:propstat><D:prop><D:getcontentlength>1</D:getcontentlength></D:prop>")
          .append("</D:propstat></D:response>");
    }
    return many.toString();
  }

  private void encodings() {
    hostile.put("bytes of no encoding", added(entry("/dav/backups/shop/\u00ff"), ISO_8859_1));
    hostile.put("UTF-16 that is called UTF-8", text(all -> all, UTF_16LE));
    hostile.put("EBCDIC", text(all -> all, Charset.forName("IBM037")));
    hostile.put(
        "an encoding that there is not", text(all -> all.replaceFirst("(?i)utf-8", "klingon")));
    hostile.put("a zero byte", added("\0"));
  }

  private void structures() {
    hostile.put("nothing", reply -> reply.cutTo(0));
    hostile.put("white space", text(all -> " \n "));
    hostile.put("half of it", text(all -> all.substring(0, all.length() / 2)));
    hostile.put("no end", text(all -> all.replace(END, "")));
    hostile.put("no entries", text(all -> "<D:multistatus xmlns:D=\"DAV:\"/>"));
    hostile.put("another root", text(all -> all.replace("multistatus", "multistat")));
    hostile.put("another namespace", text(all -> all.replace("DAV:", "http://dav/")));
    hostile.put("two documents", text(all -> all + all));
    hostile.put("something behind it", text(all -> all + "<html>"));
    hostile.put("an HTML page that says 207", text(all -> "<!DOCTYPE html><html><br></html>"));
    hostile.put("JSON", text(all -> "{\"responses\": []}"));
    hostile.put(
        "all in a comment",
        text(all -> "<D:multistatus xmlns:D=\"DAV:\"><!--" + all.replace("--", "")
            + "--></D:multistatus>"));
    hostile.put(
        "one without a place",
        added("<D:response><D:status>HTTP/1.1 200 OK</D:status></D:response>"));
    hostile.put(
        "one within another",
        added("<D:response>" + entry("/dav/backups/shop/z") + "</D:response>"));
    for (int status : new int[] {0, 102, 403, 404, 423, 500, 507, 999}) {
      hostile.put(
          "entries with status " + status,
          text(all -> all.replaceAll("HTTP/1.1 200[^<]*", "HTTP/1.1 " + status + " so")));
    }
    hostile.put("statuses that are none", text(all -> all.replaceAll("HTTP/1.1 200", "fine")));
  }

  private void sizes() {
    for (String size : new String[] {
      "-1", "", "NaN", "1e9", "0x10", "9223372036854775808", "99999999999999999999999", "+5", "٥"
    }) {
      hostile.put(
          "the size " + size,
          text(all -> all.replaceAll(
              "(getcontentlength>)[0-9]+<", "$1" + Matcher.quoteReplacement(size) + "<")));
    }
    hostile.put(
        "no sizes",
        text(all -> all.replaceAll("<D:getcontentlength>[0-9]+</D:getcontentlength>", "")));
    hostile.put("two sizes for one", added(entry("/dav/backups/shop/a")));
    hostile.put(
        "a time that is none",
        text(all -> all.replaceAll("(getlastmodified>)[^<]*", "$1yesterday")));
  }

  private void places() {
    for (String href : new String[] {
      "http://evil.example/dav/backups/shop/z",
      "//evil.example/dav/backups/shop/z",
      "file:///dav/backups/shop/z",
      "/etc/passwd",
      "/",
      "../../etc/passwd",
      "/dav/backups/shop/../../../z",
      "/dav/backups/shop/%2e%2e/%2e%2e/z",
      "/dav/backups/shop/%252e%252e/z",
      "/dav/backups/shop/..%2fz",
      "/dav/backups/shop/a%2fz",
      "/dav/backups/shop/a%5Cz",
      "/dav/backups/shop/%00",
      "/dav/backups/shop/z%0A",
      "/dav/backups/shop/%ff%fe",
      "/dav/backups/shop/%zz",
      "/dav/backups/shop/%",
      "/dav/backups/shop/ z",
      "/dav/backups/shop/a/z",
      "/dav/backups/sho/z",
      "/dav/backupsshop/z",
      "",
      "mailto:z",
      "/dav/backups/shop/\u202ez"
    }) {
      hostile.put("the place " + href, added(entry(href)));
    }
  }

  private void declared(String name, String type, String last) {
    hostile.put(
        name,
        text(all -> all.replaceFirst("\\?>", Matcher.quoteReplacement("?>" + type))
            .replace(END, entry("/dav/backups/shop/" + last) + END)));
  }

  private static String entry(String href) {
    return "<D:response><D:href>" + href + "</D:href><D:propstat><D:prop><D:resourcetype/>"
        + "<D:getcontentlength>7</D:getcontentlength></D:prop>"
        + "<D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response>";
  }

  private static UnaryOperator<HttpReply> added(String xml) {
    return added(xml, UTF_8);
  }

  private static UnaryOperator<HttpReply> added(String xml, Charset charset) {
    return text(all -> all.replace(END, xml + END), charset);
  }

  private static UnaryOperator<HttpReply> text(UnaryOperator<String> change) {
    return text(change, UTF_8);
  }

  private static UnaryOperator<HttpReply> text(UnaryOperator<String> change, Charset charset) {
    return reply -> reply.body(change.apply(new String(reply.body(), UTF_8)).getBytes(charset));
  }
}
