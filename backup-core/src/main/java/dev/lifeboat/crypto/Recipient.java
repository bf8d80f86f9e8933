package dev.lifeboat.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import java.util.Objects;
import org.bouncycastle.math.ec.rfc7748.X25519;

/** The public half of an {@link Identity}: backups can be made for it, and not be read with it. One line of text. */
public final class Recipient {
  private static final byte[] ID = "lifeboat 1 recipient id".getBytes(US_ASCII);

  private final byte[] publicKey;
  private final String id;

  private Recipient(byte[] publicKey) {
    this.publicKey = publicKey;
    this.id = Fingerprint.id(ID, publicKey);
  }

  /** The public half of 32 private bytes. */
  static Recipient of(byte[] privateKey) {
    byte[] publicKey = new byte[X25519.POINT_SIZE];
    X25519.generatePublicKey(privateKey, 0, publicKey, 0);
    return new Recipient(publicKey);
  }

  /**
   * A recipient from its text, as {@link #text} gives it. Case, blanks, line ends and dashes do not matter, {@code o} is taken for
   * {@code 0}, {@code i} and {@code l} for {@code 1}.
   *
   * @throws IllegalArgumentException if it is no such text, or mistyped, or no key that could be anybody's
   */
  public static Recipient parse(String text) {
    Objects.requireNonNull(text, "text");
    char[] characters = text.toCharArray();
    byte[] publicKey;
    try {
      publicKey = TextForm.RECIPIENT.read(characters);
    } finally {
      Arrays.fill(characters, '\0'); // it may be an identity, by mistake
    }
    byte[] any = new byte[X25519.SCALAR_SIZE];
    if (!X25519.calculateAgreement(any, 0, publicKey, 0, new byte[X25519.POINT_SIZE], 0)) {
      throw new IllegalArgumentException(
          "not a recipient's key: anybody could read what is made for it");
    }
    return new Recipient(publicKey);
  }

  /** The one line of text, which need not be kept secret, but from being replaced. */
  public String text() {
    return new String(TextForm.RECIPIENT.write(publicKey));
  }

  /** 16 hexadecimal digits that tell one recipient from another. */
  public String id() {
    return id;
  }

  byte[] publicKey() {
    return publicKey.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Recipient recipient && Arrays.equals(publicKey, recipient.publicKey);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(publicKey);
  }

  /** Its text. */
  @Override
  public String toString() {
    return text();
  }
}
