package dev.lifeboat.testkit;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.function.UnaryOperator;

/** What becomes of a request in a {@link FaultProxy}. Immutable; to be used as often as one likes. */
public final class HttpFault {
  /** Which of the two streams of bytes. */
  public enum Way {
    /** The requests. */
    TO_SERVER,
    /** The answers. */
    TO_CLIENT
  }

  /** How a connection ends, towards both sides. */
  public enum Ending {
    /** In order, by a FIN: nothing more is coming. */
    CLOSED,
    /** By an RST. */
    RESET,
    /** It does not: nothing comes any more, nothing is taken, until the proxy is healed or closed. */
    SILENT
  }

  /** How an exchange goes. */
  interface Course {
    void run(ProxyExchange exchange) throws IOException;
  }

  /** None: what a request meets of which the script does not speak. */
  static final HttpFault NONE = new HttpFault("none", ProxyExchange::forward);

  private final String what;
  private final Course course;

  private HttpFault(String what, Course course) {
    this.what = what;
    this.course = course;
  }

  /** After so many bytes of the request or of the answer, head and body counted alike, the connection ends. */
  public static HttpFault severed(Way way, long bytes, Ending ending) {
    Objects.requireNonNull(ending, "ending");
    return new HttpFault(ending + " after " + bytes + " bytes " + way, exchange -> {
      exchange.passThrough(way, out -> new SeveringOutput(out, bytes, ending));
      exchange.forward();
    });
  }

  /** The answer's head arrives, and nothing of its body. */
  public static HttpFault severedAfterHead(Ending ending) {
    Objects.requireNonNull(ending, "ending");
    return new HttpFault(ending + " after the answer's head", exchange -> {
      exchange.send();
      exchange.write(exchange.receive().bytes());
      throw new Severed(ending);
    });
  }

  /** The server does as it is asked, and its answer is swallowed. */
  public static HttpFault swallowed(Ending ending) {
    Objects.requireNonNull(ending, "ending");
    return new HttpFault(ending + ", the answer swallowed", exchange -> {
      exchange.send();
      exchange.reply();
      throw new Severed(ending);
    });
  }

  /** One byte after another, with such a pause before each; an RST when the proxy is healed or closed meanwhile. */
  public static HttpFault dripping(Way way, Duration pause) {
    Objects.requireNonNull(pause, "pause");
    return new HttpFault("a byte every " + pause + " " + way, exchange -> {
      exchange.met();
      exchange.passThrough(way, out -> new DrippingOutput(out, () -> exchange.pause(pause)));
      exchange.forward();
    });
  }

  /** The proxy answers, when it has read the request; the server is not asked. */
  public static HttpFault answered(HttpReply reply) {
    Objects.requireNonNull(reply, "reply");
    return new HttpFault("answered by " + reply, exchange -> {
      exchange.drain();
      exchange.answer(reply);
    });
  }

  /**
   * The server does as it is asked, and its answer arrives as {@code rewrite} makes it: another status, a listing cut in
   * the middle and yet well framed, another clock.
   */
  public static HttpFault rewritten(UnaryOperator<HttpReply> rewrite) {
    Objects.requireNonNull(rewrite, "rewrite");
    return new HttpFault("the answer rewritten", exchange -> {
      exchange.send();
      exchange.answer(rewrite.apply(exchange.reply()));
    });
  }

  /**
   * Says 201 to a {@code PUT}, and has stored only what {@code kept} leaves of the body: all is well framed towards the
   * server. What the server says is not told.
   */
  public static HttpFault lying(UnaryOperator<byte[]> kept) {
    Objects.requireNonNull(kept, "kept");
    return new HttpFault("a lying 201", exchange -> exchange.lie(kept, exchange.server()));
  }

  /**
   * The same by way of another door to the same store, which must ask for no credentials: where requests are signed, the
   * server itself would take nothing but the whole body.
   */
  public static HttpFault lying(UnaryOperator<byte[]> kept, URI door) {
    Objects.requireNonNull(kept, "kept");
    Objects.requireNonNull(door, "door");
    return new HttpFault("a lying 201", exchange -> exchange.lie(kept, door));
  }

  void meet(ProxyExchange exchange) throws IOException {
    course.run(exchange);
  }

  @Override
  public String toString() {
    return what;
  }
}
