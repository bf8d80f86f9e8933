package dev.lifeboat.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** One request and its answer, on their way through a {@link FaultProxy}. For one thread. */
final class ProxyExchange implements Closeable {
  private static final byte[] GO_ON = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(ISO_8859_1);

  private final FaultProxy proxy;
  private final CountDownLatch healed;
  private final HttpHead request;
  private final HttpBody body;
  private final OutputStream toClient;
  private final Map<HttpFault.Way, UnaryOperator<OutputStream>> passes =
      new EnumMap<>(HttpFault.Way.class);
  private Optional<Socket> server = Optional.empty();
  private InputStream fromServer = InputStream.nullInputStream();
  private boolean last;
  private boolean met;

  ProxyExchange(
      FaultProxy proxy,
      CountDownLatch healed,
      HttpHead request,
      InputStream fromClient,
      OutputStream toClient)
      throws IOException {
    this.proxy = proxy;
    this.healed = healed;
    this.body = HttpBody.ofRequest(request, fromClient);
    this.toClient = toClient;
    this.last = request.says("Connection", "close");
    boolean waits = request.says("Expect", "100-continue");
    this.request = waits ? request.without("Expect") : request;
    if (waits) {
      toClient.write(GO_ON);
    }
  }

  /** Whether no request follows on this connection. */
  boolean isLast() {
    return last;
  }

  URI server() {
    return proxy.server();
  }

  /** Counts the fault as one that happened. */
  void met() {
    if (!met) {
      met = true;
      proxy.countFault();
    }
  }

  /** Ends the connection when the proxy is healed or closed meanwhile. */
  void pause(Duration pause) throws IOException {
    if (await(pause.toNanos())) {
      throw new Severed(HttpFault.Ending.RESET);
    }
  }

  /** Until the proxy is healed or closed. */
  void hold() {
    boolean unused = await(Long.MAX_VALUE);
  }

  /** Whether it was healed or closed in time. */
  private boolean await(long nanos) {
    try {
      return healed.await(nanos, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  void passThrough(HttpFault.Way way, UnaryOperator<OutputStream> pass) {
    passes.put(way, pass);
  }

  /** As if nobody stood between. */
  void forward() throws IOException {
    send();
    HttpHead head = receive();
    HttpBody content = HttpBody.ofReply(request.word(0), head, fromServer);
    last |= content.endsTheConnection() || head.says("Connection", "close");
    OutputStream out = passed(HttpFault.Way.TO_CLIENT, toClient);
    out.write(head.bytes());
    content.transferTo(out);
    out.flush();
  }

  /** The whole request, to the server. */
  void send() throws IOException {
    OutputStream out = passed(HttpFault.Way.TO_SERVER, connected(server()).getOutputStream());
    out.write(request.bytes());
    body.transferTo(out);
    out.flush();
  }

  /** The head of the server's answer. */
  HttpHead receive() throws IOException {
    HttpHead head;
    do {
      head = HttpHead.read(fromServer)
          .orElseThrow(() -> new EOFException("the server gave no answer"));
    } while (head.word(1).startsWith("1"));
    return head;
  }

  /** The server's whole answer. */
  HttpReply reply() throws IOException {
    HttpHead head = receive();
    return new HttpReply(
        head, HttpBody.ofReply(request.word(0), head, fromServer).read());
  }

  /** Reads the request to its end. */
  void drain() throws IOException {
    body.transferTo(OutputStream.nullOutputStream());
  }

  void write(byte[] bytes) throws IOException {
    toClient.write(bytes);
    toClient.flush();
  }

  /** Not by the server. */
  void answer(HttpReply reply) throws IOException {
    met();
    write(reply.bytes(request.word(0)));
  }

  /** Stores what is kept of the body, and says that all is stored. */
  void lie(UnaryOperator<byte[]> kept, URI door) throws IOException {
    byte[] content = kept.apply(body.read());
    HttpHead head = new HttpHead(aboutTheObject())
        .with("Host", door.getAuthority())
        .with("Content-Length", Integer.toString(content.length))
        .with("Connection", "close");
    Optional<String> authorization = request.header("Authorization");
    if (door.equals(server()) && authorization.isPresent()) {
      head = head.with("Authorization", authorization.get());
    }
    OutputStream out = connected(door).getOutputStream();
    out.write(Samples.joined(head.bytes(), content));
    out.flush();
    reply();
    answer(HttpReply.status(201));
  }

  /** The first line and what the server keeps with the body; nothing that speaks of the bytes that are not sent. */
  private List<String> aboutTheObject() {
    return request.lines().stream()
        .filter(line -> line.equals(request.first())
            || line.regionMatches(true, 0, "Content-Type:", 0, 13)
            || line.regionMatches(true, 0, "x-amz-meta-", 0, 11))
        .toList();
  }

  private OutputStream passed(HttpFault.Way way, OutputStream out) {
    return passes.getOrDefault(way, UnaryOperator.identity()).apply(out);
  }

  private Socket connected(URI to) throws IOException {
    Socket socket = proxy.connect(to);
    server = Optional.of(socket);
    fromServer = new BufferedInputStream(socket.getInputStream());
    return socket;
  }

  /** Ends the connection to the server, if there is one, by a FIN or an RST. */
  void end(HttpFault.Ending ending) throws IOException {
    if (server.isPresent() && ending == HttpFault.Ending.RESET) {
      server.get().setSoLinger(true, 0);
    }
    close();
  }

  @Override
  public void close() throws IOException {
    if (server.isPresent()) {
      server.get().close();
      proxy.forget(server.get());
    }
  }
}
