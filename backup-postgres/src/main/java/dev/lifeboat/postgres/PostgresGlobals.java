package dev.lifeboat.postgres;

import dev.lifeboat.source.BackupSource;
import dev.lifeboat.source.RestoreTarget;
import dev.lifeboat.source.Snapshot;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a cluster of PostgreSQL keeps outside its databases: roles, their memberships and settings, tablespaces. A dump of a
 * database names its owners and grantees and does not make them; on an empty server these must be there first.
 *
 * <pre>{@code
 * .source(PostgresGlobals.of("cluster", connection))
 * }</pre>
 *
 * <p>The content is the SQL of {@code pg_dumpall --globals-only}, made while it is opened; passwords are left out unless
 * {@link #withPasswords} is said. {@code pg_dumpall} knows no snapshot: who changes roles while it runs, for some tenths of
 * a second, may be in it by half.
 *
 * <p>It is never restored into a cluster, where other applications have their roles too: its target proves the content,
 * for drills, and applies nothing, which it says in the log. {@code Backups.open(id, name)} gives the SQL, to be read by a person and run with
 * {@code psql}.
 *
 * <p>Immutable and safe for several threads; the methods that look like setters give a changed copy.
 */
public final class PostgresGlobals implements BackupSource {
  static final String TYPE = "pgglobals";

  private final String name;
  private final PostgresConnection connection;
  private final Optional<Path> client;
  private final Duration deadline;
  private final boolean passwords;

  private PostgresGlobals(
      String name,
      PostgresConnection connection,
      Optional<Path> client,
      Duration deadline,
      boolean passwords) {
    this.name = Objects.requireNonNull(name, "name");
    this.connection = Objects.requireNonNull(connection, "connection");
    this.client = client;
    this.deadline = deadline;
    this.passwords = passwords;
  }

  /**
   * The roles and tablespaces of the server that a connection leads to, whatever its database.
   *
   * @param name the component's name, see {@link BackupSource#name()}
   */
  public static PostgresGlobals of(String name, PostgresConnection connection) {
    return new PostgresGlobals(name, connection, Optional.empty(), Duration.ofMinutes(10), false);
  }

  /**
   * With the hashes of the roles' passwords, so that they can log in again. They are as good as passwords to who has a
   * dictionary: encrypt the backup. Only a superuser can read them.
   */
  public PostgresGlobals withPasswords() {
    return new PostgresGlobals(name, connection, client, deadline, true);
  }

  /** Where {@code pg_dumpall} is; see {@link PostgresSource#client}. */
  public PostgresGlobals client(Path directory) {
    Objects.requireNonNull(directory, "directory");
    return new PostgresGlobals(name, connection, Optional.of(directory), deadline, passwords);
  }

  /**
   * How long {@code pg_dumpall} may take. Default: 10 minutes. Then it is killed, and the backup fails.
   *
   * @throws IllegalArgumentException if it is not positive, or more than 20 days
   */
  public PostgresGlobals deadline(Duration duration) {
    Objects.requireNonNull(duration, "duration");
    DumpOptions.requirePositive(duration, "deadline");
    return new PostgresGlobals(name, connection, client, duration, passwords);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String type() {
    return TYPE;
  }

  /** {@code sql}. */
  @Override
  public String suffix() {
    return "sql";
  }

  /**
   * {@inheritDoc}
   *
   * @throws java.net.ConnectException if the server cannot be reached
   * @throws java.nio.file.AccessDeniedException if it does not let us in
   * @throws IOException if there is no {@code pg_dumpall} that fits the server, or it fails
   */
  @Override
  public Snapshot open(Path scratch) throws IOException {
    Objects.requireNonNull(scratch, "scratch");
    try (Session session = connection.open()) {
      ClientSearch search =
          client.isPresent() ? ClientSearch.in(client.get()) : ClientSearch.everywhere();
      Client found = search.find(session.server());
      Path program = found.program("pg_dumpall");
      if (!Files.isExecutable(program)) {
        throw new IOException("There is no pg_dumpall beside pg_dump " + found.dump() + " in "
            + found.directory() + ". Nothing was read.");
      }
      Path sql = scratch.resolve("globals.sql");
      dump(session, program, sql, scratch);
      return new GlobalsSnapshot(
          sql,
          GlobalsSql.facts(sql, session.place())
              .note("PostgreSQL version", session.server().toString())
              .note("pg_dumpall version", found.dump().toString())
              .note("passwords", passwords ? "included" : "left out"));
    }
  }

  private void dump(Session session, Path program, Path sql, Path scratch) throws IOException {
    try (ClientLogin login = connection.clientLogin(session, connection.database(), scratch);
        OutputStream out = Files.newOutputStream(
            Files.createFile(sql, PrivateFile.attributes(scratch)), StandardOpenOption.WRITE)) {
      List<String> arguments = new ArrayList<>(List.of("--globals-only", "--no-password"));
      if (!passwords) {
        arguments.add("--no-role-passwords");
      }
      arguments.add("--dbname=" + login.conninfo());
      try (Child child =
          Child.start(new Command(program, arguments, deadline), in -> in.transferTo(out))) {
        Ended ended = child.await();
        if (!ended.isGood()) {
          throw new IOException(
              "The dump of the roles of " + session.place() + " failed: " + ended.failure()
                  + ". Nothing of it was kept.",
              ended.output());
        }
      }
    }
  }

  /** Proves what is restored, and applies nothing. */
  @Override
  public RestoreTarget target() {
    return new GlobalsTarget(connection.where());
  }

  /** Its name. */
  @Override
  public String toString() {
    return "PostgresGlobals[" + name + "]";
  }
}
