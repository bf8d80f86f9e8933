package dev.lifeboat.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a {@link FaultProxy} says in a server's place, or the server's own answer as it is rewritten. Immutable, but for
 * the bytes, which must be left alone.
 */
public final class HttpReply {
  private final HttpHead head;
  private final byte[] body;

  HttpReply(HttpHead head, byte[] body) {
    this.head = head;
    this.body = body;
  }

  /** Of this status, without headers or body. */
  public static HttpReply status(int status) {
    return new HttpReply(
        new HttpHead(List.of("HTTP/1.1 " + status + " as the test says")), new byte[0]);
  }

  /** The page of a portal that wants to know who is there: HTML, with status 200. */
  public static HttpReply loginPage() {
    return status(200)
        .header("Content-Type", "text/html; charset=utf-8")
        .body("<!DOCTYPE html><html><head><title>Welcome</title></head><body><br>"
            + "<form method=post action=/login><input name=password></form></body></html>");
  }

  /** To another place, by one of 301, 302, 303, 307 and 308. */
  public static HttpReply redirect(int status, String location) {
    return status(status).header("Location", location);
  }

  /** With this header, in place of all others of its name; the length is counted when it is sent. */
  public HttpReply header(String name, String value) {
    return new HttpReply(head.with(name, value), body);
  }

  /** With this body. */
  public HttpReply body(byte[] bytes) {
    return new HttpReply(head, bytes);
  }

  /** With this body, in UTF-8. */
  public HttpReply body(String text) {
    return body(text.getBytes(UTF_8));
  }

  /** With this part of its body, from the first byte, as if that were all. */
  public HttpReply cutTo(int length) {
    return body(Arrays.copyOf(body, Math.min(length, body.length)));
  }

  /** The status. */
  public int status() {
    return Integer.parseInt(head.word(1));
  }

  /** The body, chunks put together. */
  public byte[] body() {
    return body;
  }

  /** As it travels: with its length, unless it answers {@code HEAD} or can have none. */
  byte[] bytes(String method) {
    HttpHead sent = head.without("Transfer-Encoding");
    boolean none = status() == 204 || status() == 304;
    if (!method.equals("HEAD")) {
      sent = none
          ? sent.without("Content-Length")
          : sent.with("Content-Length", Integer.toString(body.length));
    }
    return none || method.equals("HEAD") ? sent.bytes() : Samples.joined(sent.bytes(), body);
  }

  /** What the headers are, for a look. */
  public List<String> headers() {
    List<String> lines = new ArrayList<>(head.lines());
    lines.remove(0);
    return lines;
  }

  @Override
  public String toString() {
    return head.first() + ", " + body.length + " bytes";
  }
}
