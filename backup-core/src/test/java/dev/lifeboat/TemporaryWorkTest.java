package dev.lifeboat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TemporaryWorkTest {
  @TempDir
  Path temporary;

  private Child start(String what) throws IOException {
    return Child.start(what, temporary, "022", "-Djava.io.tmpdir=" + temporary);
  }

  private void create() throws IOException {
    try (Child child = start("one-line")) {
      assertThat(child.line()).isEqualTo("DONE");
    }
  }

  private List<Path> left() throws IOException {
    try (Stream<Path> all = Files.list(temporary)) {
      return all.filter(file -> file.getFileName().toString().startsWith("lifeboat"))
          .toList();
    }
  }

  @Test
  void whatAOneLineCreateLeftThatWasKilledTheNextOneRemoves() throws Exception {
    Path foreign = Files.createDirectory(temporary.resolve("lifeboat-of-somebody"));
    Files.writeString(foreign.resolve("precious"), "data");
    try (Child killed = start("one-line-that-stops");
        Child living = start("one-line-that-stops")) {
      assertThat(killed.line()).isEqualTo("READY");
      assertThat(living.line()).isEqualTo("READY");
      assertThat(left()).hasSize(3);
      killed.kill();

      create();

      assertThat(left()).hasSize(2).contains(foreign);
    }
    create();
    assertThat(left()).containsExactly(foreign);
    assertThat(foreign.resolve("precious")).hasContent("data");
  }
}
