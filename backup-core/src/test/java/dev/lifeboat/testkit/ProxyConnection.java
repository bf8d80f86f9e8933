package dev.lifeboat.testkit;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Optional;

/** What a client says on one connection to a {@link FaultProxy}, from the first request to the last. */
final class ProxyConnection implements Runnable {
  private final FaultProxy proxy;
  private final Socket client;

  ProxyConnection(FaultProxy proxy, Socket client) {
    this.proxy = proxy;
    this.client = client;
  }

  @Override
  public void run() {
    try (client) {
      InputStream in = new BufferedInputStream(client.getInputStream());
      boolean more = true;
      while (more) {
        Optional<HttpHead> head = HttpHead.read(in);
        more = head.isPresent() && exchange(head.get(), in);
      }
    } catch (IOException e) {
      // the client or the server went away: the try has closed what is left
    } finally {
      proxy.forget(client);
    }
  }

  /** Whether the client may say more. */
  private boolean exchange(HttpHead head, InputStream in) throws IOException {
    FaultProxy.Meeting meeting = proxy.meeting(ProxiedRequest.of(head));
    try (ProxyExchange exchange =
        new ProxyExchange(proxy, meeting.healed(), head, in, client.getOutputStream())) {
      try {
        meeting.fault().meet(exchange);
        return !exchange.isLast();
      } catch (Severed e) {
        exchange.met();
        end(exchange, e.ending(), in);
        return false;
      }
    }
  }

  private void end(ProxyExchange exchange, HttpFault.Ending ending, InputStream in)
      throws IOException {
    switch (ending) {
      case SILENT -> {
        exchange.hold();
        client.setSoLinger(true, 0);
      }
      case RESET -> {
        exchange.end(ending);
        client.setSoLinger(true, 0);
      }
      case CLOSED -> {
        exchange.end(ending);
        client.shutdownOutput();
        in.transferTo(OutputStream.nullOutputStream()); // else the close would be a reset
      }
    }
  }
}
