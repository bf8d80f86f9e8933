package dev.lifeboat.storage.webdav;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/** What a server said. Whoever gets it closes it; a body that is read to its end leaves the connection to the next. */
final class Answer implements AutoCloseable {
  private static final int EXCERPT = 4096;
  private static final int DRAIN = 64 << 10;

  private final Call call;
  private final String method;
  private final HttpResponse<Download> response;
  private final Optional<String> authorization;

  Answer(
      Call call, String method, HttpResponse<Download> response, Optional<String> authorization) {
    this.call = call;
    this.method = method;
    this.response = response;
    this.authorization = authorization;
  }

  Call call() {
    return call;
  }

  String method() {
    return method;
  }

  int status() {
    return response.statusCode();
  }

  URI uri() {
    return response.uri();
  }

  Download body() {
    return response.body();
  }

  Optional<String> header(String name) {
    return response.headers().firstValue(name);
  }

  /** The Content-Length, if there is a sensible one. */
  OptionalLong length() {
    return header("Content-Length").map(Answer::number).orElse(OptionalLong.empty());
  }

  boolean isHtml() {
    return header("Content-Type").orElse("").toLowerCase(Locale.ROOT).contains("html");
  }

  /** What an error's body says to people, if anything: a line without markup, and without our credentials. */
  String excerpt() {
    String text;
    try {
      text = new String(body().readNBytes(2 * EXCERPT), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return ""; // the status says enough
    }
    String clean = redacted(text); // as a whole: half of a secret would not be known for one
    String plain = clean
        .substring(0, Math.min(clean.length(), EXCERPT))
        .replaceAll("(?s)<(style|script|title)\\b.*?</\\1>", " ")
        .replaceAll("(?s)<[^>]*>?", " ")
        .replaceAll("\\s+", " ")
        .strip();
    return Printable.of(plain);
  }

  /** A text of the server's without our credentials, should it repeat them. */
  String redacted(String text) {
    return Credentials.redacted(text, authorization);
  }

  /** Reads what little is left, so that the connection can be used again. */
  @Override
  public void close() {
    try {
      int left = DRAIN;
      byte[] buffer = new byte[4096];
      for (int n = body().read(buffer); n >= 0 && left > 0; n = body().read(buffer)) {
        left -= n;
      }
    } catch (IOException e) {
      // then it is not used again
    } finally {
      body().close();
    }
  }

  private static OptionalLong number(String text) {
    try {
      long number = Long.parseLong(text.strip());
      return number < 0 ? OptionalLong.empty() : OptionalLong.of(number);
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }
}
