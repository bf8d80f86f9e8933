package dev.lifeboat.storage.webdav;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;

/** {@code rclone serve webdav}, of Debian. */
final class RcloneServer implements DavServer {
  private final int port;
  private final Path files;
  private final Daemon daemon;

  RcloneServer(Path directory) throws IOException {
    String rclone = Daemon.installed("rclone");
    port = Daemon.freePort();
    files = DavServer.in(directory);
    daemon = Daemon.start(
        directory,
        port,
        Map.of("RCLONE_CONFIG", directory.resolve("rclone.conf").toString()),
        rclone,
        "serve",
        "webdav",
        directory.resolve("files").toString(),
        "--addr",
        "127.0.0.1:" + port,
        "--user",
        USER,
        "--pass",
        PASSWORD,
        "--baseurl",
        "/dav",
        "--dir-cache-time",
        "0s");
  }

  @Override
  public URI uri() {
    return URI.create("http://127.0.0.1:" + port + "/dav/backups/");
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
