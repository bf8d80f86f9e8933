package dev.lifeboat.storage.webdav;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Apache httpd with mod_dav, of Debian. Started by root, its workers are {@code www-data}. */
final class ApacheServer implements DavServer {
  private static final Path MODULES = Path.of("/usr/lib/apache2/modules");

  private final int port;
  private final Path files;
  private final Daemon daemon;

  ApacheServer(Path directory) throws IOException {
    String apache = Daemon.installed("apache2", MODULES.resolve("mod_dav_fs.so"));
    port = Daemon.freePort();
    files = DavServer.in(directory);
    Path locks = Files.createDirectories(directory.resolve("locks"));
    Files.writeString(directory.resolve("passwords"), Daemon.passwordLine());
    Path configuration = Files.writeString(directory.resolve("apache.conf"), String.join(
        "\n",
        Stream.concat(
                Stream.of(
                        "mpm_event", "authn_core", "authn_file", "authz_core", "authz_user", "auth_basic",
                        "dav", "dav_fs", "dir")
                    .map(module ->
                        "LoadModule " + module + "_module " + MODULES.resolve("mod_" + module + ".so")),
                Stream.of(
                    "Listen 127.0.0.1:" + port,
                    "ServerName 127.0.0.1",
                    "User www-data",
                    "Group www-data",
                    "PidFile " + directory.resolve("pid"),
                    "ErrorLog " + directory.resolve("errors"),
                    "LogLevel error",
                    "DocumentRoot " + directory.resolve("files"),
                    "DavLockDB " + locks.resolve("db"),
                    "<Location />",
                    "Dav On",
                    "DirectoryIndex disabled",
                    "AuthType Basic",
                    "AuthName backups",
                    "AuthUserFile " + directory.resolve("passwords"),
                    "Require valid-user",
                    "</Location>",
                    "")).toList()));
    if (isRoot(directory)) {
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
    }
    give(directory.resolve("files"));
    give(locks);
    give(directory.resolve("passwords"));
    daemon = Daemon.start(
        directory, port, Map.of(), apache, "-f", configuration.toString(), "-DFOREGROUND");
  }

  @Override
  public void give(Path directory) throws IOException {
    if (isRoot(directory)) {
      UserPrincipal worker =
          directory.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("www-data");
      List<Path> all;
      try (Stream<Path> walk = Files.walk(directory)) {
        all = walk.toList();
      }
      for (Path one : all) {
        Files.setOwner(one, worker);
      }
    }
  }

  private static boolean isRoot(Path directory) {
    return System.getProperty("user.name").equals("root") && Files.exists(directory);
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
