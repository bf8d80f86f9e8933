package dev.lifeboat.examples.quickstart;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeboat.crypto.Authentication;
import dev.lifeboat.crypto.Encryption;
import dev.lifeboat.crypto.Purpose;
import dev.lifeboat.crypto.Seal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What somebody can make who knows FORMAT.md and has none of the secrets. */
final class Forger {
  private Forger() {}

  /** As FORMAT.md has it, with the keys of whoever writes it. */
  static byte[] mark(String id, String of, @Nullable Encryption encryption) throws IOException {
    String text = "{\"backup\": \"" + of + "\", \"series\": \"shop\", \"kind\": \"deleted\","
        + " \"at\": \"2026-02-15T00:00:00Z\", \"by\": \"\", \"why\": \"\"}";
    String rest = "";
    if (encryption != null) {
      try (Seal seal = encryption.seal("shop", id)) {
        Authentication authentication =
            encryption.authenticate(Purpose.MARK, text.getBytes(UTF_8), Optional.of(seal));
        rest = ", \"mac\": \"" + authentication.mac().orElseThrow() + "\", \"keys\": "
            + quoted(new String(seal.keys(), UTF_8));
      }
    }
    return ("{\"format\": 1, \"mark\": " + quoted(text) + ", \"sha256\": \"" + "0".repeat(64) + "\""
            + rest + "}")
        .getBytes(UTF_8);
  }

  private static String quoted(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
  }

  /** Passphrase slots that cost little and open for nobody, each with a salt of its own. */
  static String manySalts(String id, int count) {
    List<String> slots = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String salt =
          Base64.getEncoder().encodeToString(UUID.randomUUID().toString().getBytes(UTF_8));
      slots.add("{\"type\": \"passphrase\", \"kdf\": \"argon2id\", \"salt\": \"" + salt
          + "\", \"memoryKiB\": 8, \"passes\": 1, \"lanes\": 1, \"wrapped\": \"AAAA\"}");
    }
    String keys = "{\"series\": \"shop\", \"backup\": \"" + id + "\", \"slots\": ["
        + String.join(", ", slots) + "]}";
    return "{\"format\": 1, \"keys\": " + quoted(keys) + ", \"mac\": \"" + "0".repeat(64) + "\"}";
  }

  /** From the only backup. */
  static void takeSignature(Path sink) throws IOException {
    edit(
        KitTests.catalog(sink).resolve(KitTests.idOf(sink) + ".auth"),
        ",\\s*\"signature\": \"[^\"]*\"",
        "");
    edit(
        KitTests.catalog(sink).resolve(KitTests.idOf(sink) + ".auth"),
        ",\\s*\"signer\": \"[^\"]*\"",
        "");
  }

  /** Changes a text; to change nothing is a mistake. */
  static void edit(Path file, String before, String after) throws IOException {
    String text = Files.readString(file);
    String changed = text.replaceAll(before, after);
    assertThat(changed).isNotEqualTo(text);
    Files.writeString(file, changed);
  }
}
