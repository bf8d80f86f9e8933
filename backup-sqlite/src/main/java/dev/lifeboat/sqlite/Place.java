package dev.lifeboat.sqlite;

import dev.lifeboat.catalog.Text;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.sqlite.SQLiteConnection;

/** Where a live database lies: said by the host, or found through its data source when it is needed. */
interface Place {
  /** The absolute path of the main file. */
  Path find() throws IOException;

  /** For people. */
  String description();

  static Place of(Path database) {
    if (!database.getFileSystem().equals(FileSystems.getDefault())) {
      throw new IllegalArgumentException(
          "SQLite cannot open " + database + ": it is not on the default file system");
    }
    return new Named(database.toAbsolutePath());
  }

  static Place of(DataSource dataSource) {
    return new Found(dataSource);
  }

  /** A path of the host. */
  record Named(Path find) implements Place {
    @Override
    public String description() {
      return "the SQLite database " + Text.printable(find.toString());
    }
  }

  /** What the connections of a data source are connected to. It only tells the path; we open connections of our own. */
  record Found(DataSource dataSource) implements Place {
    private static final String WAY_OUT = " Give the database's path instead.";

    @Override
    public Path find() throws IOException {
      String file;
      try (Connection connection = dataSource.getConnection()) {
        requireOurDriver(connection);
        file = fileOf(connection);
      } catch (SQLException e) {
        throw new IOException(
            "The data source did not tell where its SQLite database lies: "
                + Text.printable(String.valueOf(e.getMessage())) + "." + WAY_OUT,
            e);
      }
      if (file.isEmpty()) {
        throw new IOException(
            "The data source is connected to an in-memory or temporary SQLite database: there is no"
                + " file to back up or to bring back.");
      }
      return Path.of(file);
    }

    @Override
    public String description() {
      try {
        return Place.of(find()).description();
      } catch (IOException e) {
        return "the SQLite database of a data source that cannot be asked now";
      }
    }

    private static String fileOf(Connection connection) throws SQLException {
      String file =
          Sqlite.text(connection, "SELECT file FROM pragma_database_list WHERE name = 'main'");
      return file == null ? "" : file;
    }

    /** A driver of another class loader brings a second SQLite library, and those two would drop each other's locks. */
    private static void requireOurDriver(Connection connection) throws SQLException, IOException {
      if (connection instanceof SQLiteConnection
          || connection.isWrapperFor(SQLiteConnection.class)) {
        return;
      }
      String driver = connection.getMetaData().getDriverName();
      if (driver.startsWith("SQLite")) {
        throw new IOException(
            "The data source has its SQLite driver from another class loader than"
                + " Lifeboat. Two SQLite libraries in one process drop each other's locks, so nothing was"
                + " opened. Load sqlite-jdbc once, by a class loader that all of the application shares.");
      }
      throw new IOException(
          "The data source gives connections of " + Text.quoted(driver) + ", not of sqlite-jdbc.");
    }
  }
}
