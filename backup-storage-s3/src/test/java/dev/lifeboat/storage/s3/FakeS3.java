package dev.lifeboat.storage.s3;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.lifeboat.sink.Digest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A store that calls itself S3 and has the manners a test gives it, on the loopback device. Looks at no signature, keeps a
 * body as it comes, framing and all, and remembers every request. What a script has an answer for is answered by the
 * script. Closing it stops it.
 */
final class FakeS3 implements AutoCloseable {
  static final String BUCKET = "company-backups";
  private static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.RFC_1123_DATE_TIME.withZone(ZoneOffset.UTC);

  /** As it came: names of headers in lower case. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Request(
      String method,
      String key,
      Map<String, String> query,
      Map<String, String> headers,
      byte[] body) {

    Optional<String> header(String name) {
      return Optional.ofNullable(headers.get(name));
    }

    /** {@code "PUT shop/series.json"}. */
    @Override
    public String toString() {
      return query.containsKey("list-type") ? "LIST " + query.get("prefix") : method + " " + key;
    }
  }

  /** What is answered; a status of 0 is no answer, but the end of the connection. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Answer(int status, Map<String, String> headers, byte[] body) {
    static Answer of(int status) {
      return new Answer(status, Map.of(), new byte[0]);
    }

    /** An error in S3's words. */
    static Answer error(int status, String code, String message) {
      return xml(
          status,
          "<Error><Code>" + code + "</Code><Message>" + message
              + "</Message><RequestId>4442587FB7D0A2F9</RequestId></Error>");
    }

    static Answer xml(int status, String xml) {
      return new Answer(
          status,
          Map.of("Content-Type", "application/xml"),
          ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + xml).getBytes(UTF_8));
    }

    Answer with(String header, String value) {
      Map<String, String> more = new TreeMap<>(headers);
      more.put(header, value);
      return new Answer(status, more, body);
    }

    static Answer lost() {
      return of(0);
    }
  }

  /** What is done instead of what a store would do; a script may let it do that and answer otherwise. */
  @FunctionalInterface
  interface Script {
    @Nullable
    Answer answer(Request request, Answer usual);
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Kept(
      byte[] bytes, Map<String, String> headers, @Nullable String sha256) {}

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final ConcurrentSkipListMap<String, Kept> objects = new ConcurrentSkipListMap<>();
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final List<Script> before = new CopyOnWriteArrayList<>();
  private final List<Script> after = new CopyOnWriteArrayList<>();
  private volatile boolean honoursConditions = true;
  private volatile boolean verifies = true;
  private volatile boolean tellsChecksums = true;
  private volatile boolean keepsMetadata = true;
  private volatile int pageSize = 1000;

  private FakeS3(HttpServer server) {
    this.server = server;
    server.createContext("/", this::handle);
    server.setExecutor(threads);
    server.start();
  }

  static FakeS3 start() throws IOException {
    return over(HttpServer.create(loopback(), 0));
  }

  /** On a server that was set up for TLS. */
  static FakeS3 over(HttpServer server) {
    return new FakeS3(server);
  }

  static InetSocketAddress loopback() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  /** Puts replace, whatever was asked. */
  FakeS3 ignoringConditions() {
    honoursConditions = false;
    return this;
  }

  /** Checksums are not looked at, but told again as they came. */
  FakeS3 echoingChecksums() {
    verifies = false;
    return this;
  }

  /** Checksums are not told. */
  FakeS3 tellingNoChecksums() {
    tellsChecksums = false;
    return this;
  }

  /** Metadata are not kept. */
  FakeS3 forgettingMetadata() {
    keepsMetadata = false;
    return this;
  }

  FakeS3 withPagesOf(int size) {
    pageSize = size;
    return this;
  }

  /** Before it has any effect: these are answered so. */
  FakeS3 answering(Predicate<Request> which, Answer answer) {
    before.add((request, usual) -> which.test(request) ? answer : null);
    return this;
  }

  /** The next of these only. */
  FakeS3 answeringOnce(Predicate<Request> which, Answer answer) {
    before.add(once(which, answer));
    return this;
  }

  /** After it has had its effect: the next of these is answered so. */
  FakeS3 answeringOnceDone(Predicate<Request> which, Answer answer) {
    after.add(once(which, answer));
    return this;
  }

  /** After it has had its effect: what is answered then. */
  FakeS3 changing(Script script) {
    after.add(script);
    return this;
  }

  private static Script once(Predicate<Request> which, Answer answer) {
    boolean[] done = {false};
    return (request, usual) -> {
      synchronized (done) {
        if (done[0] || !which.test(request)) {
          return null;
        }
        done[0] = true;
        return answer;
      }
    };
  }

  static Predicate<Request> any() {
    return request -> true;
  }

  /** {@code "PUT shop/series.json"}, {@code "LIST shop/"}; a part at its beginning is enough. */
  static Predicate<Request> call(String beginning) {
    return request -> request.toString().startsWith(beginning);
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  int port() {
    return server.getAddress().getPort();
  }

  /** As they came. */
  List<Request> requests() {
    return List.copyOf(requests);
  }

  /** Those, in words. */
  List<String> calls() {
    return requests.stream().map(Request::toString).toList();
  }

  void forgetScripts() {
    before.clear();
    after.clear();
  }

  void forgetRequests() {
    requests.clear();
  }

  List<String> keys() {
    return List.copyOf(objects.keySet());
  }

  byte[] bytes(String key) {
    return object(key).bytes();
  }

  private Kept object(String key) {
    Kept kept = objects.get(key);
    if (kept == null) {
      throw new AssertionError("there is no " + key);
    }
    return kept;
  }

  /** As somebody else would. */
  void put(String key, byte[] bytes) {
    objects.put(key, new Kept(bytes, Map.of(), null));
  }

  /** The same with one header, metadata say. */
  void keep(String key, byte[] bytes, String header, String value) {
    objects.put(key, new Kept(bytes, Map.of(header, value), null));
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Request request = read(exchange);
      requests.add(request);
      Answer answer = first(request);
      if (answer == null) {
        answer = usual(request);
        for (Script script : after) {
          Answer changed = script.answer(request, answer);
          answer = changed == null ? answer : changed;
        }
      }
      write(exchange, request, answer);
    }
  }

  private @Nullable Answer first(Request request) {
    return before.stream()
        .map(script -> script.answer(request, Answer.lost()))
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  private static Request read(HttpExchange exchange) throws IOException {
    Map<String, String> headers = new TreeMap<>();
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) -> headers.put(name.toLowerCase(java.util.Locale.ROOT), values.get(0)));
    Map<String, String> query = new TreeMap<>();
    String raw = exchange.getRequestURI().getRawQuery();
    for (String pair : raw == null ? new String[0] : raw.split("&")) {
      String[] parts = pair.split("=", 2);
      query.put(parts[0], parts.length < 2 ? "" : URLDecoder.decode(parts[1], UTF_8));
    }
    String path = exchange.getRequestURI().getPath();
    String key = path.length() > BUCKET.length() + 2 ? path.substring(BUCKET.length() + 2) : "";
    byte[] body = exchange.getRequestBody().readAllBytes();
    return new Request(exchange.getRequestMethod(), key, query, headers, body);
  }

  private static void write(HttpExchange exchange, Request request, Answer answer)
      throws IOException {
    if (answer.status() == 0) {
      return;
    }
    answer.headers().forEach(exchange.getResponseHeaders()::set);
    boolean isHead = request.method().equals("HEAD");
    if (isHead) {
      exchange.sendResponseHeaders(answer.status(), -1);
      return;
    }
    String said = answer.headers().get("Content-Length");
    long length = said == null ? answer.body().length : Long.parseLong(said);
    exchange.sendResponseHeaders(answer.status(), length == 0 ? -1 : length);
    exchange.getResponseBody().write(answer.body());
    exchange.getResponseBody().flush(); // where it is short, closing does not
  }

  private Answer usual(Request request) {
    if (request.query().containsKey("list-type")) {
      return list(request);
    }
    return switch (request.method()) {
      case "PUT" -> put(request);
      case "GET", "HEAD" -> get(request);
      case "DELETE" -> {
        objects.remove(request.key());
        yield Answer.of(204);
      }
      default -> Answer.error(405, "MethodNotAllowed", "not here");
    };
  }

  private Answer put(Request request) {
    String sha256 = request.headers().get("x-amz-checksum-sha256");
    if (verifies
        && sha256 != null
        && !sha256.equals(Requests.base64(Digest.of(request.body()).sha256()))) {
      return Answer.error(400, "BadDigest", "The SHA256 you specified did not match");
    }
    Map<String, String> metadata = new TreeMap<>(request.headers());
    metadata.keySet().removeIf(name -> !keepsMetadata || !name.startsWith("x-amz-meta-"));
    Kept kept = new Kept(request.body(), metadata, tellsChecksums ? sha256 : null);
    if (honoursConditions && request.headers().containsKey("if-none-match")) {
      if (objects.putIfAbsent(request.key(), kept) != null) {
        return Answer.error(412, "PreconditionFailed", "It is there");
      }
    } else {
      objects.put(request.key(), kept);
    }
    return withChecksum(Answer.of(200).with("ETag", "\"abc\""), kept);
  }

  private static Answer withChecksum(Answer answer, Kept kept) {
    return kept.sha256() == null
        ? answer
        : answer
            .with("x-amz-checksum-sha256", kept.sha256())
            .with("x-amz-checksum-type", "FULL_OBJECT");
  }

  private Answer get(Request request) {
    Kept kept = objects.get(request.key());
    if (kept == null) {
      return Answer.error(404, "NoSuchKey", "The specified key does not exist.");
    }
    Answer answer = new Answer(200, kept.headers(), kept.bytes())
        .with("Last-Modified", HTTP_DATE.format(ZonedDateTime.now(ZoneOffset.UTC)));
    if (request.method().equals("HEAD")) {
      answer = answer.with("Content-Length", Integer.toString(kept.bytes().length));
    }
    return request.headers().containsKey("x-amz-checksum-mode")
        ? withChecksum(answer, kept)
        : answer;
  }

  private Answer list(Request request) {
    String prefix = request.query().getOrDefault("prefix", "");
    String start = request.query().getOrDefault("continuation-token", "");
    TreeMap<String, Kept> found = new TreeMap<>(objects.tailMap(prefix, true)); // at this moment
    List<String> keys = new ArrayList<>(found.keySet());
    keys.removeIf(key -> !key.startsWith(prefix) || key.compareTo(start) <= 0);
    boolean isTruncated = keys.size() > pageSize;
    List<String> page = isTruncated ? keys.subList(0, pageSize) : keys;
    StringBuilder entries = new StringBuilder();
    page.forEach(key -> entries.append(entry(key, found.get(key).bytes().length)));
    return Answer.xml(
        200,
        listing(entries.toString(), isTruncated)
            .replace(
                "</ListBucketResult>",
                isTruncated
                    ? "<NextContinuationToken>" + page.get(page.size() - 1)
                        + "</NextContinuationToken></ListBucketResult>"
                    : "</ListBucketResult>"));
  }

  /** One object of a listing. */
  static String entry(String key, int size) {
    return "<Contents><Key>" + URLEncoder.encode(key, UTF_8)
        + "</Key><LastModified>2026-02-14T14:30:45.000Z</LastModified><ETag>&quot;abc&quot;</ETag><Size>"
        + size + "</Size><StorageClass>STANDARD</StorageClass></Contents>";
  }

  /** One page of a listing. */
  static String listing(String entries, boolean isTruncated) {
    return "<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Name>" + BUCKET
        + "</Name><EncodingType>url</EncodingType><IsTruncated>" + isTruncated + "</IsTruncated>"
        + entries + "</ListBucketResult>";
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
