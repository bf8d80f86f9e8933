package dev.lifeboat.postgres;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A real server on a free port of 127.0.0.1. Its superuser {@code postgres} needs no password, the role
 * {@link #GUARDED} needs its own. Those of {@link #of} are shared by all tests of this JVM and stopped at its end.
 */
final class Server implements AutoCloseable {
  static final int OLDEST = 13;
  static final int NEWEST = 18;

  /** A role, not there yet, that must tell its password. */
  static final String GUARDED = "guarded";

  private static final Path HOME = Path.of("target", "pg").toAbsolutePath();
  private static final Map<Integer, Server> SHARED = new ConcurrentHashMap<>();
  private static final AtomicInteger DATABASES = new AtomicInteger();

  private final int major;
  private final Path data;
  private final EmbeddedPostgres postgres;

  private Server(int major, Path data, EmbeddedPostgres postgres) {
    this.major = major;
    this.data = data;
    this.postgres = postgres;
  }

  /** The shared one of a version. */
  static Server of(int major) {
    return SHARED.computeIfAbsent(major, Server::start);
  }

  static IntStream majors() {
    return IntStream.rangeClosed(OLDEST, NEWEST);
  }

  /** One of the test's own, to be closed, or {@linkplain #kill killed}. */
  static Server start(int major) {
    try {
      Path unpacked = Files.createDirectories(HOME.resolve("unpacked"));
      return start(major, Files.createTempDirectory(unpacked, "data-"), true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One of the test's own whose data outlives it: in this directory, which may hold that of an earlier one. */
  static Server start(int major, Path data) {
    return start(major, data, false);
  }

  private static Server start(int major, Path data, boolean temporary) {
    try {
      Path unpacked = Files.createDirectories(HOME.resolve("unpacked"));
      EmbeddedPostgres postgres = EmbeddedPostgres.builder()
          .setPgBinaryResolver((system, architecture) -> binaries(major))
          .setOverrideWorkingDirectory(unpacked.toFile())
          .setDataDirectory(data)
          .setCleanDataDirectory(temporary)
          .setDataDirectoryCustomizer(made -> guard(made.toPath()))
          .setServerConfig("fsync", "off")
          .setServerConfig("password_encryption", "scram-sha-256")
          .setServerConfig("listen_addresses", "127.0.0.1")
          .start();
      return new Server(major, data, postgres);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Its data directory. */
  Path data() {
    return data;
  }

  int major() {
    return major;
  }

  /** {@code 15.19}. */
  String version() throws IOException {
    try (Session session = connection("postgres").open()) {
      return session.server().toString();
    }
  }

  int port() {
    return postgres.getPort();
  }

  /** A name that no database of this run has. */
  static String freshName(String stem) {
    return stem + "_" + DATABASES.incrementAndGet();
  }

  /** A new database, of a fresh name, in which the statements were run. */
  String create(String stem, String... statements) throws SQLException {
    String name = freshName(stem);
    run("postgres", "CREATE DATABASE " + Session.quoted(name));
    run(name, statements);
    return name;
  }

  /** How the superuser reaches a database. */
  PostgresConnection connection(String database) {
    return PostgresConnection.of("127.0.0.1", port(), database, "postgres");
  }

  /** As the superuser, to be closed. */
  Connection connect(String database) throws SQLException {
    return connect(database, "postgres", "");
  }

  Connection connect(String database, String user, String password) throws SQLException {
    return DriverManager.getConnection(url(database), user, password);
  }

  String url(String database) {
    PGSimpleDataSource named = new PGSimpleDataSource();
    named.setServerNames(new String[] {"127.0.0.1"});
    named.setPortNumbers(new int[] {port()});
    named.setDatabaseName(database);
    return named.getUrl();
  }

  void run(String database, String... statements) throws SQLException {
    try (Connection connection = connect(database)) {
      run(connection, statements);
    }
  }

  static void run(Connection connection, String... statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** The first column of all rows. */
  List<String> query(String database, String sql) throws SQLException {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> found = new ArrayList<>();
      while (rows.next()) {
        found.add(String.valueOf(rows.getString(1)));
      }
      return found;
    }
  }

  /** Kills it hard, as a power cut would end it. */
  void kill() throws IOException {
    try (Stream<String> lines = Files.lines(data.resolve("postmaster.pid"))) {
      long pid = Long.parseLong(lines.findFirst().orElseThrow().strip());
      ProcessHandle postmaster = ProcessHandle.of(pid).orElseThrow();
      List<ProcessHandle> all = postmaster.descendants().toList();
      postmaster.destroyForcibly();
      all.forEach(ProcessHandle::destroyForcibly);
    }
  }

  @Override
  public void close() throws IOException {
    postgres.close();
  }

  private static void guard(Path data) {
    try {
      Path rules = data.resolve("pg_hba.conf");
      String guarded = "host all " + GUARDED + " all scram-sha-256\n";
      Files.writeString(rules, guarded + Files.readString(rules));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static InputStream binaries(int major) {
    try (Stream<Path> jars = Files.list(HOME)) {
      Path jar = jars.filter(
              file -> file.getFileName().toString().matches(".*-" + major + "\\..*\\.jar"))
          .findFirst()
          .orElseThrow(() -> new IllegalStateException("no server " + major + " in " + HOME));
      ZipInputStream zip = new ZipInputStream(Files.newInputStream(jar));
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        if (entry.getName().endsWith(".txz")) {
          return zip;
        }
      }
      throw new IllegalStateException("no binaries in " + jar);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
