package dev.lifeboat.postgres;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;

/**
 * Which database, where, as which user: what a JDBC URL tells and a client of PostgreSQL can be told too.
 *
 * @param endpoints at least one; the first that answers is taken
 * @param properties those of the driver that concern the way to the server, by the driver's names
 */
record Address(
    List<Endpoint> endpoints,
    String database,
    Optional<String> user,
    Optional<String> password,
    Map<String, String> properties) {
  /** Properties of the driver that a client of PostgreSQL has too, by the client's name. */
  static final Map<String, String> SHARED = Map.of(
      "sslmode", "sslmode",
      "sslrootcert", "sslrootcert",
      "sslcert", "sslcert",
      "sslkey", "sslkey",
      "channelBinding", "channel_binding",
      "gssEncMode", "gssencmode");

  /** Properties of the driver alone, without which there may be no way to the server. */
  private static final List<String> OURS_ALONE = List.of(
      "socketFactory",
      "sslfactory",
      "sslpassword",
      "sslpasswordcallback",
      "authenticationPluginClassName");

  Address {
    endpoints = List.copyOf(endpoints);
    properties = Map.copyOf(properties);
  }

  /** @throws IllegalArgumentException if it is no URL of PostgreSQL's driver, or one that its clients cannot follow */
  static Address of(String url) {
    Properties parsed = url.startsWith("jdbc:postgresql:") ? Driver.parseURL(url, null) : null;
    if (parsed == null) {
      throw new IllegalArgumentException(
          "url must be like jdbc:postgresql://host:5432/database, and is not");
    }
    for (String property : OURS_ALONE) {
      if (parsed.getProperty(property) != null) {
        throw new IllegalArgumentException("The URL has " + property
            + ", which pg_dump cannot follow. Name host, port and database, and sslMode and"
            + " rootCertificate where needed.");
      }
    }
    Map<String, String> properties = new TreeMap<>();
    SHARED.keySet().forEach(name -> keep(properties, parsed, name));
    keep(properties, parsed, "targetServerType");
    if (properties.get("sslmode") == null && !parsed.getProperty("ssl", "false").equals("false")) {
      properties.put("sslmode", Ssl.VERIFY_FULL.toString()); // as the driver has it
    }
    return new Address(
        endpoints(parsed),
        parsed.getProperty("PGDBNAME", ""),
        Optional.ofNullable(parsed.getProperty("user")),
        Optional.ofNullable(parsed.getProperty("password")),
        properties);
  }

  /** Asks a connection of it; gives that back at once. */
  static Address of(DataSource dataSource) throws IOException {
    try (Connection connection = dataSource.getConnection()) {
      DatabaseMetaData about = connection.getMetaData();
      Address address = of(about.getURL());
      return address.user().isPresent() ? address : address.as(about.getUserName());
    } catch (SQLException e) {
      throw PostgresErrors.of("The data source", e, "Nothing was read.");
    } catch (IllegalArgumentException e) {
      throw new IOException(
          "The data source does not tell where its database is. " + e.getMessage(), e);
    }
  }

  Address as(@Nullable String other) {
    return new Address(endpoints, database, Optional.ofNullable(other), password, properties);
  }

  private static void keep(Map<String, String> kept, Properties all, String name) {
    String value = all.getProperty(name);
    if (value != null) {
      kept.put(name, value);
    }
  }

  private static List<Endpoint> endpoints(Properties parsed) {
    String[] hosts = parsed.getProperty("PGHOST", "localhost").split(",", -1);
    String[] ports = parsed.getProperty("PGPORT", "5432").split(",", -1);
    List<Endpoint> endpoints = new ArrayList<>();
    for (int i = 0; i < hosts.length; i++) {
      String host =
          hosts[i].startsWith("[") ? hosts[i].substring(1, hosts[i].length() - 1) : hosts[i];
      endpoints.add(new Endpoint(host, Integer.parseInt(ports[Math.min(i, ports.length - 1)])));
    }
    return endpoints;
  }
}
