package dev.lifeboat.postgres;

import dev.lifeboat.catalog.Text;
import java.io.File;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Where client programs are looked for: the directory that the host names and no other; or else {@code PGBIN}, every
 * directory of {@code PATH}, and where the usual packages put them.
 */
final class ClientSearch {
  /** Where packages install, a directory for each version; {@code *} stands for one name. */
  private static final List<String> USUAL = List.of(
      "/usr/lib/postgresql/*/bin", // Debian, Ubuntu
      "/usr/pgsql-*/bin", // Red Hat
      "/usr/libexec/postgresql*", // Alpine
      "/opt/homebrew/opt/libpq*/bin",
      "/opt/homebrew/opt/postgresql*/bin",
      "/usr/local/opt/libpq*/bin",
      "/usr/local/opt/postgresql*/bin");

  private static final Duration DEADLINE = Duration.ofSeconds(20);

  private final List<Path> directories;
  private final String places;
  private final Optional<Path> preferred;
  private final Map<Path, String> looked = new TreeMap<>();

  private ClientSearch(Collection<Path> directories, String places, Optional<Path> preferred) {
    this.directories = List.copyOf(directories);
    this.places = places;
    this.preferred = preferred;
  }

  /** Only there. */
  static ClientSearch in(Path directory) {
    Path only = directory.toAbsolutePath();
    return new ClientSearch(List.of(only), Text.printable(only.toString()), Optional.empty());
  }

  /** Wherever this machine may have them. */
  static ClientSearch everywhere() throws IOException {
    return everywhere(System.getenv(), USUAL);
  }

  static ClientSearch everywhere(Map<String, String> environment, List<String> usual)
      throws IOException {
    Set<Path> directories = new LinkedHashSet<>();
    add(directories, environment.getOrDefault("PGBIN", ""));
    Optional<Path> preferred = directories.stream().findFirst();
    for (String directory : environment.getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
      add(directories, directory);
    }
    for (String pattern : usual) {
      directories.addAll(matching(pattern));
    }
    return new ClientSearch(directories, "PGBIN, PATH and " + String.join(", ", usual), preferred);
  }

  /**
   * The client for a server: of those whose {@code pg_dump} reads it one that can also write into it, {@code PGBIN}'s
   * first, then the newest.
   *
   * @throws IOException if there is none; it tells both versions, where it looked, and what to install
   */
  Client find(Version server) throws IOException {
    List<Client> all = clients();
    Optional<Client> best = all.stream()
        .filter(client -> client.dumps(server))
        .filter(client -> FixedMinors.neededToDump(client.dump()).isEmpty())
        .min(Comparator.<Client, Boolean>comparing(client -> !client.restoresInto(server))
            .thenComparing(client -> !preferred.equals(Optional.of(client.directory())))
            .thenComparing(Client::dump, Comparator.reverseOrder()));
    return best.orElseThrow(() -> new IOException(missing(server, all)));
  }

  /** All of them, in the order of the search. */
  List<Client> clients() throws IOException {
    List<Client> clients = new ArrayList<>();
    Set<Path> seen = new HashSet<>(); // /bin is /usr/bin on many machines
    for (Path directory : directories) {
      if (Files.isExecutable(directory.resolve("pg_dump")) && seen.add(directory.toRealPath())) {
        clientIn(directory).ifPresent(clients::add);
      }
    }
    return clients;
  }

  private Optional<Client> clientIn(Path directory) throws IOException {
    if (directory.resolve("pg_dump").toRealPath().endsWith("pg_wrapper")) {
      // it goes by the clusters of this machine: another version may run than the one that it told
      looked.put(directory, "Debian's pg_wrapper, which chooses a client by itself");
      return Optional.empty();
    }
    Optional<Version> dump = version(directory.resolve("pg_dump"));
    if (dump.isEmpty()) {
      looked.put(directory, "a pg_dump that does not tell its version");
      return Optional.empty();
    }
    Optional<Version> restore = Files.isExecutable(directory.resolve("pg_restore"))
        ? version(directory.resolve("pg_restore"))
        : Optional.empty();
    if (restore.isEmpty()) {
      looked.put(directory, "pg_dump " + dump.get() + " without its pg_restore");
      return Optional.empty();
    }
    if (restore.get().isBefore(dump.get())) {
      looked.put(directory, "pg_dump " + dump.get() + " with an older pg_restore " + restore.get());
      return Optional.empty();
    }
    looked.put(directory, "pg_dump " + dump.get());
    return Optional.of(new Client(directory, dump.get(), restore.get()));
  }

  private static Optional<Version> version(Path program) throws IOException {
    try {
      Ended ended = Child.run(new Command(program, List.of("--version"), DEADLINE));
      return ended.isGood() ? Version.ofTool(ended.printed()) : Optional.empty();
    } catch (InterruptedIOException e) {
      throw e;
    } catch (IOException e) {
      return Optional.empty(); // not for this machine
    }
  }

  private String missing(Version server, List<Client> clients) {
    StringBuilder message = new StringBuilder(
        "The server is PostgreSQL " + server + ", and no pg_dump that can read it was found: ");
    if (looked.isEmpty()) {
      message.append("there is none in ").append(places);
    } else {
      List<String> found = new ArrayList<>();
      looked.forEach(
          (directory, what) -> found.add(what + " in " + Text.printable(directory.toString())));
      message.append("there is ").append(String.join(", ", found));
      message.append("; looked in ").append(places);
    }
    Optional<Version> fixed = clients.stream()
        .filter(client -> client.dumps(server))
        .flatMap(client -> FixedMinors.neededToDump(client.dump()).stream())
        .findFirst();
    message.append(". ");
    if (fixed.isPresent()) {
      message
          .append("Update it to ")
          .append(fixed.get())
          .append(
              " or newer: older ones let a table's owner run code as who dumps (CVE-2024-7348)");
    } else {
      message
          .append("Install the client of PostgreSQL ")
          .append(server.major())
          .append(" (postgresql-client-")
          .append(server.major())
          .append("), pg_dump and pg_restore, or name its directory with client(…) or PGBIN");
    }
    return message.append(". Nothing was read.").toString();
  }

  private static void add(Set<Path> directories, String directory) {
    if (!directory.isEmpty()) {
      try {
        directories.add(Path.of(directory).toAbsolutePath());
      } catch (InvalidPathException e) {
        return; // nothing lies there
      }
    }
  }

  private static List<Path> matching(String pattern) throws IOException {
    int star = pattern.indexOf('*');
    Path parent = Path.of(pattern.substring(0, pattern.lastIndexOf('/', star)));
    int next = pattern.indexOf('/', star);
    String glob =
        pattern.substring(parent.toString().length() + 1, next < 0 ? pattern.length() : next);
    String rest = next < 0 ? "" : pattern.substring(next + 1);
    List<Path> found = new ArrayList<>();
    if (Files.isDirectory(parent)) {
      try (DirectoryStream<Path> versions = Files.newDirectoryStream(parent, glob)) {
        versions.forEach(version -> found.add(version.resolve(rest)));
      } catch (DirectoryIteratorException e) {
        throw e.getCause();
      }
    }
    return found;
  }
}
