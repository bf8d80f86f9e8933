package dev.lifeboat.storage.webdav;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A server on 127.0.0.1 that answers what a test tells it to, by method, and notes what it was asked. */
final class Scripted implements AutoCloseable {
  /** What is done with a request of one method. */
  @FunctionalInterface
  interface Deed {
    void on(HttpExchange exchange) throws IOException;
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Map<String, Deed> deeds = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<String> requests = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<String> authorizations = new ConcurrentLinkedQueue<>();

  Scripted() throws IOException {
    this(HttpServer.create());
  }

  /** With a server of the test's own making: one that speaks TLS. */
  Scripted(HttpServer server) throws IOException {
    this.server = server;
    server.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  Scripted on(String method, Deed deed) {
    deeds.put(method, deed);
    return this;
  }

  /** A plain answer. */
  Scripted on(String method, int status, String body, String... headers) {
    return on(method, exchange -> {
      exchange.getRequestBody().readAllBytes();
      reply(exchange, status, body, headers);
    });
  }

  /** A multistatus with this inside. */
  Scripted listing(String inside) {
    return on("PROPFIND", 207, multistatus(inside), "Content-Type", "application/xml");
  }

  static String multistatus(String inside) {
    return "<?xml version=\"1.0\"?><D:multistatus xmlns:D=\"DAV:\">" + inside + "</D:multistatus>";
  }

  static String folder(String href) {
    return response(href, "<D:resourcetype><D:collection/></D:resourcetype>");
  }

  static String file(String href, long size) {
    return response(
        href,
        "<D:resourcetype/><D:getcontentlength>" + size + "</D:getcontentlength>"
            + "<D:getlastmodified>Sat, 14 Feb 2026 14:30:45 GMT</D:getlastmodified>");
  }

  static String response(String href, String properties) {
    return "<D:response><D:href>" + href + "</D:href><D:propstat><D:prop>" + properties
        + "</D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response>";
  }

  static void reply(HttpExchange exchange, int status, String body, String... headers)
      throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < headers.length; i += 2) {
      exchange.getResponseHeaders().add(headers[i], headers[i + 1]);
    }
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/dav/");
  }

  WebDavSink sink() {
    return WebDavSink.at(uri())
        .basic("alice", () -> "correct horse".toCharArray())
        .allowPlainHttp();
  }

  /** "PUT /dav/orders/data", one after the other. */
  List<String> requests() {
    return List.copyOf(requests);
  }

  List<String> authorizations() {
    return List.copyOf(authorizations);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String method = exchange.getRequestMethod().toUpperCase(Locale.ROOT);
    requests.add(method + " " + exchange.getRequestURI());
    authorizations.add(
        String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
    Deed deed = deeds.get(method);
    if (deed == null) {
      reply(exchange, 404, "");
    } else {
      deed.on(exchange);
    }
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
