package dev.lifeboat.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lifeboat.source.BackupSource;
import dev.lifeboat.source.RestoreTarget;
import dev.lifeboat.source.UnprovenException;
import dev.lifeboat.testkit.BackupSourceContract;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresGlobalsTest implements BackupSourceContract {
  @TempDir
  Path own;

  private final Server server = Server.of(Clients.OLDEST);

  @Override
  public BackupSource source() {
    return globals();
  }

  private PostgresGlobals globals() {
    return PostgresGlobals.of("cluster", server.connection("postgres"))
        .client(Clients.require(server.major()).directory());
  }

  @Override
  public void change() throws Exception {
    server.run("postgres", "CREATE ROLE " + Server.freshName("sailor"));
  }

  /** Without comments and the token against injected commands, which tell times and chance. */
  @Override
  public Object meaningOf(byte[] content, Path directory) {
    return new String(content, StandardCharsets.UTF_8)
        .lines()
        .filter(line -> !line.startsWith("--") && !line.startsWith("\\"))
        .toList();
  }

  @Test
  void rolesAreKeptWithoutTheirPasswords() throws Exception {
    String role = Server.freshName("sailor");
    server.run("postgres", "CREATE ROLE " + role + " LOGIN PASSWORD 'canary'");
    Taken taken = Taken.of(source(), own);
    assertThat(text(taken)).contains("CREATE ROLE " + role + ";").doesNotContain("SCRAM");
    assertThat(taken.facts().notes()).containsEntry("passwords", "left out");
    Taken withPasswords = Taken.of(globals().withPasswords(), own);
    assertThat(text(withPasswords)).contains("PASSWORD 'SCRAM-SHA-256$").doesNotContain("canary");
    assertThat(withPasswords.facts().notes()).containsEntry("passwords", "included");
    assertThat(withPasswords.facts().counts())
        .isEqualTo(taken.facts().counts())
        .containsEntry(
            "roles",
            Long.parseLong(server
                .query("postgres", "SELECT count(*) FROM pg_roles WHERE rolname !~ '^pg_'")
                .get(0)));
  }

  @Test
  void whatIsNotWholeIsNotTaken() throws Exception {
    Script.client(own, "15.18");
    Script.make(own, "pg_dumpall", "echo 'CREATE ROLE half;'");
    PostgresGlobals source =
        PostgresGlobals.of("cluster", server.connection("postgres")).client(own);
    Path scratch = Files.createDirectory(own.resolve("scratch"));
    assertThatThrownBy(() -> source.open(scratch))
        .isInstanceOf(UnprovenException.class)
        .hasMessage("The roles of \"postgres\" at 127.0.0.1:" + server.port()
            + " are not all there: pg_dumpall's last line is missing");
    Files.delete(scratch.resolve("globals.sql"));
    Script.make(own, "pg_dumpall", "echo 'pg_dumpall: error: no' >&2; exit 1");
    assertThatThrownBy(() -> source.open(scratch))
        .isInstanceOf(IOException.class)
        .extracting(e -> String.valueOf(e.getMessage()).replaceAll("after \\d+ m?s", "after # ms"))
        .isEqualTo("The dump of the roles of \"postgres\" at 127.0.0.1:" + server.port()
            + " failed: pg_dumpall ended with status 1 after # ms: pg_dumpall: error: no. Nothing of it"
            + " was kept.");
    Files.delete(own.resolve("pg_dumpall"));
    assertThatThrownBy(() -> source.open(scratch))
        .hasMessage(
            "There is no pg_dumpall beside pg_dump 15.18 in " + own + ". Nothing was read.");
  }

  @Test
  void aDrillProvesThemAndNothingAppliesThem() throws Exception {
    Taken taken = Taken.of(source(), own);
    RestoreTarget target = source().target();
    Path staging = Files.createDirectory(own.resolve("staging"));
    target.stage(new ByteArrayInputStream(taken.content()), taken.facts(), staging);
    assertThat(taken.facts().differencesFrom(target.check(staging))).isEmpty();
    List<String> roles = server.query("postgres", "SELECT rolname FROM pg_roles ORDER BY 1");
    target.apply(staging);
    assertThat(server.query("postgres", "SELECT rolname FROM pg_roles ORDER BY 1"))
        .isEqualTo(roles);
    Files.write(staging.resolve("globals.sql"), List.of("CREATE ROLE half;"));
    assertThatThrownBy(() -> target.check(staging))
        .isInstanceOf(UnprovenException.class)
        .hasMessage(
            "The roles of this backup are not all there: pg_dumpall's last line is missing");
  }

  private static String text(Taken taken) {
    return new String(taken.content(), StandardCharsets.UTF_8);
  }
}
