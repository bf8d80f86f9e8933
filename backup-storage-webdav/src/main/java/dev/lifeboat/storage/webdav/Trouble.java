package dev.lifeboat.storage.webdav;

import dev.lifeboat.sink.NoSpaceException;
import dev.lifeboat.sink.RetryLaterException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What a server's answers mean to whoever asked. */
final class Trouble {
  private Trouble() {}

  /** For an answer that is not the one that was wanted. Reads its body for the reason. */
  static IOException of(Answer answer) throws IOException {
    int status = answer.status() == 207 ? Multistatus.worst(answer) : answer.status();
    return of(answer, status);
  }

  private static IOException of(Answer answer, int status) {
    Call call = answer.call();
    String what = "HTTP " + status + " to " + answer.method();
    if (status >= 300 && status < 400) {
      return new IOException(call.message("the server redirects (" + what + ")" + target(answer)
          + ", and redirects are not followed; give the address that is meant"));
    }
    if (status < 300) {
      return new IOException(call.message(unexpected(answer, what)));
    }
    String excerpt = answer.excerpt();
    String said = excerpt.isEmpty() ? "" : ": " + excerpt;
    return switch (status) {
      case 401 -> denied(call, "the server does not accept the credentials (" + what + ")" + said);
      case 403 -> denied(call, "the server does not permit it (" + what + ")" + said);
      case 407 -> denied(call, "the proxy does not accept the credentials (" + what + ")" + said);
      case 404, 410 ->
        new NoSuchFileException(
            call.place(), null, call.reason("the server does not find it (" + what + ")" + said));
      case 413 ->
        new NoSpaceException(
            call.message("the server, or a proxy before it, takes no body of this size (" + what
                + "): raise its limit, or use a smaller partSize" + said),
            null);
      case 507 ->
        new NoSpaceException(
            call.message("no space left or the quota used up (" + what + ")" + said), null);
      default -> mayPass(answer, what + hint(answer.method(), status) + said);
    };
  }

  /** For what the client throws instead of an answer. */
  static IOException unreachable(Call call, Throwable failure) {
    if (failure instanceof SSLException) {
      return new IOException(
          call.message(
              "no secure connection: " + said(failure)
                  + ". A certificate authority of your own goes into the HttpClient given to client(...)"),
          failure);
    }
    return new IOException(call.message("no answer: " + said(failure)), failure);
  }

  /** An exception's own words; its name where it has none. */
  static String said(Throwable failure) {
    String message = failure.getMessage();
    return message == null ? failure.getClass().getSimpleName() : Printable.of(message);
  }

  static NoSuchFileException absent(Call call, String what) {
    return new NoSuchFileException(call.place(), null, call.reason(what));
  }

  private static AccessDeniedException denied(Call call, String what) {
    return new AccessDeniedException(call.place(), null, call.reason(what));
  }

  private static String unexpected(Answer answer, String what) {
    return answer.isHtml()
        ? "an HTML page came instead of an answer (" + what
            + "), most likely a login page; is this the" + " address of the WebDAV service?"
        : "the server's answer is not one that WebDAV knows here (" + what + ")";
  }

  private static String hint(String method, int status) {
    if (method.equals("PROPFIND") && (status == 405 || status == 501)) {
      return "; this may not be the address of a WebDAV service";
    }
    if (method.equals("MOVE") && (status == 502 || status == 400)) {
      return "; a proxy that ends TLS must also rewrite the Destination header";
    }
    return "";
  }

  private static IOException mayPass(Answer answer, String what) {
    Optional<Duration> after = retryAfter(answer);
    String message = answer.call().message(what);
    return after.isPresent()
        ? new RetryLaterException(
            message + " (asks to wait " + after.get().toSeconds() + " s)", after.get(), null)
        : new IOException(message);
  }

  /** RFC 9110, 10.2.3: seconds, or a date by the server's own clock. */
  private static Optional<Duration> retryAfter(Answer answer) {
    String value = answer.header("Retry-After").orElse("").strip();
    if (value.matches("[0-9]{1,9}")) {
      return Optional.of(Duration.ofSeconds(Long.parseLong(value)));
    }
    Instant until = HttpDate.parse(value);
    Instant now = HttpDate.parse(answer.header("Date").orElse(""));
    if (until.equals(HttpDate.UNKNOWN) || now.equals(HttpDate.UNKNOWN)) {
      return Optional.empty();
    }
    Duration wait = Duration.between(now, until);
    return Optional.of(wait.isNegative() ? Duration.ZERO : wait);
  }

  /** Where to, but no more than the origin: what comes after it may be secret. */
  private static String target(Answer answer) {
    @Nullable URI to;
    try {
      to = answer.uri().resolve(answer.header("Location").orElse(""));
    } catch (IllegalArgumentException e) {
      return "";
    }
    if (to.getHost() == null) {
      return "";
    }
    String port = to.getPort() < 0 ? "" : ":" + to.getPort();
    String origin = Printable.of(to.getScheme() + "://" + to.getHost() + port);
    boolean same = origin.equals(answer.uri().getScheme() + "://" + answer.uri().getHost()
        + (answer.uri().getPort() < 0 ? "" : ":" + answer.uri().getPort()));
    return same ? " to another path" : " to " + origin;
  }
}
