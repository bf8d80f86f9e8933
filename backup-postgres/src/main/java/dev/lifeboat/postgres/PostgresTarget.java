package dev.lifeboat.postgres;

import dev.lifeboat.catalog.Text;
import dev.lifeboat.source.Facts;
import dev.lifeboat.source.RestoreTarget;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A PostgreSQL database that a backup is brought back into: one {@linkplain #live in use}, or a {@linkplain #database new
 * one} of a name that none has.
 *
 * <p>A live database is <b>swapped</b>, where the role may create databases, owns this one and may end sessions: the
 * content is restored into a new database {@code <name>_restore_<id>} with the encoding, collation, owner, tablespace,
 * privileges, comment and settings of the live one, and proven there. Then nobody can connect for a moment, all sessions
 * are ended, and two renames in one transaction make the new one live. The old one stays as {@code <name>_before_<id>}
 * until {@link #dropKept}.
 *
 * <p>Elsewhere, as on most managed servers, it is restored <b>in place</b>: {@code pg_restore --single-transaction
 * --clean --if-exists} into the live database, after a dump of it into the staging directory, by which it can be undone.
 * The application must stand still meanwhile, and sessions that hold locks keep it waiting.
 *
 * <p>{@code pg_restore} never gets a network stream, a password in its arguments or environment, or plain SQL. What a
 * host that was killed has left is tidied up by {@link #undo} and {@link #discard} over the same staging directory, and
 * by the next restore of the same database.
 *
 * <p>Immutable and safe for several threads; the methods that look like setters give a changed copy.
 */
public final class PostgresTarget implements RestoreTarget {
  /** The host's own proof of a restored database, before it is live. */
  @FunctionalInterface
  public interface Check {
    /**
     * Looks into it, and throws if it is not as it must be; unchecked exceptions and assertion errors count too.
     *
     * @param restored read-only, not to be kept
     * @throws SQLException if the check does not hold
     */
    void on(Connection restored) throws SQLException;
  }

  private final PostgresConnection connection;
  private final Optional<String> name;
  private final boolean replacing;
  private final RestoreOptions options;

  private PostgresTarget(
      PostgresConnection connection,
      Optional<String> name,
      boolean replacing,
      RestoreOptions options) {
    this.connection = Objects.requireNonNull(connection, "connection");
    this.name = name;
    this.replacing = replacing;
    this.options = options;
  }

  /**
   * The database that a connection leads to; if it is missing, it is made. Owners and privileges are kept.
   *
   * @param connection as a role that may swap it, or that owns all that is in it; {@link PostgresSource#probe} tells
   */
  public static PostgresTarget live(PostgresConnection connection) {
    return new PostgresTarget(connection, Optional.empty(), true, RestoreOptions.DEFAULT);
  }

  /**
   * A new database beside the one that a connection leads to; one that is there is refused. Owners and privileges are left
   * out.
   *
   * @throws IllegalArgumentException if the name is empty or longer than 63 bytes
   */
  public static PostgresTarget database(PostgresConnection connection, String name) {
    TableName.requireText(name, "name");
    if (name.getBytes(StandardCharsets.UTF_8).length > Marker.LONGEST_NAME) {
      throw new IllegalArgumentException(
          "name must be at most " + Marker.LONGEST_NAME + " bytes long, was " + name);
    }
    return new PostgresTarget(
        connection, Optional.of(name), false, RestoreOptions.DEFAULT.owners(false));
  }

  /**
   * Replaces the database if it is there, by a swap; the old one is kept.
   *
   * @throws IllegalStateException if this is a live database
   */
  public PostgresTarget replacing() {
    requireNew();
    return new PostgresTarget(connection, name, true, options);
  }

  /**
   * Swaps, whatever the rights seem to allow.
   *
   * @throws IllegalStateException if this is a {@link #database}
   */
  public PostgresTarget swapping() {
    return way(RestoreOptions.Way.SWAP);
  }

  /**
   * Restores in place, though swapping may be possible.
   *
   * @throws IllegalStateException if this is a {@link #database}
   */
  public PostgresTarget inPlace() {
    return way(RestoreOptions.Way.IN_PLACE);
  }

  /**
   * How many sessions put the content into a new database. Default: 2. In place it is always one.
   *
   * @throws IllegalArgumentException if it is not 1 to 64
   */
  public PostgresTarget jobs(int number) {
    return with(options.jobs(number));
  }

  /** Keeps owners and privileges, of which every role must be there. */
  public PostgresTarget withOwners() {
    return with(options.owners(true));
  }

  /** Leaves owners and privileges out: all belongs to the role that connects. */
  public PostgresTarget withoutOwners() {
    return with(options.owners(false));
  }

  /** Lets objects of the live database that the backup does not have survive a restore in place. */
  public PostgresTarget allowExtras() {
    return with(options.extras(true));
  }

  /**
   * Swaps although publications, subscriptions, replication slots or jobs hang on the live database: they stay with the
   * old one, and a slot there holds back the server's log until it is dropped.
   */
  public PostgresTarget allowReplication() {
    return with(options.replication(true));
  }

  /**
   * Restores only these schemas, into a new database. The facts of all else are taken as recorded.
   *
   * @throws IllegalStateException if this is a live database
   * @throws IllegalArgumentException if tables were chosen already
   */
  public PostgresTarget schemas(String... names) {
    requireNew();
    return with(options.chosen(options.chosen().schemas(Arrays.asList(names))));
  }

  /**
   * Restores only these tables of one schema, into a new database, without indexes and constraints, as {@code pg_restore
   * --table} has it.
   *
   * @throws IllegalStateException if this is a live database
   * @throws IllegalArgumentException if schemas were chosen already, or tables of another one
   */
  public PostgresTarget tables(String schema, String... names) {
    requireNew();
    List<TableName> tables =
        Arrays.stream(names).map(each -> new TableName(schema, each)).toList();
    return with(options.chosen(options.chosen().tables(tables)));
  }

  /**
   * Adds a check of the host, run in the restored database: before it is live, or in place at once after that, where a
   * failure brings back the old state.
   *
   * @param what what must hold, for messages: {@code "orders exist"}
   * @throws IllegalArgumentException if there is one of this name
   */
  public PostgresTarget check(String what, Check check) {
    return with(options.check(what, check));
  }

  /**
   * How long sessions are waited for that were told to end. Default: 30 s; then the old database is opened again.
   *
   * @throws IllegalArgumentException if it is not positive, or more than 20 days
   */
  public PostgresTarget patience(Duration duration) {
    return with(options.patience(Objects.requireNonNull(duration, "duration")));
  }

  /**
   * How long each run of {@code pg_restore} or {@code pg_dump} may take. Default: 24 hours; then it is killed.
   *
   * @throws IllegalArgumentException if it is not positive, or more than 20 days
   */
  public PostgresTarget deadline(Duration duration) {
    return with(options.deadline(Objects.requireNonNull(duration, "duration")));
  }

  /** Where {@code pg_dump} and {@code pg_restore} are, and nowhere else; see {@link PostgresSource#client}. */
  public PostgresTarget client(Path directory) {
    return with(options.client(Objects.requireNonNull(directory, "directory")));
  }

  /** From which database others are made and renamed. Default: {@code postgres}, or else {@code template1}. */
  public PostgresTarget maintenanceDatabase(String database) {
    TableName.requireText(database, "database");
    return with(options.maintenance(database));
  }

  PostgresTarget clock(Clock clock) {
    return with(options.clock(clock));
  }

  PostgresTarget steps(Steps steps) {
    return with(options.steps(steps));
  }

  PostgresTarget search(Optional<Path> client) {
    return client.isPresent() ? client(client.get()) : this;
  }

  /** Whether it goes to a database in use, and not to a new one. */
  boolean isLive() {
    return name.isEmpty();
  }

  @Override
  public String type() {
    return PostgresSource.TYPE;
  }

  @Override
  public String description() {
    String where = "the PostgreSQL database " + connection.where();
    if (name.isPresent()) {
      return "the database " + Text.quoted(name.get()) + " beside " + where;
    }
    return where
        + options
            .way()
            .map(way -> way == RestoreOptions.Way.SWAP ? ", by a swap" : ", in place")
            .orElse("");
  }

  /**
   * For a drill: the content is restored into a new database and proven there, also where a restore would go in place, or
   * would be refused for what is live. Where the rights do not allow that, its rows are counted in the archive. It is never
   * applied: {@link #apply} throws an {@link IllegalStateException} and changes nothing.
   */
  @Override
  public RestoreTarget thorough() {
    return with(options.drill());
  }

  /** A database that is missing, or has no tables, functions, types or large objects, holds none. */
  @Override
  public boolean holdsData() throws IOException {
    try (Session session = route().open()) {
      return session.is("""
          SELECT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                         WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND c.relpersistence <> 't')
              OR EXISTS (SELECT FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
                         WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema')
              OR EXISTS (SELECT FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
                         WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema')
              OR EXISTS (SELECT FROM pg_largeobject_metadata)""");
    } catch (IOException e) {
      if (PostgresErrors.stateOf(e).equals(PostgresErrors.NO_SUCH_DATABASE)) {
        return false;
      }
      throw e;
    }
  }

  /** On the disk of a server, which does not tell how much is free; so that is never short here. */
  @Override
  public Space spaceFor(long contentSize) throws IOException {
    long live = 0;
    if (name.isEmpty()) {
      try (Session session = connection.open()) {
        live = session.number("SELECT pg_database_size(current_database())");
      } catch (IOException e) {
        if (!PostgresErrors.stateOf(e).equals(PostgresErrors.NO_SUCH_DATABASE)) {
          throw e;
        }
      }
    }
    return new Space(Math.max(contentSize, live), Long.MAX_VALUE);
  }

  /**
   * {@inheritDoc}
   *
   * @throws java.nio.file.FileAlreadyExistsException if this is a {@link #database} that is there already
   * @throws IOException also if a role, an extension or a program is missing, the server is older than the backup's, or
   *     something hangs on the live database; the message names all of it
   */
  @Override
  public void stage(InputStream content, Facts recorded, Path directory) throws IOException {
    Staging staging = new Staging(directory);
    RestoreRoute route = route();
    RestoreOptions.Way way = route.choose(recorded, replacing);
    staging.keep(content);
    staging.keep(recorded);
    RestoreRoute.Look look = route.look(way, recorded, staging);
    staging.keep(look.plan());
    if (way == RestoreOptions.Way.IN_PLACE) {
      if (!options.isDrill()) {
        new InPlace(connection, staging, look.plan(), options).stage(look.contents());
      }
    } else {
      new Swap(connection, staging, look.plan(), options)
          .stage(look.archive(), look.contents(), look.model());
    }
  }

  @Override
  public Facts check(Path directory) throws IOException {
    Staging staging = new Staging(directory);
    RestorePlan plan = staging.requirePlan();
    if (plan.way() != RestoreOptions.Way.IN_PLACE) {
      return new Swap(connection, staging, plan, options).check();
    }
    return new InPlace(connection, staging, plan, options).check(archive(staging, plan));
  }

  @Override
  public void apply(Path directory) throws IOException {
    if (options.isDrill()) { // nobody has looked whether what is live may be replaced
      throw new IllegalStateException(
          "this target is for drills, and is never applied. Nothing was changed.");
    }
    Staging staging = new Staging(directory);
    RestorePlan plan = staging.requirePlan();
    try {
      if (plan.way() == RestoreOptions.Way.IN_PLACE) {
        Archive archive = archive(staging, plan);
        Contents contents = archive.contents(Chosen.ALL, options.deadline());
        new InPlace(connection, staging, plan, options).apply(archive, contents);
      } else {
        new Swap(connection, staging, plan, options).apply();
      }
    } catch (IOException | RuntimeException | Error e) {
      undoAfter(directory, e);
      throw e;
    }
  }

  /** What fails here too can be tried again. */
  private void undoAfter(Path directory, Throwable why) {
    boolean interrupted = Thread.interrupted();
    try {
      undo(directory);
    } catch (IOException | RuntimeException e) {
      why.addSuppressed(e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void undo(Path directory) throws IOException {
    Staging staging = new Staging(directory);
    Optional<RestorePlan> plan = staging.plan();
    if (plan.isEmpty()) {
      return;
    }
    if (plan.get().way() == RestoreOptions.Way.IN_PLACE) {
      new InPlace(connection, staging, plan.get(), options).undo();
    } else {
      new Swap(connection, staging, plan.get(), options).undo();
    }
  }

  /** Drops the new database, unless it is live, and lets all connect again. */
  @Override
  public void discard(Path directory) throws IOException {
    Staging staging = new Staging(directory);
    Optional<RestorePlan> plan = staging.plan();
    if (plan.isPresent() && plan.get().way() != RestoreOptions.Way.IN_PLACE) {
      new Swap(connection, staging, plan.get(), options).discard();
    }
  }

  /**
   * The databases that were live before restores of this one, the oldest first.
   *
   * @throws IOException if the server cannot be asked, or a restore is at work
   */
  public List<KeptDatabase> kept() throws IOException {
    try (Cluster cluster = route().cluster()) {
      return new KeptDatabases(cluster.session(), route().database()).all();
    }
  }

  /**
   * Drops those that were replaced more than 24 hours ago, and nothing else: a database without our comment, or renamed,
   * is never touched.
   *
   * @return those that were dropped
   * @throws IOException if the server cannot be asked, a restore is at work, or one cannot be dropped
   */
  public List<KeptDatabase> dropKept() throws IOException {
    return dropKept(Swap.KEPT);
  }

  /** The same, for another age. */
  public List<KeptDatabase> dropKept(Duration age) throws IOException {
    Instant limit = options.clock().instant().minus(age);
    try (Cluster cluster = route().cluster()) {
      List<KeptDatabase> dropped = new ArrayList<>();
      for (KeptDatabase each : new KeptDatabases(cluster.session(), route().database()).all()) {
        if (!each.since().isAfter(limit)) {
          cluster.drop(cluster.require(each.name()));
          dropped.add(each);
        }
      }
      return dropped;
    }
  }

  /** What it is, for people. */
  @Override
  public String toString() {
    return "PostgresTarget[" + description() + "]";
  }

  private Archive archive(Staging staging, RestorePlan plan) throws IOException {
    try (Session session = connection.open()) {
      ClientSearch search = ClientSearch.in(Path.of(plan.client()));
      return Archive.of(
          staging.archive(),
          session,
          search,
          plan.way() == RestoreOptions.Way.IN_PLACE,
          options.deadline());
    }
  }

  private RestoreRoute route() {
    return new RestoreRoute(connection, name, options);
  }

  private void requireNew() {
    if (name.isEmpty()) {
      throw new IllegalStateException("a live database is restored as a whole");
    }
  }

  private PostgresTarget way(RestoreOptions.Way way) {
    if (name.isPresent()) {
      throw new IllegalStateException("a new database is neither swapped nor restored in place");
    }
    return with(options.way(way));
  }

  private PostgresTarget with(RestoreOptions other) {
    return new PostgresTarget(connection, name, replacing, other);
  }
}
