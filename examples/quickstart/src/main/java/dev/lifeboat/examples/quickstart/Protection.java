package dev.lifeboat.examples.quickstart;

import dev.lifeboat.crypto.BackupKey;
import dev.lifeboat.crypto.Encryption;
import dev.lifeboat.crypto.Identity;
import dev.lifeboat.crypto.Recipient;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Optional;

/**
 * Who can read the backups.
 *
 * @param host what the shop encrypts with; empty if backups lie in clear
 * @param reader what reads them; the same as the host's, another machine's, or nothing that is here
 */
record Protection(Optional<Encryption> host, Optional<Encryption> reader) {
  /** Backups in clear. */
  static final Protection NONE = new Protection(Optional.empty(), Optional.empty());

  /** Whether the host can read what it wrote. */
  boolean isReadHere() {
    return host.equals(reader);
  }

  /**
   * From a passphrase: the one in the environment's {@code LIFEBOAT_PASSPHRASE}, or else a new one, which is printed. A
   * passphrase on a command line could be read by every user of the machine.
   */
  static Protection passphrase(Optional<String> given, PrintStream out) {
    char[] passphrase;
    if (given.isPresent()) {
      passphrase = given.get().toCharArray();
    } else {
      BackupKey random = BackupKey.generate();
      char[] text = random.text();
      passphrase = Arrays.copyOfRange(text, text.length - 31, text.length);
      Arrays.fill(text, ' ');
      random.destroy();
      out.println(
          "The passphrase, without which nobody reads the backups: " + new String(passphrase));
    }
    Optional<Encryption> encryption = Optional.of(Encryption.passphrase(passphrase));
    Arrays.fill(passphrase, ' ');
    return new Protection(encryption, encryption);
  }

  /** From a file with a key; one that is not there is made. */
  static Protection keyFile(Path file, PrintStream out) throws IOException {
    if (!Files.exists(file)) {
      BackupKey.generate().writeTo(file);
      out.println("A new key lies in " + file.toAbsolutePath()
          + ". Keep a copy of it away from the backups: without it nobody reads them.");
    }
    Optional<Encryption> encryption = Optional.of(Encryption.key(BackupKey.file(file)));
    return new Protection(encryption, encryption);
  }

  /** For somebody who has the private half elsewhere. */
  static Protection recipient(String text) {
    Encryption host =
        Encryption.recipients(Recipient.parse(text)).signedBy(signingKey().getPrivate());
    return new Protection(Optional.of(host), Optional.empty());
  }

  /** The same with both machines in one program: the shop, and the office that has the private half. */
  static Protection office(Path file, PrintStream out) throws IOException {
    Identity office = Identity.generate();
    office.writeTo(file);
    out.println("The office's identity lies in " + file.toAbsolutePath() + "; the shop knows only "
        + office.recipient().text());
    KeyPair shop = signingKey();
    return new Protection(
        Optional.of(Encryption.recipients(office.recipient()).signedBy(shop.getPrivate())),
        Optional.of(Encryption.identity(office)
            .signedBy(signingKey().getPrivate()) // it writes too: the backup before a restore
            .trusting(shop.getPublic())));
  }

  private static KeyPair signingKey() {
    try {
      return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform since 15 has Ed25519", e);
    }
  }
}
