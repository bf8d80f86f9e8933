package dev.lifeboat.storage.webdav;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** sabre/dav, which Nextcloud and ownCloud are built on, of Debian, in PHP's own server, under Nextcloud's paths. */
final class SabreServer implements DavServer {
  private static final Path LIBRARY = Path.of("/usr/share/php/Sabre/autoload.php");
  private static final String BASE = "/remote.php/dav/files/" + USER + "/";

  private final int port;
  private final Path files;
  private final Daemon daemon;

  SabreServer(Path directory) throws IOException {
    String php = Daemon.installed("php", LIBRARY);
    port = Daemon.freePort();
    files = DavServer.in(directory);
    Path script = Files.writeString(directory.resolve("index.php"), String.join(
        "\n",
        "<?php",
        "error_reporting(E_ALL & ~E_DEPRECATED & ~E_WARNING & ~E_NOTICE);",
        "ini_set('display_errors', '0');",
        "require '" + LIBRARY + "';",
        "if (($_SERVER['PHP_AUTH_USER'] ?? '') !== '" + USER + "'",
        "    || ($_SERVER['PHP_AUTH_PW'] ?? '') !== '" + PASSWORD + "') {",
        "  http_response_code(401);",
        "  header('WWW-Authenticate: Basic realm=\"backups\"');",
        "  return true;",
        "}",
        "$server = new Sabre\\DAV\\Server(new Sabre\\DAV\\FS\\Directory('"
            + directory.resolve("files") + "'));",
        "$server->setBaseUri('" + BASE + "');",
        "$locks = new Sabre\\DAV\\Locks\\Backend\\File('" + directory.resolve("locks") + "');",
        "$server->addPlugin(new Sabre\\DAV\\Locks\\Plugin($locks));",
        "$server->exec();",
        "return true;",
        ""));
    daemon = Daemon.start(
        directory,
        port,
        Map.of("PHP_CLI_SERVER_WORKERS", "4"),
        php,
        "-S",
        "127.0.0.1:" + port,
        script.toString());
  }

  @Override
  public URI uri() {
    return URI.create("http://127.0.0.1:" + port + BASE + "backups/");
  }

  @Override
  public Path files() {
    return files;
  }

  @Override
  public void close() throws IOException {
    daemon.close();
  }
}
