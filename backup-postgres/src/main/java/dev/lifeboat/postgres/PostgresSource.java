package dev.lifeboat.postgres;

import dev.lifeboat.source.BackupSource;
import dev.lifeboat.source.RestoreTarget;
import dev.lifeboat.source.Snapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * A live PostgreSQL database, 13 and newer, backed up by {@code pg_dump} while the application writes to it.
 *
 * <pre>{@code
 * PostgresSource.of("shop", PostgresConnection.of("db.internal", 5432, "shop", "backup").password(secrets::read))
 *     .withoutDataOf("public", "sessions");
 * }</pre>
 *
 * <p>{@link #open} fixes one committed state: a transaction of its own exports its snapshot and locks every table against
 * {@code TRUNCATE}, {@code DROP} and {@code ALTER TABLE}; reading and writing go on. {@code pg_dump} works in that very
 * snapshot, and so do the queries that count the rows. What {@code pg_dump} writes goes to the sink and at the same time
 * into a {@code pg_restore} that reads it to its end, so that a dump that was cut, whatever its exit status, never becomes a
 * backup.
 *
 * <p>The content is an archive in {@code pg_dump}'s custom format, uncompressed, for the backup compresses it; owners and
 * privileges are always in it. {@code pg_dump} and {@code pg_restore} come from the machine: see {@link #client}.
 *
 * <p>Immutable and safe for several threads; the methods that look like setters give a changed copy.
 */
public final class PostgresSource implements BackupSource {
  static final String TYPE = "pgdump";

  private static final int OLDEST_SERVER = 13;

  private final String name;
  private final PostgresConnection connection;
  private final DumpOptions options;
  private final Optional<PostgresTarget> restored;

  private PostgresSource(
      String name,
      PostgresConnection connection,
      DumpOptions options,
      Optional<PostgresTarget> restored) {
    this.name = Objects.requireNonNull(name, "name");
    this.connection = Objects.requireNonNull(connection, "connection");
    this.options = options;
    this.restored = restored;
  }

  /**
   * The database that a connection leads to, all of it.
   *
   * @param name the component's name, see {@link BackupSource#name()}
   */
  public static PostgresSource of(String name, PostgresConnection connection) {
    return new PostgresSource(name, connection, DumpOptions.DEFAULT, Optional.empty());
  }

  /**
   * Only these schemas. Without extensions, large objects and what else belongs to no schema, as {@code pg_dump -n} has
   * it. Names are taken letter by letter.
   *
   * @throws IllegalArgumentException if tables were chosen already
   */
  public PostgresSource schemas(String... names) {
    return with(options.scope().schemas(Arrays.asList(names)));
  }

  /** All but these schemas; one that is not there does no harm. */
  public PostgresSource withoutSchemas(String... names) {
    return with(options.scope().withoutSchemas(Arrays.asList(names)));
  }

  /**
   * Only these tables of a schema, with their partitions, and nothing but tables. Names are taken letter by letter.
   *
   * @throws IllegalArgumentException if schemas were chosen already
   */
  public PostgresSource tables(String schema, String... names) {
    return with(options.scope().tables(tableNames(schema, names)));
  }

  /** All but these tables and their partitions; one that is not there does no harm. */
  public PostgresSource withoutTables(String schema, String... names) {
    return with(options.scope().withoutTables(tableNames(schema, names)));
  }

  /** These tables and their partitions without their rows: logs, sessions, caches. One that is not there does no harm. */
  public PostgresSource withoutDataOf(String schema, String... names) {
    return with(options.scope().withoutData(tableNames(schema, names)));
  }

  /**
   * One more argument for {@code pg_dump}. Allowed are {@code --encoding=…}, {@code --extension=…},
   * {@code --extra-float-digits=…}, {@code --include-foreign-data=…}, {@code --load-via-partition-root},
   * {@code --no-comments}, {@code --no-publications}, {@code --no-security-labels}, {@code --no-subscriptions},
   * {@code --no-table-access-method}, {@code --no-tablespaces}, {@code --no-toast-compression},
   * {@code --quote-all-identifiers}, {@code --statistics} and {@code --verbose}.
   *
   * @throws IllegalArgumentException if it is another one
   */
  public PostgresSource argument(String argument) {
    return with(options.argument(argument));
  }

  /**
   * How long a table is waited for that another session has locked. Default: 30 s. Then the backup fails, and names
   * table and session.
   *
   * @throws IllegalArgumentException if it is not positive, or more than 20 days
   */
  public PostgresSource lockWait(Duration duration) {
    return with(options.lockWait(Objects.requireNonNull(duration, "duration")));
  }

  /**
   * How long {@code pg_dump} may take in all, waiting for a slow sink included. Default: 24 hours. Then it is killed with
   * all that it has started, and the backup fails.
   *
   * @throws IllegalArgumentException if it is not positive, or more than 20 days
   */
  public PostgresSource deadline(Duration duration) {
    return with(options.deadline(Objects.requireNonNull(duration, "duration")));
  }

  /**
   * Notes how many rows the planner expects in each table, instead of counting them. Saves a second reading of all
   * tables; a restore is then not held against the number of its rows.
   */
  public PostgresSource estimateRows() {
    return with(options.rowCounts(RowCounts.ESTIMATED));
  }

  /**
   * Dumps into a file of the scratch directory as fast as the server can, and feeds the sink from there, so that the
   * database is not held for as long as a slow sink takes. By itself that is done from the moment when a slow sink would
   * make it more than 30 minutes, if the disk has room.
   */
  public PostgresSource spool() {
    return with(options.spooling());
  }

  /**
   * Where {@code pg_dump} and {@code pg_restore} are, and nowhere else. By default they are looked for in {@code PGBIN}
   * and {@code PATH}, and where the packages of Debian, Red Hat, Alpine and Homebrew put them: of those that can read the
   * server the newest that can also write into it, {@code PGBIN}'s first.
   */
  public PostgresSource client(Path directory) {
    return with(options.client(Objects.requireNonNull(directory, "directory")));
  }

  /**
   * How a restore in place is done, with what options and checks of the host's own; those checks are run in drills too. Default:
   * {@link PostgresTarget#live} of this source's connection.
   *
   * @param target a live one, usually over another role than the one that reads
   * @throws IllegalArgumentException if it is a new database, not a live one
   */
  public PostgresSource restoringTo(PostgresTarget target) {
    if (!Objects.requireNonNull(target, "target").isLive()) {
      throw new IllegalArgumentException(
          "a restore in place goes to a live database, not to " + target.description());
    }
    return new PostgresSource(name, connection, options, Optional.of(target));
  }

  /** Time as tests will have it. */
  PostgresSource nanoTime(LongSupplier nanoTime) {
    return with(options.nanoTime(nanoTime));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String type() {
    return TYPE;
  }

  /** {@code dump}. */
  @Override
  public String suffix() {
    return "dump";
  }

  /**
   * Finds out whether the database can be backed up and brought back, and changes nothing. Takes a moment.
   *
   * @throws IOException if it cannot be reached, is older than PostgreSQL 13, is not reached directly, or lacks a schema
   *     or table that was chosen
   */
  public PostgresProbe probe() throws IOException {
    try (Session session = connect()) {
      return Probing.of(session, options);
    }
  }

  /**
   * {@inheritDoc}
   *
   * <p>Everything that {@link #probe} finds in the way of a backup is an error here too, before any work.
   *
   * @throws java.net.ConnectException if the server cannot be reached
   * @throws java.nio.file.AccessDeniedException if it does not let us in, or not see all that is to be backed up
   * @throws java.nio.file.NoSuchFileException if there is no such database, or no schema or table that was chosen
   * @throws IOException if there is no client that fits the server, or a table stays locked
   */
  @Override
  public Snapshot open(Path scratch) throws IOException {
    Objects.requireNonNull(scratch, "scratch");
    Session session = connect();
    try {
      Client client = Probing.requireBackup(session, options);
      HeldState state = HeldState.of(session, options.scope(), options.lockWait());
      return new PostgresSnapshot(connection, state, client, options, scratch);
    } catch (IOException | RuntimeException e) {
      session.abandon();
      throw e;
    }
  }

  /** What {@link #restoringTo} named, or {@link PostgresTarget#live} of the same connection, with the same {@link #client}. */
  @Override
  public RestoreTarget target() {
    return restored.orElseGet(() -> PostgresTarget.live(connection).search(options.client()));
  }

  /** Its name. */
  @Override
  public String toString() {
    return "PostgresSource[" + name + "]";
  }

  private Session connect() throws IOException {
    Session session = connection.open();
    if (session.server().major() < OLDEST_SERVER) {
      session.close();
      throw new IOException(session.place() + " is served by PostgreSQL " + session.server()
          + ", which is older than " + OLDEST_SERVER + ". Nothing was read.");
    }
    return session;
  }

  private PostgresSource with(DumpOptions other) {
    return new PostgresSource(name, connection, other, restored);
  }

  private PostgresSource with(Scope scope) {
    return with(options.scope(scope));
  }

  private static List<TableName> tableNames(String schema, String... names) {
    return Arrays.stream(names).map(name -> new TableName(schema, name)).toList();
  }
}
