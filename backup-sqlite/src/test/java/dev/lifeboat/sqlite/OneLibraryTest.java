package dev.lifeboat.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OneLibraryTest {
  private static final String OURS =
      "7f10-7f20 r-xp 00009000 fe:00 1234   /tmp/sqlite-3.54.1.0-0a1b-libsqlitejdbc.so";

  @TempDir
  Path directory;

  @Test
  void oneLibraryInSeveralPiecesIsFine() throws Exception {
    OneLibrary.require();
    OneLibrary.require(() -> List.of(
        OURS,
        "7f20-7f30 r-xp 00019000 fe:00 1234   /tmp/sqlite-3.54.1.0-0a1b-libsqlitejdbc.so",
        "7f30-7f40 r--p 00019000 fe:00 9999   /tmp/sqlite-3.54.1.0-0a1b-libsqlitejdbc.so",
        "7f50-7f60 r-xp 00000000 fe:00 77   /usr/lib/libapr_dbd_sqlite3.so",
        "7f60-7f70 r-xp 00000000 fe:00 78   /srv/sqlite3/libc.so.6",
        "7f70-7f80 rw-s 00000000 fe:00 79   /srv/sqlite3.db-shm",
        "7f80-7f90 r-xp 00000000 00:00 0"));
    OneLibrary.require(List::of);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/tmp/sqlite-3.49.1.0-ffff-libsqlitejdbc.so",
        "/tmp/sqlite-3.49.1.0-ffff-libsqlitejdbc.so (deleted)",
        "/usr/lib/x86_64-linux-gnu/libsqlite3.so.0.8.6",
        "/app/runtimes/libe_sqlite3.so",
        "/opt/lib/libsqlcipher.so.1"
      })
  void aSecondLibraryIsAnError(String other) {
    assertThatThrownBy(() ->
            OneLibrary.require(() -> List.of(OURS, "7f50-7f60 r-xp 00000000 fe:00 99   " + other)))
        .isInstanceOf(IOException.class)
        .hasMessage("Two SQLite libraries are loaded into this process:"
            + " /tmp/sqlite-3.54.1.0-0a1b-libsqlitejdbc.so and " + other
            + ". They drop each other's locks, and commits get lost. Nothing was opened. Load"
            + " sqlite-jdbc once, by a class loader that all of the application shares.");
  }

  @Test
  void aDriverInAnotherClassLoaderIsFoundBeforeAnythingIsOpened() throws Exception {
    Path database = Databases.shop(directory.resolve("shop.db"), 1);
    try (ChildJvm child = ChildJvm.start(TwoDrivers.class, database)) {
      assertThat(child.nextLine())
          .matches("source: Two SQLite libraries are loaded into this process: .* and .*");
      assertThat(child.nextLine())
          .matches("target: Two SQLite libraries are loaded into this process: .* and .*");
      assertThat(child.waitFor()).isZero();
    }
  }

  /** Loads sqlite-jdbc a second time. */
  static final class TwoDrivers {
    public static void main(String[] arguments) throws Exception {
      Path database = Path.of(arguments[0]);
      URL jar = org.sqlite.JDBC.class.getProtectionDomain().getCodeSource().getLocation();
      try (URLClassLoader other = new URLClassLoader(
          new URL[] {jar}, new WithoutSqlite(TwoDrivers.class.getClassLoader()))) {
        Driver driver =
            (Driver) other.loadClass("org.sqlite.JDBC").getDeclaredConstructor().newInstance();
        try (Connection open = driver.connect("jdbc:sqlite:" + database, new Properties())) {
          System.out.println("source: "
              + failure(() -> SqliteSource.of("orders", database)
                  .open(database.resolveSibling("scratch"))
                  .close()));
          Path staging = Files.createDirectory(database.resolveSibling("staging"));
          Files.copy(database, staging.resolve("staged.db"));
          System.out.println(
              "target: " + failure(() -> SqliteTarget.live(database).apply(staging)));
          open.isValid(0);
        }
      }
    }

    private interface Act {
      void run() throws IOException;
    }

    private static String failure(Act act) {
      try {
        act.run();
        return "none";
      } catch (IOException e) {
        return String.valueOf(e.getMessage());
      }
    }
  }

  /** Our class path, but for the driver. */
  private static final class WithoutSqlite extends ClassLoader {
    WithoutSqlite(ClassLoader ours) {
      super(ours);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (name.startsWith("org.sqlite.")) {
        throw new ClassNotFoundException(name);
      }
      return super.loadClass(name, resolve);
    }
  }
}
