package dev.lifeboat.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lifeboat.source.Facts;
import dev.lifeboat.source.Snapshot;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The password is nowhere that another user could look, and nowhere at all afterwards. */
class SecretsTest {
  private static final String CANARY = "canary:42\\7'\"$";

  @TempDir
  Path directory;

  private final Server server = Server.of(Clients.OLDEST);
  private String database = "";

  @BeforeEach
  void makeShop() throws Exception {
    database = Shop.large(server, 4);
    server.run(
        database,
        "DROP ROLE IF EXISTS guarded",
        "CREATE ROLE guarded LOGIN SUPERUSER PASSWORD " + Session.literal(CANARY));
  }

  @Test
  void noChildTellsItAndNoFileKeepsIt() throws Exception {
    Path scratch = Files.createDirectory(directory.resolve("scratch"));
    try (Snapshot snapshot = source().open(scratch)) {
      snapshot.capture();
      List<ProcessHandle> children = ProcessHandle.current()
          .children()
          .filter(child -> child.info().commandLine().orElse("").contains("pg_dump"))
          .toList();
      assertThat(children).hasSize(1);
      Path proc = Path.of("/proc", Long.toString(children.get(0).pid()));
      String arguments = Files.readString(proc.resolve("cmdline"), StandardCharsets.ISO_8859_1);
      String environment = Files.readString(proc.resolve("environ"), StandardCharsets.ISO_8859_1);
      assertThat(arguments)
          .contains("user='guarded'")
          .contains("passfile='")
          .doesNotContain("canary");
      assertThat(environment).contains("LC_ALL=C").doesNotContain("canary").doesNotContain("PG");
      assertThat(scratch).isEmptyDirectory(); // it is logged in: the file is gone
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      Facts facts = snapshot.examine().and(snapshot.writeTo(out));
      assertThat(facts.toString()).doesNotContain("canary");
      assertThat(out.toString(StandardCharsets.ISO_8859_1)).doesNotContain("canary");
    }
    assertThat(scratch).isEmptyDirectory();
  }

  @Test
  void noMessageTellsIt() throws Exception {
    PostgresConnection wrong =
        server.connection("nowhere").user("guarded").password(CANARY::toCharArray);
    assertThat(wrong + " " + source() + " " + source().target().description())
        .doesNotContain("canary");
    assertThatThrownBy(() -> PostgresSource.of("shop", wrong).open(directory))
        .isInstanceOf(IOException.class)
        .hasMessageNotContaining("canary");
  }

  @Test
  void aLineBreakInItIsRefused() throws Exception {
    server.run(database, "ALTER ROLE guarded PASSWORD E'can\\nary'");
    PostgresConnection connection =
        server.connection(database).user("guarded").password("can\nary"::toCharArray);
    PostgresSource source = PostgresSource.of("shop", connection)
        .client(Clients.require(server.major()).directory());
    try (Snapshot snapshot = source.open(directory)) {
      assertThatThrownBy(snapshot::capture)
          .hasMessage(
              "The password has a line break or a zero in it, which no PostgreSQL password file can"
                  + " hold. Nothing was started.");
    }
  }

  private PostgresSource source() {
    return PostgresSource.of(
            "shop", server.connection(database).user("guarded").password(CANARY::toCharArray))
        .client(Clients.require(server.major()).directory());
  }
}
