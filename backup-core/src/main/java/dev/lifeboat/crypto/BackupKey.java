package dev.lifeboat.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Objects;
import javax.crypto.SecretKey;
import javax.security.auth.Destroyable;

/**
 * 256 random bits that open backups and make them. Made once by {@link #generate}, kept in a file, a key store or on paper.
 *
 * <p>{@code toString} shows the key's id, never the key. After {@link #destroy} nothing but {@code id} and {@code toString} can be
 * asked; an {@link Encryption} that was made with it has a copy of its own. Safe for several threads.
 */
public final class BackupKey implements Destroyable {
  /** Bytes of a key. */
  static final int LENGTH = 32;

  private static final byte[] ID = "lifeboat 1 key id".getBytes(US_ASCII);
  private static final int BASE64 = 44;

  private final Secret secret;
  private final String id;

  private BackupKey(byte[] bytes) {
    this.secret = new Secret("the key", bytes);
    this.id = Fingerprint.id(ID, bytes);
  }

  /** A new one. */
  public static BackupKey generate() {
    byte[] bytes = new byte[LENGTH];
    new SecureRandom().nextBytes(bytes);
    return new BackupKey(bytes);
  }

  /**
   * A key in base64, as from {@code openssl rand -base64 32}.
   *
   * @param base64 44 characters; copied, the caller wipes its own
   * @throws IllegalArgumentException if it is not base64 of 32 bytes
   */
  public static BackupKey ofBase64(char[] base64) {
    Objects.requireNonNull(base64, "base64");
    byte[] ascii = new byte[base64.length];
    byte[] bytes = new byte[0];
    try {
      for (int i = 0; i < ascii.length; i++) {
        ascii[i] = base64[i] < 128 ? (byte) base64[i] : (byte) '?';
      }
      bytes = decode(ascii);
      byte[] again = Base64.getEncoder().encode(bytes);
      boolean same = Arrays.equals(again, ascii);
      Arrays.fill(again, (byte) 0);
      if (bytes.length != LENGTH || !same) {
        throw new IllegalArgumentException("a key in base64 is 32 bytes, in 44 characters");
      }
      return new BackupKey(bytes.clone());
    } finally {
      Arrays.fill(ascii, (byte) 0);
      Arrays.fill(bytes, (byte) 0);
    }
  }

  private static byte[] decode(byte[] ascii) {
    try {
      return Base64.getDecoder().decode(ascii);
    } catch (IllegalArgumentException e) {
      // its own words quote
      throw new IllegalArgumentException("a key in base64 is 32 bytes, in 44 characters");
    }
  }

  /**
   * A key from its text, as {@link #text} gives it. Case, blanks, line ends and dashes do not matter, {@code o} is taken for {@code 0},
   * {@code i} and {@code l} for {@code 1}.
   *
   * @param text copied, the caller wipes its own
   * @throws IllegalArgumentException if it is no such text, or mistyped
   */
  public static BackupKey parse(char[] text) {
    Objects.requireNonNull(text, "text");
    return new BackupKey(TextForm.KEY.read(text));
  }

  /**
   * A key from a file that holds its text or its base64, in one line.
   *
   * @throws IOException if it cannot be read or holds no key, or others than its owner have any rights on it
   */
  public static BackupKey file(Path file) throws IOException {
    Objects.requireNonNull(file, "file");
    char[] text = KeyFiles.read(file);
    try {
      return text.length == BASE64 && !TextForm.isMeant(text) ? ofBase64(text) : parse(text);
    } catch (IllegalArgumentException e) {
      throw new IOException(file + " holds no key: " + e.getMessage(), e);
    } finally {
      Arrays.fill(text, '\0');
    }
  }

  /**
   * A secret key of 256 bits from a key store of type PKCS #12.
   *
   * @param password of the store and the key; the caller wipes it
   * @throws IOException if the store cannot be read or opened with that password, or holds no such key
   */
  public static BackupKey keyStore(Path pkcs12, char[] password, String alias) throws IOException {
    Objects.requireNonNull(pkcs12, "pkcs12");
    Objects.requireNonNull(password, "password");
    Objects.requireNonNull(alias, "alias");
    Key key;
    try (InputStream in = Files.newInputStream(pkcs12)) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(in, password);
      key = store.getKey(alias, password);
    } catch (GeneralSecurityException e) {
      throw new IOException("the key store " + pkcs12 + " does not give its key " + alias, e);
    }
    if (!(key instanceof SecretKey)) {
      throw new IOException("the key store " + pkcs12 + " holds no secret key named " + alias);
    }
    byte[] bytes = key.getEncoded();
    if (bytes == null || bytes.length != LENGTH) {
      throw new IOException(
          "the key " + alias + " of the key store " + pkcs12 + " is not one of 256 bits");
    }
    return new BackupKey(bytes);
  }

  /**
   * The key as text, to be printed or kept by a password manager. The caller wipes it.
   *
   * @throws IllegalStateException if the key was destroyed
   */
  public char[] text() {
    byte[] bytes = bytes();
    try {
      return TextForm.KEY.write(bytes);
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  /**
   * Makes a file with the key's text, that only its owner can read, durably.
   *
   * @throws java.nio.file.FileAlreadyExistsException if the name is taken; that file stays as it was
   * @throws IOException if it cannot be written; then there is none
   * @throws IllegalStateException if the key was destroyed
   */
  public void writeTo(Path file) throws IOException {
    Objects.requireNonNull(file, "file");
    char[] text = text();
    try {
      KeyFiles.write(file, text);
    } finally {
      Arrays.fill(text, '\0');
    }
  }

  /** 16 hexadecimal digits that tell one key from another, and nothing about it. */
  public String id() {
    return id;
  }

  /** A copy of the bytes, which the caller wipes. */
  byte[] bytes() {
    return secret.copy();
  }

  /** Another of the same bits, with a life of its own. */
  BackupKey copy() {
    return new BackupKey(bytes());
  }

  /** Wipes it. */
  @Override
  public void destroy() {
    secret.destroy();
  }

  @Override
  public boolean isDestroyed() {
    return secret.isDestroyed();
  }

  /** Its id. */
  @Override
  public String toString() {
    return "key " + id;
  }
}
