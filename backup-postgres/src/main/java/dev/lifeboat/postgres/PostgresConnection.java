package dev.lifeboat.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.lifeboat.catalog.Text;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;

/**
 * How to reach one PostgreSQL database, for the JDBC driver and for {@code pg_dump} alike.
 *
 * <pre>{@code
 * PostgresConnection.of("db.internal", 5432, "shop", "backup")
 *     .password(secrets::databasePassword)
 *     .sslMode("verify-full")
 *     .rootCertificate(Path.of("/etc/shop/ca.pem"));
 * }</pre>
 *
 * <p>It must lead to PostgreSQL itself: a pooler that hands one server session to several clients ruins backups, so any
 * pooler is found and refused; see {@link #sessionPooler}.
 *
 * <p>Immutable and safe for several threads; the methods that look like setters give a changed copy. It opens a
 * connection of its own whenever one is needed and keeps none. It prints no secret.
 */
public final class PostgresConnection {
  private static final int CONNECT_SECONDS = 15;

  /** Where the address comes from: known, or asked for when it is needed. */
  @FunctionalInterface
  private interface Place {
    Address find() throws IOException;
  }

  private final Place place;
  private final @Nullable String user;
  private final @Nullable Supplier<char[]> password;
  private final Map<String, String> properties;
  private final boolean sessionPooler;

  private PostgresConnection(
      Place place,
      @Nullable String user,
      @Nullable Supplier<char[]> password,
      Map<String, String> properties,
      boolean sessionPooler) {
    this.place = place;
    this.user = user;
    this.password = password;
    this.properties = Map.copyOf(properties);
    this.sessionPooler = sessionPooler;
  }

  /**
   * A database by its place.
   *
   * @param host a name or an address; no path of a Unix socket
   * @param port usually 5432
   * @throws IllegalArgumentException if one is empty or not a port
   */
  public static PostgresConnection of(String host, int port, String database, String user) {
    requireText(host, "host");
    requireText(database, "database");
    requireText(user, "user");
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("port must be 1 to 65535, was " + port);
    }
    Address address = new Address(
        List.of(new Endpoint(host, port)), database, Optional.of(user), Optional.empty(), Map.of());
    return new PostgresConnection(() -> address, null, null, Map.of(), false);
  }

  /**
   * A database by a URL of PostgreSQL's JDBC driver. Its user, password, hosts, {@code ssl…}, {@code channelBinding},
   * {@code gssEncMode} and {@code targetServerType} are taken; what concerns an application's own statements is not.
   * With several hosts the first that answers is used.
   *
   * @throws IllegalArgumentException if it is another URL, or has what {@code pg_dump} cannot follow: a
   *     {@code socketFactory}, an {@code sslfactory}; the message does not show it, for a password may be in it
   */
  public static PostgresConnection url(String url) {
    Address address = Address.of(Objects.requireNonNull(url, "url"));
    return new PostgresConnection(() -> address, null, null, Map.of(), false);
  }

  /**
   * The database that a data source is connected to. A connection is borrowed for the moment that it takes to learn URL
   * and user; then backups go through connections of their own, so a pool of one is enough, and what the pool does to
   * its connections does no harm. A data source does not tell its password: unless the server asks for none, name it with
   * {@link #password}.
   *
   * @param dataSource gives connections of PostgreSQL's driver, or wraps them
   */
  public static PostgresConnection of(DataSource dataSource) {
    Objects.requireNonNull(dataSource, "dataSource");
    return new PostgresConnection(() -> Address.of(dataSource), null, null, Map.of(), false);
  }

  /** Another user than the one given or found. */
  public PostgresConnection user(String name) {
    requireText(name, "user");
    return new PostgresConnection(place, name, password, properties, sessionPooler);
  }

  /**
   * The password, asked for at every connection, so that it may change. The array is wiped after use, so a fresh one must
   * be given each time. Without it, and with none in the URL, both the driver and {@code pg_dump} look into the user's
   * own {@code ~/.pgpass}.
   */
  public PostgresConnection password(Supplier<char[]> secret) {
    Objects.requireNonNull(secret, "password");
    return new PostgresConnection(place, user, secret, properties, sessionPooler);
  }

  /**
   * How the connection is protected, in libpq's words. Default: the URL's, or {@code prefer}, which is content with none.
   *
   * @param mode {@code disable}, {@code allow}, {@code prefer}, {@code require}, {@code verify-ca} or {@code verify-full}
   * @throws IllegalArgumentException if it is none of them
   */
  public PostgresConnection sslMode(String mode) {
    return with("sslmode", Ssl.of(Objects.requireNonNull(mode, "mode")).toString());
  }

  /** The certificates, in PEM, by which the server is known; without another mode, by {@code verify-full}. */
  public PostgresConnection rootCertificate(Path pem) {
    return with(
        "sslrootcert", Objects.requireNonNull(pem, "pem").toAbsolutePath().toString());
  }

  /**
   * Allows a pooler that keeps one server session for each client ({@code pool_mode = session} of PgBouncer). Without it
   * every pooler is refused; one that is seen to share server sessions is refused even so.
   */
  public PostgresConnection sessionPooler() {
    return new PostgresConnection(place, user, password, properties, true);
  }

  /** Where it leads, for people; without secrets. */
  @Override
  public String toString() {
    return "PostgresConnection[" + where() + "]";
  }

  /** The same, for sentences. */
  String where() {
    try {
      return place(address());
    } catch (IOException e) {
      return "a data source"; // that gives no connection now
    }
  }

  /** A session on the database itself. */
  Session open() throws IOException {
    return open(address(), Optional.empty());
  }

  /** A session on another database of the same server. */
  Session open(String database) throws IOException {
    return open(address(), Optional.of(database));
  }

  /** The database's name. */
  String database() throws IOException {
    return address().database();
  }

  /** For messages: {@code the PostgreSQL database "shop" at db.internal:5432}. */
  String description() throws IOException {
    return "the PostgreSQL database " + place(address());
  }

  /**
   * What a client program needs to reach {@code database} at the very server of {@code session}.
   *
   * @param directory private; a password file lies there until the login is closed
   */
  ClientLogin clientLogin(Session session, String database, Path directory) throws IOException {
    Address address = address();
    Conninfo conninfo = new Conninfo()
        .with("host", session.endpoint().host())
        .with("port", session.endpoint().port())
        .with("user", userOf(address))
        .with("dbname", database)
        .with("application_name", "lifeboat client")
        .with("connect_timeout", CONNECT_SECONDS)
        .with("keepalives_idle", 60)
        .with("keepalives_interval", 10)
        .with("keepalives_count", 6);
    address.properties().forEach((name, value) -> {
      String word = Address.SHARED.get(name);
      if (word != null) {
        conninfo.with(word, value);
      }
    });
    Optional<char[]> secret = secret(address);
    if (secret.isEmpty()) {
      return new ClientLogin(conninfo.toString(), null);
    }
    try {
      PasswordFile file = PasswordFile.in(directory, session.endpoint(), secret.get());
      return new ClientLogin(conninfo.with("passfile", file.path()).toString(), file);
    } finally {
      Arrays.fill(secret.get(), '\0');
    }
  }

  private Session open(Address address, Optional<String> otherDatabase) throws IOException {
    String database = otherDatabase.orElse(address.database());
    IOException failure = null;
    for (Endpoint endpoint : address.endpoints()) {
      try {
        return direct(address, endpoint, database);
      } catch (IOException e) {
        if (failure != null) {
          e.addSuppressed(failure);
        }
        failure = e;
      }
    }
    throw Objects.requireNonNull(failure, "an address has an endpoint");
  }

  private Session direct(Address address, Endpoint endpoint, String database) throws IOException {
    Session session = connect(address, endpoint, database);
    try {
      Pooler.refuse(session, sessionPooler, () -> connect(address, endpoint, database));
      return session;
    } catch (IOException | RuntimeException e) {
      session.close();
      throw e;
    }
  }

  private Session connect(Address address, Endpoint endpoint, String database) throws IOException {
    String where = place(endpoint, database);
    Properties all = new Properties();
    all.putAll(address.properties());
    all.setProperty("user", userOf(address));
    all.setProperty("ApplicationName", "lifeboat");
    all.setProperty("connectTimeout", Integer.toString(CONNECT_SECONDS));
    all.setProperty("loginTimeout", Integer.toString(2 * CONNECT_SECONDS));
    all.setProperty("tcpKeepAlive", "true");
    Optional<char[]> secret = secret(address);
    secret.ifPresent(chars -> {
      all.setProperty("password", new String(chars));
      Arrays.fill(chars, '\0');
    });
    Connection connection;
    try {
      connection = new Driver()
          .connect("jdbc:postgresql://" + endpoint + "/" + URLEncoder.encode(database, UTF_8), all);
    } catch (SQLException e) {
      boolean unnamed = secret.isEmpty() && PostgresErrors.isLogin(e);
      throw PostgresErrors.of(
          where, e, (unnamed ? "No password was named. " : "") + "Nothing was read.");
    }
    return Session.over(Objects.requireNonNull(connection, "connection"), endpoint, where);
  }

  private Address address() throws IOException {
    Address found = place.find();
    Map<String, String> all = new TreeMap<>(found.properties());
    all.putAll(properties);
    if (all.containsKey("sslrootcert")) { // who names one wants it looked at
      all.putIfAbsent("sslmode", Ssl.VERIFY_FULL.toString());
    }
    return new Address(found.endpoints(), found.database(), found.user(), found.password(), all);
  }

  private String userOf(Address address) throws IOException {
    if (user != null) {
      return user;
    }
    return address
        .user()
        .orElseThrow(() -> new IOException(
            place(address) + " has no user: name one with user(…). Nothing was read."));
  }

  private Optional<char[]> secret(Address address) {
    if (password != null) {
      return Optional.of(Objects.requireNonNull(password.get(), "the password that was supplied"));
    }
    return address.password().map(String::toCharArray);
  }

  private PostgresConnection with(String property, String value) {
    Map<String, String> more = new TreeMap<>(properties);
    more.put(property, value);
    return new PostgresConnection(place, user, password, more, sessionPooler);
  }

  private static String place(Address address) {
    return place(address.endpoints().get(0), address.database());
  }

  private static String place(Endpoint endpoint, String database) {
    return Text.quoted(database) + " at " + Text.printable(endpoint.toString());
  }

  private static void requireText(String text, String name) {
    if (Objects.requireNonNull(text, name).isEmpty()) {
      throw new IllegalArgumentException(name + " must not be empty");
    }
  }
}
