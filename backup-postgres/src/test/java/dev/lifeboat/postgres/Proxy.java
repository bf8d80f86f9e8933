package dev.lifeboat.postgres;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Stands between a client and a server of this machine, and cuts all connections when told. */
final class Proxy implements Closeable {
  private final int target;
  private final ServerSocket listening;
  private final List<Socket> open = new CopyOnWriteArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicLong fromServer = new AtomicLong();
  private final long cutAfter;

  private Proxy(int target, ServerSocket listening, long cutAfter) {
    this.target = target;
    this.listening = listening;
    this.cutAfter = cutAfter;
  }

  /** @param cutAfter so many bytes of the server's, over all connections; then everything is cut */
  static Proxy to(int target, long cutAfter) throws IOException {
    Proxy proxy =
        new Proxy(target, new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), cutAfter);
    start(proxy::accept);
    return proxy;
  }

  int port() {
    return listening.getLocalPort();
  }

  /** How many connections there have been. */
  int connections() {
    return connections.get();
  }

  long bytesFromServer() {
    return fromServer.get();
  }

  /** Resets every connection; new ones are let through. */
  void cut() throws IOException {
    for (Socket socket : open) {
      try {
        socket.setSoLinger(true, 0);
      } catch (SocketException e) {
        continue; // it is closed
      }
      socket.close();
    }
    open.clear();
  }

  @Override
  public void close() throws IOException {
    listening.close();
    cut();
  }

  private void accept() throws IOException {
    while (true) {
      Socket client = listening.accept();
      Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
      connections.incrementAndGet();
      open.add(client);
      open.add(server);
      start(() -> copy(client, server, false));
      start(() -> copy(server, client, true));
    }
  }

  private void copy(Socket from, Socket to, boolean counted) throws IOException {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] buffer = new byte[16_384];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        if (counted && fromServer.addAndGet(n) > cutAfter) {
          cut();
          return;
        }
        out.write(buffer, 0, n);
      }
    }
  }

  private interface Work {
    void run() throws IOException;
  }

  private static void start(Work work) {
    Thread thread = new Thread(() -> {
      try {
        work.run();
      } catch (IOException e) {
        return; // cut, or closed
      }
    });
    thread.setDaemon(true);
    thread.start();
  }
}
