package dev.lifeboat.storage.webdav;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

/** A real WebDAV server on 127.0.0.1 over a directory, started for a test and stopped by it. */
public interface DavServer extends AutoCloseable {
  /** Who may use it. */
  String USER = "alice";

  /** Her password. */
  String PASSWORD = "correct horse";

  /** Of a collection, which is there. */
  URI uri();

  /** Where it keeps that collection's files. */
  Path files();

  /** Makes a directory of ours, with all that is in it, one that the server may write to. */
  default void give(Path directory) throws IOException {}

  @Override
  void close() throws IOException;

  /** A sink in a collection below, with the right credentials; {@code ""} for that collection itself. */
  default WebDavSink sink(String below) {
    return WebDavSink.at(uri().resolve(below))
        .basic(USER, PASSWORD::toCharArray)
        .allowPlainHttp();
  }

  /** Makes a collection. */
  default WebDavSink empty(String name) throws IOException {
    int status = request("MKCOL", name + "/", "");
    if (status != 201) {
      throw new IOException("MKCOL gave " + status);
    }
    return sink(name + "/");
  }

  /** Sends a plain request, none of the sink's, and gives the status. */
  default int request(String method, String below, String body) throws IOException {
    String basic = Base64.getEncoder()
        .encodeToString((USER + ":" + PASSWORD).getBytes(StandardCharsets.UTF_8));
    HttpRequest request = HttpRequest.newBuilder(URI.create(uri() + below))
        .version(HttpClient.Version.HTTP_1_1)
        .header("Authorization", "Basic " + basic)
        .method(
            method,
            body.isEmpty()
                ? HttpRequest.BodyPublishers.noBody()
                : HttpRequest.BodyPublishers.ofString(body))
        .build();
    try {
      return HttpClient.newHttpClient()
          .send(request, HttpResponse.BodyHandlers.discarding())
          .statusCode();
    } catch (InterruptedException e) {
      throw new InterruptedIOException();
    }
  }

  /** A directory for the files, in one of its own. */
  static Path in(Path directory) throws IOException {
    return Files.createDirectories(directory.resolve("files").resolve("backups"));
  }
}
