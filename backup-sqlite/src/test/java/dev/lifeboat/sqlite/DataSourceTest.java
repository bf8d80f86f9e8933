package dev.lifeboat.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lifeboat.source.RestoreTarget;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteDataSource;

class DataSourceTest {
  @TempDir
  Path directory;

  @Test
  void theDatabaseIsFoundThroughTheDataSource() throws Exception {
    Path database = Databases.shop(directory.resolve("shop.db"), 3);
    SqliteSource source = SqliteSource.of("orders", dataSource(database.toString()));
    byte[] backup = Databases.backup(source, directory.resolve("scratch"));
    try (Connection host = Databases.connect(database)) {
      Databases.add(host, 2);
    }
    RestoreTarget target = source.target();
    assertThat(target.description()).isEqualTo("the SQLite database " + database);
    Path staging = Databases.staged((SqliteTarget) target, backup, directory.resolve("staging"));
    target.apply(staging);
    assertThat(Databases.orders(database)).isEqualTo(3);
    target.undo(staging);
    assertThat(Databases.orders(database)).isEqualTo(5);
  }

  @Test
  void aPoolOfOneThatTheHostIsUsingMeanwhileIsEnough() throws Exception {
    Path database = Databases.shop(directory.resolve("shop.db"), 3);
    try (Connection only = Databases.connect(database)) {
      DataSource pool = (DataSource) Proxy.newProxyInstance(
          getClass().getClassLoader(),
          new Class<?>[] {DataSource.class},
          (proxy, method, arguments) -> wrapping(only, false));
      Path scratch = Files.createDirectory(directory.resolve("scratch"));
      try (var snapshot = SqliteSource.of("orders", pool).open(scratch)) {
        Databases.add(only, 1);
        snapshot.capture();
        assertThat(snapshot.examine().counts()).containsEntry("rows of orders", 3L);
      }
      assertThat(only.getAutoCommit()).isTrue();
    }
  }

  @Test
  void aDatabaseInMemoryIsAnError() {
    SqliteSource source = SqliteSource.of("orders", dataSource(":memory:"));
    assertThatThrownBy(() -> source.open(directory))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "The data source is connected to an in-memory or temporary SQLite database: there is"
                + " no file to back up or to bring back.");
  }

  @Test
  void aDataSourceThatFailsIsAnError() {
    SqliteSource source = SqliteSource.of(
        "orders", dataSource("file:" + directory.resolve("gone").resolve("shop.db")));
    assertThatThrownBy(() -> source.open(directory))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "The data source did not tell where its SQLite database lies: [SQLITE_CANTOPEN] Unable"
                + " to open the database file (unable to open database file). Give the database's path"
                + " instead.");
    assertThat(source.target().description())
        .isEqualTo("the SQLite database of a data source that cannot be asked now");
  }

  @Test
  void aDriverOfAnotherClassLoaderIsAnError() {
    assertThatThrownBy(() -> SqliteSource.of("orders", foreign("SQLite JDBC")).open(directory))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "The data source has its SQLite driver from another class loader than Lifeboat. Two"
                + " SQLite libraries in one process drop each other's locks, so nothing was opened. Load"
                + " sqlite-jdbc once, by a class loader that all of the application shares.");
  }

  @Test
  void anotherDatabaseIsAnError() {
    assertThatThrownBy(
            () -> SqliteSource.of("orders", foreign("PostgreSQL JDBC Driver")).open(directory))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "The data source gives connections of \"PostgreSQL JDBC Driver\", not of sqlite-jdbc.");
  }

  private static DataSource dataSource(String path) {
    SQLiteDataSource dataSource = new SQLiteDataSource();
    dataSource.setUrl("jdbc:sqlite:" + path);
    return dataSource;
  }

  /** A pool's wrapper; closing it gives the connection back. */
  private static Connection wrapping(Connection connection, boolean closes) {
    return (Connection) Proxy.newProxyInstance(
        DataSourceTest.class.getClassLoader(),
        new Class<?>[] {Connection.class},
        (proxy, method, arguments) -> {
          if (method.getName().equals("close") && !closes) {
            return null;
          }
          try {
            return method.invoke(connection, arguments);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        });
  }

  private static DataSource foreign(String driver) {
    ClassLoader loader = DataSourceTest.class.getClassLoader();
    DatabaseMetaData metaData = (DatabaseMetaData) Proxy.newProxyInstance(
        loader, new Class<?>[] {DatabaseMetaData.class}, (proxy, method, arguments) -> driver);
    Connection connection = (Connection) Proxy.newProxyInstance(
        loader,
        new Class<?>[] {Connection.class},
        (proxy, method, arguments) -> switch (method.getName()) {
          case "getMetaData" -> metaData;
          case "isWrapperFor" -> false;
          case "close" -> null;
          default -> throw new SQLException("not expected: " + method);
        });
    return (DataSource) Proxy.newProxyInstance(
        loader, new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> connection);
  }
}
