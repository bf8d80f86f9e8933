package dev.lifeboat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.lifeboat.catalog.BackupId;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;

/** What somebody with access to the store may lay in the place of a {@code keys.json}. */
final class HostileKeys {
  private static final String WRAPPED = base64(138);
  private static final String MAC = "0".repeat(64);

  /** Writes the file. */
  interface Body {
    void write(Path file) throws IOException;
  }

  record Hostile(String name, Body body) {}

  private final BackupId id;
  private final List<Hostile> all = new ArrayList<>();

  private HostileKeys(BackupId id) {
    this.id = id;
  }

  /** For a backup of "shop". */
  static List<Hostile> of(BackupId id) {
    HostileKeys hostile = new HostileKeys(id);
    hostile.costs();
    hostile.sizes();
    hostile.documents();
    hostile.texts();
    return hostile.all;
  }

  private void costs() {
    String most = "9223372036854775807";
    for (String memory : List.of(
        "4294967296",
        "1048577",
        most,
        "9223372036854775808",
        "2147483648",
        "0",
        "-1",
        "7",
        "1e999",
        "\"64\"")) {
      slots("memory of " + memory, passphrase("AAAAAAAAAAAAAAAAAAAAAA==", memory, "3", "4"));
    }
    for (String passes : List.of("2147483648", "17", most, "0", "-1", "null")) {
      slots("passes " + passes, passphrase("AAAAAAAAAAAAAAAAAAAAAA==", "65536", passes, "4"));
    }
    for (String lanes : List.of("2147483648", "17", most, "0", "-1")) {
      slots("lanes " + lanes, passphrase("AAAAAAAAAAAAAAAAAAAAAA==", "65536", "3", lanes));
    }
    // within the bounds, and more than this heap has
    slots("the dearest", passphrase("AAAAAAAAAAAAAAAAAAAAAA==", "1048576", "16", "16"));
    slots(
        "the dearest, 16 times",
        String.join(
            ",",
            Collections.nCopies(
                16, passphrase("AAAAAAAAAAAAAAAAAAAAAA==", "1048576", "16", "16"))));
    List<String> different = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      different.add(passphrase(
          Base64.getEncoder()
              .encodeToString(new byte[] {(byte) i, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}),
          "1048576",
          "16",
          "16"));
    }
    slots("the dearest with 16 salts", String.join(",", different));
    slots("the dearest with 4 salts", String.join(",", different.subList(0, 4)));
    slots("a salt of 45000 bytes", passphrase(base64(30_000), "65536", "3", "4"));
    slots("no salt", passphrase("", "65536", "3", "4"));
  }

  private void sizes() {
    String one = "{\"type\":\"x\"}";
    add("a million slots", file -> {
      StringBuilder slots = new StringBuilder();
      for (int i = 0; i < 1_000_000; i++) {
        slots.append(i == 0 ? "" : ",").append("{}");
      }
      Files.writeString(file, file(keys(slots.toString())));
    });
    slots("4000 slots", String.join(",", Collections.nCopies(4000, one.replace("\"x\"", "1"))));
    slots("17 slots", String.join(",", Collections.nCopies(17, one)));
    add("2 GiB of nothing", file -> {
      try (FileChannel channel =
          FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
        channel.write(java.nio.ByteBuffer.wrap(new byte[] {'}'}), (2L << 30) - 1);
      }
    });
    add("64 KiB of zeros", file -> Files.write(file, new byte[64 << 10]));
    add("a byte too much", file -> Files.writeString(file, file(keys(one)) + " ".repeat(64 << 10)));
    slots(
        "45000 bytes wrapped",
        "{\"type\":\"key\",\"key\":\"0123456789abcdef\",\"wrapped\":\"" + base64(30_000) + "\"}");
    slots(
        "a service's 4097 bytes",
        "{\"type\":\"wrap\",\"by\":\"x\",\"wrapped\":\"" + base64(4097) + "\"}");
    slots("30000 letters for a type", "{\"type\":\"" + "t".repeat(30_000) + "\"}");
  }

  private void documents() {
    for (String document : List.of(
        "",
        " ",
        "null",
        "[]",
        "{}",
        "\ufeff{}",
        "{\"format\":1}",
        "{\"format\":1e999,\"keys\":\"\",\"mac\":\"\"}",
        "{\"format\":-1,\"keys\":\"\",\"mac\":\"\"}",
        "{\"format\":9223372036854775807,\"keys\":\"\",\"mac\":\"\"}",
        "{\"format\":1,\"format\":1}",
        "{\"format\":1,\"keys\":{},\"mac\":\"\"}",
        "{\"format\":1,\"keys\":\"\",\"mac\":1}",
        "[".repeat(60_000),
        "{\"a\":".repeat(10_000),
        HostileManifests.EVIL)) {
      add(
          "the document " + document.substring(0, Math.min(40, document.length())),
          file -> Files.writeString(file, document));
    }
    for (String keys : List.of(
        "",
        "null",
        "[]",
        "{}",
        "[".repeat(30_000),
        "{\"a\":".repeat(8_000),
        "{\"series\":\"shop\"}",
        "x".repeat(60_000),
        keys(""),
        keys("[]"),
        keys("1"),
        keys("null"),
        keys("{}"),
        keys("{\"type\":{}}"),
        keys("[".repeat(20_000)))) {
      add(
          "the keys " + keys.substring(0, Math.min(40, keys.length())),
          file -> Files.writeString(file, file(keys)));
    }
    add(
        "no text",
        file ->
            Files.write(file, new byte[] {'{', '"', (byte) 0xff, (byte) 0xfe, '"', ':', '1', '}'}));
    add(
        "zeros in the text",
        file -> Files.writeString(
            file,
            "{\"format\":1,\"keys\":\"" + "\\u0000".repeat(10_000) + "\",\"mac\":\"" + MAC
                + "\"}"));
  }

  private void texts() {
    String evil = HostileManifests.EVIL;
    slots("a hostile type", "{\"type\":\"" + evil + "\"}");
    slots(
        "a hostile key",
        "{\"type\":\"key\",\"key\":\"" + evil + "\",\"wrapped\":\"" + WRAPPED + "\"}");
    slots(
        "a hostile recipient",
        "{\"type\":\"x25519\",\"recipient\":\"" + evil + "\",\"enc\":\"" + base64(32)
            + "\",\"wrapped\":\"" + base64(48) + "\"}");
    slots("a hostile service", "{\"type\":\"wrap\",\"by\":\"" + evil + "\",\"wrapped\":\"AAAA\"}");
    slots(
        "a hostile kdf",
        passphrase("AAAAAAAAAAAAAAAAAAAAAA==", "65536", "3", "4").replace("argon2id", evil));
    slots("a hostile member", "{\"type\":\"key\",\"" + evil + "\":1,\"" + evil + "\":2}");
    slots(
        "hostile base64",
        "{\"type\":\"key\",\"key\":\"0123456789abcdef\",\"wrapped\":\"" + evil + "\"}");
    add(
        "a hostile mac",
        file -> Files.writeString(file, file(keys("{\"type\":\"x\"}")).replace(MAC, evil)));
    add(
        "a hostile series",
        file -> Files.writeString(file, file(keys("{\"type\":\"x\"}").replace("shop", evil))));
    add(
        "another backup",
        file -> Files.writeString(
            file, file(keys("{\"type\":\"x\"}").replace(id.toString(), "../../etc/passwd"))));
  }

  private static String passphrase(String salt, String memory, String passes, String lanes) {
    return "{\"type\":\"passphrase\",\"kdf\":\"argon2id\",\"salt\":\"" + salt + "\",\"memoryKiB\":"
        + memory + ",\"passes\":" + passes + ",\"lanes\":" + lanes + ",\"wrapped\":\"" + WRAPPED
        + "\"}";
  }

  private String keys(String slots) {
    return "{\"series\":\"shop\",\"backup\":\"" + id + "\",\"slots\":[" + slots + "]}";
  }

  private static String file(String keys) {
    return "{\"format\":1,\"keys\":\"" + keys.replace("\\", "\\\\").replace("\"", "\\\"")
        + "\",\"mac\":\"" + MAC + "\"}";
  }

  private void slots(String name, String slots) {
    add(name, file -> Files.write(file, file(keys(slots)).getBytes(UTF_8)));
  }

  private void add(String name, Body body) {
    all.add(new Hostile(name, body));
  }

  private static String base64(int bytes) {
    return Base64.getEncoder().encodeToString(new byte[bytes]);
  }
}
