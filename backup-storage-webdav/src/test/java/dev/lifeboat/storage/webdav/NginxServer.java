package dev.lifeboat.storage.webdav;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** nginx with its dav module and the one that lists, of Debian. */
final class NginxServer implements DavServer {
  private static final Path LISTING = Path.of("/usr/lib/nginx/modules/ngx_http_dav_ext_module.so");

  private final int port;
  private final Path files;
  private final Daemon daemon;

  NginxServer(Path directory) throws IOException {
    String nginx = Daemon.installed("nginx", LISTING);
    port = Daemon.freePort();
    files = DavServer.in(directory);
    Files.writeString(directory.resolve("passwords"), Daemon.passwordLine());
    String user = System.getProperty("user.name").equals("root") ? "user root;" : "";
    Path configuration = Files.writeString(directory.resolve("nginx.conf"), String.join(
        "\n",
        "load_module " + LISTING + ";",
        user,
        "daemon off;",
        "worker_processes 2;",
        "pid " + directory.resolve("pid") + ";",
        "error_log " + directory.resolve("errors") + ";",
        "events {}",
        "http {",
        "  access_log off;",
        "  client_body_temp_path " + directory.resolve("bodies") + ";",
        "  proxy_temp_path " + directory.resolve("proxy") + ";",
        "  fastcgi_temp_path " + directory.resolve("fastcgi") + ";",
        "  uwsgi_temp_path " + directory.resolve("uwsgi") + ";",
        "  scgi_temp_path " + directory.resolve("scgi") + ";",
        "  server {",
        "    listen 127.0.0.1:" + port + ";",
        "    root " + directory.resolve("files") + ";",
        "    auth_basic backups;",
        "    auth_basic_user_file " + directory.resolve("passwords") + ";",
        "    client_max_body_size 0;",
        "    location / {",
        "      dav_methods PUT DELETE MKCOL COPY MOVE;",
        "      dav_ext_methods PROPFIND OPTIONS;",
        "      create_full_put_path off;",
        "    }",
        "  }",
        "}",
        ""));
    daemon = Daemon.start(directory, port, Map.of(), nginx, "-c", configuration.toString());
  }

  @Override
  public URI uri() {
    return URI.create("http://127.0.0.1:" + port + "/backups/");
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
