package dev.lifeboat.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeboat.codec.EncodingStream;
import dev.lifeboat.json.Json;
import dev.lifeboat.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;
import org.junit.jupiter.api.Test;

/** The bytes are those that section 7 of FORMAT.md names: they are opened here by that text alone. */
class FormatTest {
  private static final String SERIES = "shop";
  private static final String BACKUP = "20260214T143045Z-manual-k7f3q2ab";
  private static final String C = SERIES + "/" + BACKUP;
  private static final byte[] CONTENT = "what nobody else may read".getBytes(UTF_8);

  private final BackupKey key = BackupKey.generate();
  private final Identity identity = Identity.generate();
  private final Encryption encryption = Encryption.passphrase(
          "correct h\u00f6rse".toCharArray(), new Cost(19 << 10, 2, 2), Argon2.here())
      .alsoFor(key)
      .alsoFor(identity.recipient());
  private final Seal seal;
  private final JsonObject file;
  private final List<JsonObject> slots;
  private final byte[] dataKey;

  FormatTest() throws IOException {
    seal = encryption.seal(SERIES, BACKUP);
    file = Json.parse(seal.keys());
    JsonObject keys = Json.parse(file.string("keys").getBytes(UTF_8));
    assertThat(file.number("format")).isEqualTo(1);
    assertThat(keys.string("series")).isEqualTo(SERIES);
    assertThat(keys.string("backup")).isEqualTo(BACKUP);
    slots = keys.objects("slots");
    assertThat(slots).hasSize(3);
    dataKey = floe(key.bytes(), C + " slot", base64(slots.get(1).string("wrapped")));
    assertThat(dataKey).hasSize(32);
  }

  @Test
  void theSlotOfAKey() throws IOException {
    assertThat(slots.get(1).names()).containsExactly("type", "key", "wrapped");
    assertThat(slots.get(1).string("type")).isEqualTo("key");
    assertThat(slots.get(1).string("key")).isEqualTo(key.id());
  }

  @Test
  void theSlotOfAPassphrase() throws IOException {
    JsonObject slot = slots.get(0);
    assertThat(slot.names())
        .containsExactly("type", "kdf", "salt", "memoryKiB", "passes", "lanes", "wrapped");
    assertThat(slot.string("type")).isEqualTo("passphrase");
    assertThat(slot.string("kdf")).isEqualTo("argon2id");
    assertThat(slot.number("memoryKiB")).isEqualTo(19_456);
    assertThat(slot.number("passes")).isEqualTo(2);
    assertThat(slot.number("lanes")).isEqualTo(2);
    Argon2BytesGenerator generator = new Argon2BytesGenerator();
    generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
        .withVersion(0x13)
        .withSalt(base64(slot.string("salt")))
        .withMemoryAsKB(19_456)
        .withIterations(2)
        .withParallelism(2)
        .build());
    byte[] derived = new byte[32];
    generator.generateBytes("correct h\u00f6rse".getBytes(UTF_8), derived);
    assertThat(floe(derived, C + " slot", base64(slot.string("wrapped")))).isEqualTo(dataKey);
  }

  @Test
  void theSlotOfARecipient() throws IOException {
    JsonObject slot = slots.get(2);
    assertThat(slot.names()).containsExactly("type", "recipient", "enc", "wrapped");
    assertThat(slot.string("type")).isEqualTo("x25519");
    assertThat(slot.string("recipient")).isEqualTo(identity.recipient().id());
    assertThat(new Hpke("lifeboat 1 slot")
            .open(identity, C.getBytes(UTF_8), slot.string("enc"), slot.string("wrapped")))
        .isEqualTo(dataKey);
  }

  @Test
  void theMacs() throws Exception {
    assertThat(file.string("mac")).isEqualTo(mac("keys", file.string("keys").getBytes(UTF_8)));
    assertMac(Purpose.MANIFEST, "manifest");
    assertMac(Purpose.MARK, "mark");
  }

  private void assertMac(Purpose purpose, String use) throws Exception {
    assertThat(encryption.authenticate(purpose, CONTENT, Optional.of(seal)))
        .isEqualTo(
            new Authentication(Optional.of(mac(use, CONTENT)), Optional.empty(), Optional.empty()));
  }

  @Test
  void aComponent() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (EncodingStream stream = seal.codec("orders").encode(out, Runnable::run)) {
      stream.write(CONTENT);
      stream.finish();
    }
    assertThat(floe(derived("component orders"), C + "/orders", out.toByteArray()))
        .isEqualTo(CONTENT);
  }

  @Test
  void whatIsSealed() throws IOException {
    for (String what : List.of("details", "mark")) {
      assertThat(floe(derived("seal"), C + " " + what, base64(seal.conceal(CONTENT, what))))
          .isEqualTo(CONTENT);
    }
    SealedFor words = encryption.conceal(CONTENT, SERIES, BACKUP).get(0);
    assertThat(words.recipient()).isEqualTo(identity.recipient().id());
    assertThat(new Hpke("lifeboat 1 mark")
            .open(identity, C.getBytes(UTF_8), words.enc(), words.wrapped()))
        .isEqualTo(CONTENT);
  }

  private String mac(String use, byte[] message) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(derived(use), "HmacSHA256"));
    return HexFormat.of().formatHex(mac.doFinal(message));
  }

  private byte[] derived(String use) {
    byte[] extracted = Hkdf.SHA_384.extract(C.getBytes(UTF_8), dataKey);
    return Hkdf.SHA_384.expand(extracted, ("lifeboat 1 " + use).getBytes(UTF_8), 32);
  }

  private static byte[] floe(byte[] key, String aad, byte[] sealed) throws IOException {
    return new FloeCodec(new FloeParameters(65_536, 20), key, aad.getBytes(UTF_8))
        .decode(new ByteArrayInputStream(sealed))
        .readAllBytes();
  }

  private static byte[] base64(String text) {
    return Base64.getDecoder().decode(text);
  }
}
