package dev.lifeboat.postgres;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What an archive is going to make, as pg_restore prints it, entry by entry. */
final class Contents {
  private static final String NAME = "(?:\"(?:[^\"]|\"\")*\"|[^\\s,;\"]+)";
  private static final Pattern HEADER =
      Pattern.compile("-- Name: (.*); Type: (.*); Schema: (.*); Owner: (.*?)(?:; Tablespace: .*)?");
  private static final Pattern GRANT =
      Pattern.compile(" (?:TO|FROM) (" + NAME + ")(?: WITH GRANT OPTION)?(?: GRANTED BY .*)?;$");
  private static final Pattern FOR_ROLE =
      Pattern.compile("^ALTER DEFAULT PRIVILEGES FOR ROLE (" + NAME + ") ");
  private static final Pattern CREATE_SCHEMA = Pattern.compile("CREATE SCHEMA (" + NAME + ");");
  private static final Pattern POLICY = Pattern.compile(
      "^CREATE POLICY .*? TO (" + NAME + "(?:, " + NAME + ")*)(?: USING | WITH CHECK |;)");

  /** What says something of an object and is none. */
  private static final Set<String> REMARKS = Set.of(
      "ACL",
      "DEFAULT ACL",
      "COMMENT",
      "SECURITY LABEL",
      "SEQUENCE SET",
      "SEQUENCE OWNED BY",
      "TABLE ATTACH",
      "INDEX ATTACH",
      "ROW SECURITY",
      "DEFAULT",
      "TABLE DATA",
      "STATISTICS DATA",
      "MATERIALIZED VIEW DATA");

  private final SortedSet<String> objects = new TreeSet<>();
  private final SortedSet<String> roles = new TreeSet<>();
  private final SortedSet<String> extensions = new TreeSet<>();
  private final SortedSet<String> subscriptions = new TreeSet<>();
  private final SortedMap<String, String> schemas = new TreeMap<>();
  private final SortedSet<String> schemasUsed = new TreeSet<>();
  private String type = "";
  private String owner = "";

  private Contents() {}

  static Contents of(Client client, Path file, List<String> chosen, Duration deadline)
      throws IOException {
    List<String> arguments = new ArrayList<>(List.of("--schema-only", "--file=-"));
    arguments.addAll(chosen);
    arguments.add(file.toString());
    Contents contents = new Contents();
    Command command = new Command(client.program("pg_restore"), arguments, deadline);
    try (Child child = Child.start(command, contents::read)) {
      Ended ended = child.await();
      if (!ended.isGood()) {
        throw new IOException(
            "The archive cannot be read: " + ended.failure() + ". Nothing was changed.",
            ended.output());
      }
    }
    return contents;
  }

  private void read(InputStream script) throws IOException {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(script, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.startsWith("-- Name: ")) {
        entry(line);
      } else if (type.endsWith("ACL")) {
        privileges(line);
      } else if (type.equals("POLICY")) {
        policy(line);
      } else if (type.equals("SCHEMA")) {
        schema(line);
      }
    }
  }

  private void entry(String line) {
    Matcher matcher = HEADER.matcher(line);
    if (!matcher.matches()) {
      return;
    }
    String name = matcher.group(1);
    type = matcher.group(2);
    owner = matcher.group(4);
    if (!owner.equals("-") && !owner.isEmpty()) {
      roles.add(owner);
    }
    if (!REMARKS.contains(type)) {
      String schema = matcher.group(3);
      objects.add(type + " " + (schema.equals("-") ? "" : TableName.shown(schema) + ".") + name);
    }
    if (!matcher.group(3).equals("-")) {
      schemasUsed.add(matcher.group(3));
    }
    if (type.equals("EXTENSION")) {
      extensions.add(name);
    } else if (type.equals("SUBSCRIPTION")) {
      subscriptions.add(name);
    }
  }

  private void privileges(String line) {
    Matcher grant = GRANT.matcher(line);
    if (grant.find()) {
      role(grant.group(1));
    }
    Matcher maker = FOR_ROLE.matcher(line);
    if (maker.find()) {
      role(maker.group(1));
    }
  }

  /** An entry for a schema that every new database has may do no more than change its owner. */
  private void schema(String line) {
    Matcher made = CREATE_SCHEMA.matcher(line);
    if (made.matches()) {
      schemas.put(name(made.group(1)), owner);
    }
  }

  private void policy(String line) {
    Matcher matcher = POLICY.matcher(line);
    if (matcher.find()) {
      Matcher each = Pattern.compile(NAME).matcher(matcher.group(1));
      while (each.find()) {
        role(each.group());
      }
    }
  }

  private void role(String quoted) {
    if (!quoted.equals("PUBLIC")) {
      roles.add(name(quoted));
    }
  }

  /** The name that SQL's identifier means. */
  static String name(String identifier) {
    return identifier.startsWith("\"")
        ? identifier.substring(1, identifier.length() - 1).replace("\"\"", "\"")
        : identifier;
  }

  /** Kind, schema and name of each, for people and to be compared. */
  SortedSet<String> objects() {
    return objects;
  }

  /** Owners, and who is granted something or has a policy. */
  SortedSet<String> roles() {
    return roles;
  }

  SortedSet<String> extensions() {
    return extensions;
  }

  SortedSet<String> subscriptions() {
    return subscriptions;
  }

  /** Those of these that it makes, with their owners; a backup of chosen schemas makes even {@code public}. */
  Map<String, String> schemasAmong(Set<String> there) {
    Map<String, String> among = new TreeMap<>(schemas);
    among.keySet().retainAll(there);
    return among;
  }

  /** Those that something is made in, and that must be there: a backup of tables comes without any. */
  SortedSet<String> schemasNeeded() {
    SortedSet<String> needed = new TreeSet<>(schemasUsed);
    needed.removeAll(schemas.keySet());
    needed.removeIf(name -> name.startsWith("pg_") || name.equals("information_schema"));
    return needed;
  }
}
