package dev.lifeboat.storage.local;

import static dev.lifeboat.storage.local.Looks.everythingIn;
import static dev.lifeboat.storage.local.Looks.named;
import static dev.lifeboat.storage.local.Looks.put;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeboat.sink.BackupSink;
import dev.lifeboat.sink.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Other processes: killed, and with another umask. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "needs a shell")
class LocalSinkProcessTest {
  @TempDir
  Path parent;

  @Test
  void whatAKilledProcessHadPutIsWholeAndNothingElseIsSeen() throws Exception {
    Random random = new Random(1);
    int rounds = 5 * Integer.getInteger("loops", 1);
    for (int round = 0; round < rounds; round++) {
      Path here = parent.resolve("backups" + round);
      List<String> said;
      try (PuttingProcess process = PuttingProcess.in(here, "022")) {
        process.await("half p/" + (1 + random.nextInt(5)));
        said = process.kill();
      }
      BackupSink sink = LocalSink.in(here);
      List<StoredObject> listed = sink.list("p/");
      assertThat(listed).extracting(object -> object.name().value()).containsAll(said);
      assertThat(listed).hasSizeBetween(said.size(), said.size() + 1);
      for (StoredObject object : listed) {
        int number = Integer.parseInt(object.name().last());
        try (InputStream in = sink.open(object.name())) {
          assertThat(in.readAllBytes()).isEqualTo(PuttingProcess.bytes(number));
        }
      }
      put(sink, "p/" + listed.size(), 5);
      assertThat(everythingIn(here))
          .as("seed 1, round " + round)
          .noneMatch(LocalSinkProcessTest::isPart);
    }
  }

  /** Who puts while others do has to leave their parts alone, and is told by the number of the process what is whose. */
  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "elsewhere no part tells who makes it")
  void whatALivingProcessIsPuttingIsNotSwept() throws Exception {
    Path here = parent.resolve("backups");
    try (PuttingProcess process = PuttingProcess.in(here, "022")) {
      process.await("half p/0");
      process.pause();
      put(LocalSink.in(here), "mine", 5);
      assertThat(everythingIn(here)).anyMatch(LocalSinkProcessTest::isPart);
      process.resume();
      process.await("done p/1");
    }
  }

  @Test
  void noUmaskOpensFilesOrFoldersToOthers() throws Exception {
    for (String umask : List.of("000", "022", "077")) {
      Path directory = parent.resolve("umask" + umask);
      try (PuttingProcess process = PuttingProcess.in(directory, umask)) {
        process.await("done p/0");
        process.kill();
      }
      assertThat(permissions(directory)).as(umask).isEqualTo("rwx------");
      try (Stream<Path> all = Files.walk(directory)) {
        for (Path each : all.toList()) {
          assertThat(permissions(each))
              .as(umask + " " + each)
              .isEqualTo(Files.isDirectory(each) ? "rwx------" : "rw-------");
        }
      }
      LocalSink.in(directory).delete(named("p/0"));
    }
  }

  private static boolean isPart(String name) {
    return name.endsWith(".part");
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
