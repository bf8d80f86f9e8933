package dev.lifeboat.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Random;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys and identities: from where they come, where they are kept, and that they end. */
class KeyTextsTest {
  @TempDir
  Path directory;

  private final byte[] bytes = new byte[32];
  private Path file = Path.of("");

  @BeforeEach
  void choose() {
    new Random(3).nextBytes(bytes);
    file = directory.resolve("secret");
  }

  private void put(String text, String permissions) throws IOException {
    Files.writeString(file, text);
    if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }
  }

  private char[] base64() {
    return Base64.getEncoder().encodeToString(bytes).toCharArray();
  }

  @Test
  void aKeyIsTheSameFromEveryText() throws IOException {
    BackupKey key = BackupKey.ofBase64(base64());
    assertThat(key.bytes()).isEqualTo(bytes);
    assertThat(BackupKey.parse(key.text()).bytes()).isEqualTo(bytes);
    put(new String(base64()) + "\r\n", "rw-------");
    assertThat(BackupKey.file(file).bytes()).isEqualTo(bytes);
    put("\n " + new String(key.text()) + " \n", "r--------");
    assertThat(BackupKey.file(file).bytes()).isEqualTo(bytes);
  }

  @Test
  void idsAreThoseOfTheFormat() throws Exception {
    BackupKey key = BackupKey.ofBase64(base64());
    assertThat(key.id()).isEqualTo(id("lifeboat 1 key id", bytes)).hasSize(16);
    Recipient recipient = Identity.generate().recipient();
    assertThat(recipient.id()).isEqualTo(id("lifeboat 1 recipient id", recipient.publicKey()));
  }

  private static String id(String label, byte[] key) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    digest.update(label.getBytes(US_ASCII));
    return HexFormat.of().formatHex(digest.digest(key), 0, 8);
  }

  /** RFC 7748, section 6.1. */
  @Test
  void thePublicHalfIsThatOfTheRfc() {
    byte[] alice =
        HexFormat.of().parseHex("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a");
    assertThat(Identity.parse(TextForm.IDENTITY.write(alice)).recipient().publicKey())
        .isEqualTo(HexFormat.of()
            .parseHex("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a"));
  }

  @Test
  void whatIsNoBase64OfAKeyIsRefused() {
    String text = new String(base64());
    for (String wrong : new String[] {
      "",
      text.substring(1),
      text.substring(0, 43),
      text + "\n",
      " " + text,
      text.substring(0, 42) + (text.charAt(42) == 'B' ? "C" : "B") + "=",
      "\u0141" + text.substring(1),
      Base64.getEncoder().encodeToString(new byte[31]),
      Base64.getEncoder().encodeToString(new byte[33])
    }) {
      assertThatThrownBy(() -> BackupKey.ofBase64(wrong.toCharArray()))
          .as(wrong)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("a key in base64 is 32 bytes, in 44 characters");
    }
  }

  @Test
  void whatIsWrittenIsReadAndIsOnlyItsOwners() throws IOException {
    BackupKey key = BackupKey.generate();
    key.writeTo(file);
    assertThat(BackupKey.file(file).bytes()).isEqualTo(key.bytes());
    assertThat(Files.readString(file)).isEqualTo(new String(key.text()) + "\n");
    Path other = directory.resolve("identity");
    Identity identity = Identity.generate();
    identity.writeTo(other);
    assertThat(Identity.file(other).bytes()).isEqualTo(identity.bytes());
    assumePosix();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(other)))
        .isEqualTo("rw-------");
  }

  @Test
  void aFileThatIsThereIsLeftAsItIs() throws IOException {
    put("precious", "rw-------");
    assertThatThrownBy(() -> BackupKey.generate().writeTo(file))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThatThrownBy(() -> Identity.generate().writeTo(file))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(Files.readString(file)).isEqualTo("precious");
  }

  @Test
  void aFileThatOthersHaveRightsOnIsRefused() throws IOException {
    assumePosix();
    String text = new String(BackupKey.ofBase64(base64()).text());
    for (String permissions :
        new String[] {"rw-r-----", "rw----r--", "rw--w----", "rw-----w-", "rw---x---", "rw------x"
        }) {
      put(text, permissions);
      String message = "others than its owner have rights on the key file " + file + " ("
          + permissions + "): take them away with chmod 600 " + file;
      assertThatThrownBy(() -> BackupKey.file(file)).hasMessage(message);
      assertThatThrownBy(() -> Identity.file(file)).hasMessage(message);
    }
  }

  private void assumePosix() throws IOException {
    assumeTrue(Files.getFileStore(directory).supportsFileAttributeView("posix"));
  }

  @Test
  void aFileWithoutAKeyIsNamedAndNotQuoted() throws IOException {
    assertThatThrownBy(() -> BackupKey.file(file)).isInstanceOf(NoSuchFileException.class);
    put("hunter2", "rw-------");
    assertThatThrownBy(() -> BackupKey.file(file))
        .isInstanceOf(IOException.class)
        .hasMessage(file + " holds no key: a key begins with lifeboat-key-");
    put("", "rw-------");
    assertThatThrownBy(() -> Identity.file(file))
        .isInstanceOf(IOException.class)
        .hasMessage(file + " holds no identity: an identity begins with lifeboat-identity-");
    put("x".repeat(4097), "rw-------");
    assertThatThrownBy(() -> BackupKey.file(file))
        .isInstanceOf(IOException.class)
        .hasMessage(file + " is no key file: it is larger than 4096 bytes");
  }

  @Test
  void aKeyComesOutOfAKeyStore() throws Exception {
    char[] password = "change it".toCharArray();
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, password);
    KeyStore.ProtectionParameter protection = new KeyStore.PasswordProtection(password);
    store.setEntry(
        "backup", new KeyStore.SecretKeyEntry(new SecretKeySpec(bytes, "AES")), protection);
    store.setEntry(
        "short", new KeyStore.SecretKeyEntry(new SecretKeySpec(bytes, 0, 16, "AES")), protection);
    try (OutputStream out = Files.newOutputStream(file)) {
      store.store(out, password);
    }
    assertThat(BackupKey.keyStore(file, password, "backup").bytes()).isEqualTo(bytes);
    assertThatThrownBy(() -> BackupKey.keyStore(file, password, "short"))
        .isInstanceOf(IOException.class)
        .hasMessage("the key short of the key store " + file + " is not one of 256 bits");
    assertThatThrownBy(() -> BackupKey.keyStore(file, password, "none"))
        .isInstanceOf(IOException.class)
        .hasMessage("the key store " + file + " holds no secret key named none");
    assertThatThrownBy(() -> BackupKey.keyStore(file, "wrong".toCharArray(), "backup"))
        .isInstanceOf(IOException.class);
  }

  @Test
  void arraysOfTheCallerAreCopied() {
    char[] text = base64();
    BackupKey key = BackupKey.ofBase64(text);
    Arrays.fill(text, 'A');
    Arrays.fill(key.text(), 'A');
    Arrays.fill(key.bytes(), (byte) 0);
    assertThat(key.bytes()).isEqualTo(bytes);
    char[] own = TextForm.IDENTITY.write(bytes);
    Identity identity = Identity.parse(own);
    Arrays.fill(own, 'A');
    Arrays.fill(identity.text(), 'A');
    assertThat(identity.bytes()).isEqualTo(bytes);
  }

  @Test
  void textForPeopleHoldsNoSecret() {
    BackupKey key = BackupKey.ofBase64(base64());
    assertThat(key).hasToString("key " + key.id());
    Identity identity = Identity.generate();
    Recipient recipient = identity.recipient();
    assertThat(identity).hasToString("identity of recipient " + recipient.id());
    assertThat(recipient).hasToString(recipient.text());
    assertThat(Recipient.parse(recipient.text())).isEqualTo(recipient).hasSameHashCodeAs(recipient);
    assertThat(Identity.generate().recipient()).isNotEqualTo(recipient);
  }

  @Test
  void whatIsDestroyedIsUsedNoMore() {
    BackupKey key = BackupKey.ofBase64(base64());
    Identity identity = Identity.generate();
    key.destroy();
    identity.destroy();
    assertThat(key.isDestroyed()).isTrue();
    assertThat(identity.isDestroyed()).isTrue();
    for (Runnable use : new Runnable[] {key::text, key::bytes, () -> Encryption.key(key)}) {
      assertThatThrownBy(use::run)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("the key was destroyed");
    }
    for (Runnable use :
        new Runnable[] {identity::text, identity::bytes, () -> Encryption.identity(identity)}) {
      assertThatThrownBy(use::run)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("the identity was destroyed");
    }
    assertThatThrownBy(() -> key.writeTo(file)).hasMessage("the key was destroyed");
    assertThat(file).doesNotExist();
    assertThat(key.id()).hasSize(16);
  }
}
