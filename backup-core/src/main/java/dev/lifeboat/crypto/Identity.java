package dev.lifeboat.crypto;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Objects;
import javax.security.auth.Destroyable;

/**
 * The private half (X25519) of a {@link Recipient}. Made once, printed, kept off the machine.
 *
 * <p>{@code toString} shows the recipient's id, never the key. After {@link #destroy} nothing but {@code recipient} and {@code toString}
 * can be asked; an {@link Encryption} that was made with it has a copy of its own. Safe for several threads.
 */
public final class Identity implements Destroyable {
  private static final int LENGTH = 32;

  private final Secret secret;
  private final Recipient recipient;

  private Identity(byte[] bytes) {
    this.secret = new Secret("the identity", bytes);
    this.recipient = Recipient.of(bytes);
  }

  /** A new one. */
  public static Identity generate() {
    byte[] bytes = new byte[LENGTH];
    new SecureRandom().nextBytes(bytes);
    return new Identity(bytes);
  }

  /**
   * An identity from its text, as {@link #text} gives it. Case, blanks, line ends and dashes do not matter, {@code o} is taken for
   * {@code 0}, {@code i} and {@code l} for {@code 1}.
   *
   * @param text copied, the caller wipes its own
   * @throws IllegalArgumentException if it is no such text, or mistyped
   */
  public static Identity parse(char[] text) {
    Objects.requireNonNull(text, "text");
    return new Identity(TextForm.IDENTITY.read(text));
  }

  /**
   * An identity from a file that holds its text, in one line.
   *
   * @throws IOException if it cannot be read or holds no identity, or others than its owner have any rights on it
   */
  public static Identity file(Path file) throws IOException {
    Objects.requireNonNull(file, "file");
    char[] text = KeyFiles.read(file);
    try {
      return parse(text);
    } catch (IllegalArgumentException e) {
      throw new IOException(file + " holds no identity: " + e.getMessage(), e);
    } finally {
      Arrays.fill(text, '\0');
    }
  }

  /** The public half, for the hosts that write. */
  public Recipient recipient() {
    return recipient;
  }

  /**
   * The identity as text, to be printed or kept by a password manager. The caller wipes it.
   *
   * @throws IllegalStateException if it was destroyed
   */
  public char[] text() {
    byte[] bytes = bytes();
    try {
      return TextForm.IDENTITY.write(bytes);
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  /**
   * Makes a file with the identity's text, that only its owner can read, durably.
   *
   * @throws java.nio.file.FileAlreadyExistsException if the name is taken; that file stays as it was
   * @throws IOException if it cannot be written; then there is none
   * @throws IllegalStateException if it was destroyed
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

  /** A copy of the bytes, which the caller wipes. */
  byte[] bytes() {
    return secret.copy();
  }

  /** Another of the same bits, with a life of its own. */
  Identity copy() {
    return new Identity(bytes());
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

  /** Its recipient's id. */
  @Override
  public String toString() {
    return "identity of recipient " + recipient.id();
  }
}
