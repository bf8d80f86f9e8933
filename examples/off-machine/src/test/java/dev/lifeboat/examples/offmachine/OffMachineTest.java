package dev.lifeboat.examples.offmachine;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeboat.crypto.BackupKey;
import dev.lifeboat.storage.s3.S3Server;
import dev.lifeboat.storage.webdav.DavServer;
import dev.lifeboat.storage.webdav.SabreServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kept by one machine and brought back by another: each is a process with a home of its own. */
class OffMachineTest {
  @TempDir
  Path temp;

  @Test
  void onAServerLikeNextcloud() throws Exception {
    try (DavServer server = new SabreServer(Files.createDirectory(temp.resolve("server")))) {
      voyage(
          server.uri().toString(),
          Map.of("WEBDAV_USER", DavServer.USER, "WEBDAV_PASSWORD", DavServer.PASSWORD));
    }
  }

  @Test
  void inABucket() throws Exception {
    try (S3Server server = S3Server.over(Files.createDirectory(temp.resolve("server")))) {
      voyage(
          "s3://" + S3Server.BUCKET + "/far/away",
          Map.of(
              "AWS_ENDPOINT_URL", server.endpoint().toString(),
              "AWS_ACCESS_KEY_ID", S3Server.KEY_ID,
              "AWS_SECRET_ACCESS_KEY", S3Server.SECRET));
    }
  }

  private void voyage(String address, Map<String, String> environment) throws Exception {
    Path database = temp.resolve("till.db");
    Path key = temp.resolve("till.key");
    Machine shop = new Machine(temp.resolve("shop"), environment);
    try (Till till = Till.open(database)) {
      long before = till.sales();
      assertThat(shop.run("keep", address, key.toString(), database.toString()))
          .contains("A new key lies in ")
          .contains(" is COMPLETE, ")
          .contains(", each read back or attested");
      long after = till.sales();
      Files.move(shop.home(), temp.resolve("sunk"));

      Machine empty = new Machine(temp.resolve("empty"), environment);
      Path restored = temp.resolve("restored.db");
      assertThat(empty.run("bring-back", address, key.toString(), restored.toString()))
          .contains(" is restored into " + restored);
      assertThat(Till.salesIn(restored)).isBetween(before, after);

      assertThat(empty.run("list", address, key.toString())).hasLineCount(1).contains("COMPLETE");
      assertNothingButTheKeyOpensIt(empty, address);
    }
    assertNoSaleIsReadableIn(temp.resolve("server"));
  }

  private void assertNothingButTheKeyOpensIt(Machine machine, String address) throws IOException {
    Path other = temp.resolve("other.key");
    BackupKey.generate().writeTo(other);
    Path file = temp.resolve("never.db");
    String told = machine.failing("bring-back", address, other.toString(), file.toString());
    assertThat(told).contains("no good backup of off-machine is in ");
    machine.secrets().forEach(secret -> assertThat(told).doesNotContain(secret));
    assertThat(file).doesNotExist();
  }

  private static void assertNoSaleIsReadableIn(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(new String(Files.readAllBytes(file), ISO_8859_1))
            .as(file.toString())
            .doesNotContain(Till.ARTICLE);
      }
    }
  }
}
