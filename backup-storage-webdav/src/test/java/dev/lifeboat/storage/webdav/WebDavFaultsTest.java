package dev.lifeboat.storage.webdav;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.lifeboat.testkit.HttpFaultsContract;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Before Tomcat's WebDAV. */
class WebDavFaultsTest implements HttpFaultsContract {
  @TempDir
  static Path directory;

  private static final HttpClient client = HttpClient.newHttpClient();
  private static DavServer server;
  private static int places;

  @BeforeAll
  static void start() throws IOException {
    server = new TomcatServer(directory);
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  @Override
  public URI server() {
    return server.uri();
  }

  @Override
  public Place emptyPlace() throws IOException {
    String name = "place-" + ++places;
    Files.createDirectory(server.files().resolve(name));
    return (endpoint, patience) -> WebDavSink.at(endpoint.resolve(name + "/"))
        .basic(DavServer.USER, DavServer.PASSWORD::toCharArray)
        .client(client)
        .allowPlainHttp()
        .stallTimeout(patience)
        .deadline(patience.multipliedBy(4));
  }

  @Override
  public List<String> secrets() {
    String both = DavServer.USER + ":" + DavServer.PASSWORD;
    return List.of(
        DavServer.PASSWORD, Base64.getEncoder().encodeToString(both.getBytes(UTF_8)), "Basic ");
  }

  /** A 207 to a DELETE tells of what was not deleted (RFC 4918, 9.6.1), so it is none of these. */
  @Override
  public boolean isCredible(int status) {
    return status == 200 || status == 204 || status == 404;
  }
}
