package dev.lifeboat.testkit;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;
import java.util.function.Predicate;

/**
 * An HTTP/1.1 server on loopback that passes all it is asked on to a real one there, and misbehaves as a test tells it.
 *
 * <pre>{@code
 * try (FaultProxy proxy = FaultProxy.before(server)) {
 *   BackupSink sink = WebDavSink.at(proxy.endpoint());
 *   proxy.failing(request -> request.is("PUT"), 1, HttpFault.swallowed(Ending.RESET))
 *       .failingFrom(4, HttpFault.answered(HttpReply.status(401)));
 *   ...
 *   assertEquals(2, proxy.faults());
 * }
 * }</pre>
 *
 * <p>Requests keep the {@code Host} that the client sent, so what is signed stays signed. Each goes to the server on a
 * connection of its own; the client's is kept. Everything may be added while the proxy is in use; of several faults for
 * one request the first that was added is met. Safe for several threads. Its own threads end with {@link #close}.
 */
public final class FaultProxy implements Closeable {
  private static final int PATIENCE_MILLIS = 60_000;

  private final URI server;
  private final ServerSocket door;
  private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
    Thread thread = new Thread(task, "fault proxy");
    thread.setDaemon(true);
    return thread;
  });
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final List<ProxiedRequest> requests = new ArrayList<>();
  private final List<Rule> rules = new CopyOnWriteArrayList<>();
  private final AtomicInteger faults = new AtomicInteger();
  private CountDownLatch healed = new CountDownLatch(1);

  private FaultProxy(URI server) throws IOException {
    this.server = server;
    this.door = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    threads.execute(this::accept);
  }

  /**
   * In front of this server, on a free port of 127.0.0.1.
   *
   * @param server {@code http://127.0.0.1:8080/dav/}; nothing need listen there if nothing is passed on
   * @throws IllegalArgumentException if it is not plain http with a port
   */
  public static FaultProxy before(URI server) throws IOException {
    Objects.requireNonNull(server, "server");
    if (!"http".equals(server.getScheme()) || server.getPort() < 0) {
      throw new IllegalArgumentException("must be http with a port, was " + server);
    }
    return new FaultProxy(server);
  }

  /** What the server is called by way of this proxy: its URI with another port. */
  public URI endpoint() {
    String path = server.getRawPath() == null ? "" : server.getRawPath();
    return URI.create("http://127.0.0.1:" + door.getLocalPort() + path);
  }

  /** What it is in front of. */
  public URI server() {
    return server;
  }

  /** The n-th request, counted from now and from 1, meets this. */
  public FaultProxy failing(int nth, HttpFault fault) {
    return failing(request -> true, nth, fault);
  }

  /** The n-th request, counted from now and from 1, and all that follow meet this. */
  public FaultProxy failingFrom(int nth, HttpFault fault) {
    return failingFrom(request -> true, nth, fault);
  }

  /** The n-th request of those that {@code which} accepts, counted from now and from 1, meets this. */
  public FaultProxy failing(Predicate<ProxiedRequest> which, int nth, HttpFault fault) {
    rules.add(new Rule(which, number -> number == nth, fault));
    return this;
  }

  /** The n-th request of those that {@code which} accepts, counted from now and from 1, and all that follow meet this. */
  public FaultProxy failingFrom(Predicate<ProxiedRequest> which, int nth, HttpFault fault) {
    rules.add(new Rule(which, number -> number >= nth, fault));
    return this;
  }

  /** Forgets the script and resets what is silent or drips; counts and requests stay. */
  public FaultProxy healed() {
    synchronized (requests) {
      rules.clear();
      healed.countDown();
      healed = new CountDownLatch(1);
    }
    return this;
  }

  /** How many faults have happened: a connection that was to end after more bytes than there are did not end. */
  public int faults() {
    return faults.get();
  }

  /** All requests so far, in the order they came; those that never came whole have their head here. */
  public List<ProxiedRequest> requests() {
    synchronized (requests) {
      return List.copyOf(requests);
    }
  }

  /** Closes all connections and waits until its threads have ended. */
  @Override
  public void close() throws IOException {
    door.close();
    healed();
    threads.shutdownNow();
    for (Socket socket : sockets) {
      socket.close();
    }
    try {
      if (!threads.awaitTermination(60, TimeUnit.SECONDS)) {
        throw new AssertionError("a thread of the proxy does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What a request is to meet, and what tells when the proxy has been healed of it. */
  record Meeting(HttpFault fault, CountDownLatch healed) {}

  /** What the script has for this request, which is one more. */
  Meeting meeting(ProxiedRequest request) {
    synchronized (requests) {
      requests.add(request);
      HttpFault fault = HttpFault.NONE;
      for (Rule rule : rules) {
        if (rule.accepts(request) && fault == HttpFault.NONE) {
          fault = rule.fault();
        }
      }
      return new Meeting(fault, healed);
    }
  }

  void countFault() {
    faults.incrementAndGet();
  }

  Socket connect(URI to) throws IOException {
    return adopted(new Socket(InetAddress.getLoopbackAddress(), to.getPort()));
  }

  /** To be closed with the proxy. */
  private Socket adopted(Socket socket) throws IOException {
    sockets.add(socket);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(PATIENCE_MILLIS);
    if (door.isClosed()) {
      socket.close();
    }
    return socket;
  }

  void forget(Socket socket) {
    sockets.remove(socket);
  }

  private void accept() {
    while (!door.isClosed()) {
      try {
        Socket client = adopted(door.accept());
        threads.execute(new ProxyConnection(this, client));
      } catch (IOException | RejectedExecutionException e) {
        return; // closed
      }
    }
  }

  /** Counts the requests that it is about. */
  private static final class Rule {
    private final Predicate<ProxiedRequest> which;
    private final IntPredicate numbers;
    private final HttpFault fault;
    private int number;

    Rule(Predicate<ProxiedRequest> which, IntPredicate numbers, HttpFault fault) {
      this.which = Objects.requireNonNull(which, "which");
      this.numbers = numbers;
      this.fault = Objects.requireNonNull(fault, "fault");
    }

    boolean accepts(ProxiedRequest request) {
      return which.test(request) && numbers.test(++number);
    }

    HttpFault fault() {
      return fault;
    }
  }
}
