package dev.lifeboat.postgres;

import dev.lifeboat.catalog.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * An archive of pg_dump, and the client that puts it into a server.
 *
 * @param client whose pg_restore reads the archive and writes into the server
 * @param server the version it was dumped from
 * @param dump the version of the pg_dump that wrote it
 */
record Archive(Path file, Client client, Version server, Version dump) {
  private static final Pattern SERVER =
      Pattern.compile(";\\s+Dumped from database version: (\\d+)(?:\\.(\\d+))?");
  private static final Pattern NUMBERS = Pattern.compile("^\\d+; \\d+ \\d+ ");
  private static final Pattern DUMP =
      Pattern.compile(";\\s+Dumped by pg_dump version: (\\d+)(?:\\.(\\d+))?");

  /**
   * Finds out what it is, and a client for it.
   *
   * @param dumping whether its pg_dump must be able to read the server too
   * @throws IOException if this server is older than the one it came from, or no pg_restore fits both
   */
  static Archive of(
      Path file, Session live, ClientSearch search, boolean dumping, Duration deadline)
      throws IOException {
    List<Client> clients = search.clients();
    Optional<Client> newest = clients.stream().max(Comparator.comparing(Client::restore));
    if (newest.isEmpty()) {
      search.find(live.server()); // tells where it looked
      throw new IOException("There is no pg_restore. Nothing was changed.");
    }
    String list = list(newest.get(), file, deadline);
    Version server = version(SERVER, list);
    Version dump = version(DUMP, list);
    if (live.server().major() < server.major()) {
      throw new IOException("The backup comes from PostgreSQL " + server + ", and "
          + live.place() + " is served by PostgreSQL " + live.server()
          + ": an older server cannot take it. Nothing was changed.");
    }
    Client client = clients.stream()
        .filter(each -> each.restore().major() >= dump.major())
        .filter(each -> each.restoresInto(live.server()))
        .filter(each -> !dumping || each.dump().major() >= live.server().major())
        .min(Comparator.comparing((Client each) -> each.restore().major())
            .thenComparing(Client::restore, Comparator.reverseOrder()))
        .orElseThrow(() -> new IOException(unfit(clients, live, dump)));
    return new Archive(file, client, server, dump);
  }

  private static String unfit(List<Client> clients, Session live, Version dump) {
    String found = String.join(
        ", ",
        clients.stream()
            .map(each ->
                each.restore() + " in " + Text.printable(each.directory().toString()))
            .toList());
    String why = live.server().major() >= 17
        ? ""
        : ", and 17 and newer cannot restore into a server before 17 without an error";
    return "No pg_restore fits: the backup was made by pg_dump " + dump + ", which an older"
        + " pg_restore cannot read, and " + live.place() + " is served by PostgreSQL "
        + live.server() + why + ". There is " + found + ". Install the client of PostgreSQL "
        + live.server().major()
        + ", and make the backup with it, or name its directory with client(…)"
        + " or PGBIN. Nothing was changed.";
  }

  private static String list(Client client, Path file, Duration deadline) throws IOException {
    Ended ended = Child.run(
        new Command(client.program("pg_restore"), List.of("--list", file.toString()), deadline));
    if (!ended.isGood()) {
      throw new IOException("The archive cannot be listed by pg_restore " + client.restore() + ": "
          + ended.failure() + ". If a newer pg_dump made it, install that one's client. Nothing was"
          + " changed.");
    }
    return ended.printed();
  }

  private static Version version(Pattern pattern, String list) throws IOException {
    Matcher matcher = pattern.matcher(list);
    if (!matcher.find()) {
      throw new IOException("The archive does not tell its version. Nothing was changed.");
    }
    String minor = matcher.group(2);
    return new Version(
        Integer.parseInt(matcher.group(1)), minor == null ? 0 : Integer.parseInt(minor));
  }

  /** What is in it, of what is chosen. */
  Contents contents(Chosen chosen, Duration deadline) throws IOException {
    return Contents.of(client, file, chosen.arguments(), deadline);
  }

  /**
   * What makes {@code pg_restore} leave out the entries that make schemas which are there already.
   *
   * @param there with their owners, as the archive has them
   * @param list is written: all other entries
   */
  List<String> without(Map<String, String> there, Path list, Duration deadline) throws IOException {
    if (there.isEmpty()) {
      return List.of();
    }
    Ended ended = Child.run(new Command(
        client.program("pg_restore"),
        List.of("--list", "--file=" + list, file.toString()),
        deadline));
    if (!ended.isGood()) {
      throw new IOException("The archive cannot be listed: " + ended.failure(), ended.output());
    }
    Set<String> entries = there.entrySet().stream()
        .map(schema -> "SCHEMA - " + schema.getKey() + " " + schema.getValue())
        .collect(Collectors.toSet());
    List<String> kept = Files.readAllLines(list).stream()
        .filter(line -> !entries.contains(NUMBERS.matcher(line).replaceFirst("")))
        .toList();
    Files.write(list, kept);
    return List.of("--use-list=" + list);
  }

  /** How many rows it holds of each table. */
  ArchivedRows rows(Chosen chosen, Duration deadline) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("--data-only", "--file=-"));
    arguments.addAll(chosen.arguments());
    arguments.add(file.toString());
    ArchivedRows rows = new ArchivedRows();
    Command command = new Command(client.program("pg_restore"), arguments, deadline);
    try (Child child = Child.start(command, rows::read)) {
      Ended ended = child.await();
      if (!ended.isGood()) {
        throw new IOException("The archive cannot be read: " + ended.failure(), ended.output());
      }
    }
    return rows;
  }
}
