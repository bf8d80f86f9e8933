package dev.lifeboat.storage.webdav;

import dev.lifeboat.sink.Content;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Sends requests and gives their answers, whatever these are. Never follows a redirect. */
final class Server {
  private static final Duration CONNECT = Duration.ofSeconds(30);

  private final Optional<HttpClient> hosts;
  private final Credentials credentials;
  private final boolean plainHttp;
  private @Nullable HttpClient own; // guarded by this

  Server(Optional<HttpClient> hosts, Credentials credentials, boolean plainHttp) {
    this.hosts = hosts;
    this.credentials = credentials;
    this.plainHttp = plainHttp;
  }

  Server with(HttpClient client) {
    return new Server(Optional.of(client), credentials, plainHttp);
  }

  Server with(Credentials others) {
    return new Server(hosts, others, plainHttp);
  }

  Server withPlainHttp() {
    return new Server(hosts, credentials, true);
  }

  /** A request without a body. */
  Answer send(Call call, String method, URI uri, Map<String, String> headers) throws IOException {
    return exchange(call, request(call, method, uri, headers, BodyPublishers.noBody()), null, null);
  }

  /** A request with a body of a few bytes of XML. */
  Answer send(Call call, String method, URI uri, Map<String, String> headers, String xml)
      throws IOException {
    BodyPublisher body = BodyPublishers.ofByteArray(xml.getBytes(StandardCharsets.UTF_8));
    return exchange(call, request(call, method, uri, headers, body), null, null);
  }

  /**
   * A PUT with a Content-Length, and never in chunks: servers are known that keep nothing of those and say 201.
   *
   * @throws ContentFailedException if it was the content that failed
   */
  Answer put(Call call, URI uri, Content content) throws IOException {
    Upload upload = new Upload(call, content.digest());
    BodyPublisher body = upload;
    if (content.size() == 0) {
      upload.requireEmpty(content);
      body = BodyPublishers.noBody();
    }
    Map<String, String> headers = Map.of("Content-Type", "application/octet-stream");
    return exchange(call, request(call, "PUT", uri, headers, body), upload, content);
  }

  private HttpRequest.Builder request(
      Call call, String method, URI uri, Map<String, String> headers, BodyPublisher body)
      throws IOException {
    if (!plainHttp && !"https".equals(uri.getScheme())) {
      throw new AccessDeniedException(
          call.place(),
          null,
          call.reason(
              "plain http shows credentials and backups to everybody on the way, so it is refused;"
                  + " use https, or allowPlainHttp()"));
    }
    // a version of its own: what the host's client prefers may be HTTP/2
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri).version(HttpClient.Version.HTTP_1_1).method(method, body);
    headers.forEach(request::setHeader);
    return request;
  }

  private Answer exchange(
      Call call, HttpRequest.Builder builder, @Nullable Upload upload, @Nullable Content content)
      throws IOException {
    Optional<String> authorization = credentials.header();
    authorization.ifPresent(header -> builder.setHeader("Authorization", header));
    HttpRequest request = builder.build();
    CompletableFuture<HttpResponse<Download>> answer =
        client().sendAsync(request, info -> new Download(call));
    CompletableFuture<?> unused = answer.whenComplete((response, failure) -> call.wake());
    try {
      while (upload != null && content != null && isBodyAsked(call, upload, answer)) {
        upload.send(content, answer::isDone);
      }
      call.await("the answer to " + request.method(), answer::isDone);
    } catch (IOException | RuntimeException | Error e) {
      if (!answer.cancel(true) && !answer.isCompletedExceptionally()) {
        answer.join().body().close();
      }
      throw e;
    }
    return new Answer(call, request.method(), response(call, answer), authorization);
  }

  private static boolean isBodyAsked(Call call, Upload upload, CompletableFuture<?> answer)
      throws IOException {
    call.await("the answer to PUT", () -> answer.isDone() || upload.isAsked());
    return !answer.isDone();
  }

  private static HttpResponse<Download> response(
      Call call, CompletableFuture<HttpResponse<Download>> answer) throws IOException {
    try {
      return answer.get();
    } catch (ExecutionException e) {
      throw Trouble.unreachable(call, e.getCause() == null ? e : e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(call.message("interrupted"), e);
    }
  }

  private HttpClient client() {
    return hosts.orElseGet(this::own);
  }

  /** Made when first needed. It cannot be closed before Java 21; its threads end when nobody refers to it. */
  private synchronized HttpClient own() {
    if (own == null) {
      own = HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(CONNECT)
          .build();
    }
    return own;
  }
}
