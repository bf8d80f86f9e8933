package dev.lifeboat.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.DriverManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuickstartTest {
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  @TempDir
  Path directory;

  @Test
  void theShopIsBackedUpProvenDamagedAndRestored() throws Exception {
    quickstart().shop();

    assertThat(printed())
        .contains("every byte is right; restored to scratch and checked in ")
        .contains(" orders deleted")
        .contains("; what was live is kept as ")
        .contains(", and every total fits")
        .contains("  warning: orders: not sound: ") // what is live then: it is kept all the same
        .containsPattern("-pre-restore-[a-z2-7]{8}  INCOMPLETE");
  }

  @Test
  void anyDatabaseIsBackedUpAndProven() throws Exception {
    Path database = directory.resolve("any thing.db");
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        var statement = connection.createStatement()) {
      statement.execute("CREATE TABLE cats (name TEXT)");
      statement.execute("INSERT INTO cats VALUES ('Minka'), ('Moritz')");
    }

    quickstart().proveBackupOf(database);

    assertThat(printed())
        .contains("rows of cats: 2")
        .contains("Proven: every byte is what was read");
  }

  private Quickstart quickstart() {
    return new Quickstart(new PrintStream(printed, true, StandardCharsets.UTF_8), directory);
  }

  private String printed() {
    return printed.toString(StandardCharsets.UTF_8);
  }
}
