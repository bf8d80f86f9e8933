package dev.lifeboat.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeboat.crypto.Identity;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuickstartTest {
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  private final PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);

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

  @Test
  void withAPassphraseNothingOfTheShopIsFoundInWhatIsStored() throws Exception {
    quickstart(Protection.passphrase(Optional.empty(), out)).shop();

    assertThat(printed())
        .containsPattern(
            "The passphrase, without which nobody reads the backups: [0-9a-z]{7}(-[0-9a-z]{7}){3}")
        .contains(", and every total fits")
        .contains("Minka's cat litter is found in 0 files of backups and work directories");
  }

  @Test
  void aKeyFileIsMadeOnceAndUsedAgain() throws Exception {
    Path file = directory.resolve("shop.key");
    quickstart(Protection.keyFile(file, out)).shop();
    assertThat(printed())
        .contains("A new key lies in " + file)
        .contains("Minka's cat litter is found in 0 files of backups and work directories");
    printed.reset();
    Protection again = Protection.keyFile(file, out);
    assertThat(printed()).isEmpty();
    assertThat(again.isReadHere()).isTrue();
  }

  @Test
  void aShopWithAPublicKeyCannotReadAndTheOfficeCan() throws Exception {
    quickstart(Protection.office(directory.resolve("office.identity"), out)).shop();

    assertThat(printed())
        .contains("this host can only write: it has recipients, and no identity, key or passphrase."
            + " At STORED it can be verified without.")
        .contains("From here on it is the office")
        .contains(", and every total fits")
        .contains("Minka's cat litter is found in 0 files of backups and work directories");
  }

  @Test
  void forARecipientElsewhereItIsOnlyMade() throws Exception {
    quickstart(Protection.recipient(Identity.generate().recipient().text())).shop();

    assertThat(printed()).contains("Only the recipient can read it. It all lies in " + directory);
  }

  private Quickstart quickstart() {
    return quickstart(Protection.NONE);
  }

  private Quickstart quickstart(Protection protection) {
    return new Quickstart(out, directory, protection);
  }

  private String printed() {
    return printed.toString(StandardCharsets.UTF_8);
  }
}
