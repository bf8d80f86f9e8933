package dev.lifeboat.sqlite;

import dev.lifeboat.source.BackupSource;
import dev.lifeboat.source.RestoreTarget;
import dev.lifeboat.source.Snapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import javax.sql.DataSource;

/**
 * A live SQLite database, in WAL or rollback-journal mode, backed up while the application writes to it.
 *
 * <pre>{@code
 * SqliteSource.of("orders", Path.of("data/orders.db"))
 *     .check("orders exist", copy -> {
 *       try (var rows = copy.createStatement().executeQuery("SELECT 1 FROM orders")) {
 *         if (!rows.next()) throw new SQLException("there is no order");
 *       }
 *     });
 * }</pre>
 *
 * <p>{@link #open} fixes one committed state by a read transaction on a connection of its own; the capture copies it
 * into the scratch directory by SQLite's online backup and lets go of every lock. In WAL mode writers go on all the
 * while; in rollback-journal mode their commits wait until the copy is made, about a second or two a GiB. The private
 * copy is proven beside the writing: SQLite's {@code quick_check}, and the host's checks.
 *
 * <p>The content is a SQLite file that opens with any SQLite tool. Nothing but SQLite ever opens the live files. The
 * process must have SQLite loaded once only: a second library is found (on Linux) and refused.
 *
 * <p>Immutable and safe for several threads; the methods that look like setters give a changed copy.
 */
public final class SqliteSource implements BackupSource {
  /** The host's own proof, run on every private copy: what is backed up, and what is about to be restored. */
  @FunctionalInterface
  public interface Check {
    /**
     * Looks into the copy, and throws if it is not as it must be; unchecked exceptions and assertion errors count too.
     *
     * @param copy read-only, not to be kept; its schema is not trusted ({@code trusted_schema=OFF})
     * @throws SQLException if the check does not hold
     */
    void on(Connection copy) throws SQLException;
  }

  private final String name;
  private final Place place;
  private final Proving proving;
  private final Patience patience;

  private SqliteSource(String name, Place place, Proving proving, Patience patience) {
    this.name = Objects.requireNonNull(name, "name");
    this.place = place;
    this.proving = proving;
    this.patience = patience;
  }

  /**
   * The database in a file. It need not be there before the first backup.
   *
   * @param name the component's name, see {@link BackupSource#name()}
   * @param database its main file, on the default file system
   * @throws IllegalArgumentException if it is on another file system, where SQLite cannot open it
   */
  public static SqliteSource of(String name, Path database) {
    Objects.requireNonNull(database, "database");
    return new SqliteSource(name, Place.of(database), Proving.DEFAULT, Patience.DEFAULT);
  }

  /**
   * The database that a data source is connected to. A connection is borrowed for the moment that it takes to learn the
   * file's path; the backup goes through a connection of its own, opened by the same driver, so a pool of one is
   * enough. The driver must be loaded by the class loader that Lifeboat sees, or opening a snapshot fails.
   *
   * @param name the component's name, see {@link BackupSource#name()}
   * @param dataSource gives connections of sqlite-jdbc, or wraps them
   */
  public static SqliteSource of(String name, DataSource dataSource) {
    Objects.requireNonNull(dataSource, "dataSource");
    return new SqliteSource(name, Place.of(dataSource), Proving.DEFAULT, Patience.DEFAULT);
  }

  /**
   * Adds a check of the host, run on every private copy, at backups and at restores.
   *
   * @param what what must hold, for messages: {@code "orders exist"}
   * @throws IllegalArgumentException if there is one of this name
   */
  public SqliteSource check(String what, Check check) {
    return new SqliteSource(name, place, proving.and(what, check), patience);
  }

  /**
   * {@code integrity_check} instead of {@code quick_check} on every backup: about 15 s a GiB instead of 1.5 s. Drills
   * always do that.
   */
  public SqliteSource fullIntegrityCheck() {
    return new SqliteSource(name, place, proving.with(Integrity.FULL), patience);
  }

  /**
   * Neither {@code quick_check} nor {@code integrity_check}, not even in a drill: for schemas that need functions or
   * collations which only the application's connections have. The host's checks still run.
   */
  public SqliteSource noIntegrityCheck() {
    return new SqliteSource(name, place, proving.with(Integrity.NONE), patience);
  }

  /**
   * How long a locked database is waited for, at a backup and at a restore in place. Default: 30 s.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public SqliteSource patience(Duration duration) {
    return new SqliteSource(name, place, proving, new Patience(duration));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String type() {
    return SqliteTarget.TYPE;
  }

  @Override
  public String suffix() {
    return "db";
  }

  /**
   * {@inheritDoc}
   *
   * @throws java.nio.file.NoSuchFileException if there is no such database; none is created
   * @throws java.nio.file.FileSystemException if it is a directory, empty, no SQLite database or an encrypted one, or
   *     stayed locked for all of the {@linkplain #patience patience}
   * @throws IOException if a second SQLite library is loaded, or the data source's driver is not ours
   */
  @Override
  public Snapshot open(Path scratch) throws IOException {
    OneLibrary.require();
    Path database = place.find();
    LiveFile.requireDatabase(database);
    return SqliteSnapshot.open(database, scratch, proving, patience);
  }

  /** The live database itself, with the same checks and patience: see {@link SqliteTarget#live}. */
  @Override
  public RestoreTarget target() {
    return SqliteTarget.of(place, proving, patience);
  }

  /** Its name. */
  @Override
  public String toString() {
    return "SqliteSource[" + name + "]";
  }
}
