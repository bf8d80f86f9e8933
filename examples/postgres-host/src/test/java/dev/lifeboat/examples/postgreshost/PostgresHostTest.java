package dev.lifeboat.examples.postgreshost;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example does what it says. */
class PostgresHostTest {
  @Test
  void tellersWorkOnAfterARestoreThatSwapsTheirDatabase(@TempDir Path directory) throws Exception {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    new PostgresHost(new PrintStream(said, true, StandardCharsets.UTF_8), directory).run();
    assertThat(said.toString(StandardCharsets.UTF_8))
        .contains(" is COMPLETE, ")
        .contains("restored, counted and checked in ")
        .contains("the tellers, who may do only what was granted, have made ")
        .containsPattern("the journal has [1-9][0-9]* transfers")
        .contains("what was live is kept: ")
        .contains("Done.");
  }
}
