package dev.lifeboat.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.security.auth.Destroyable;

/** One backup's data key, and the keys that come of it. For several threads. */
final class DataKey implements Destroyable {
  static final int LENGTH = 32;
  static final Pattern MAC = Pattern.compile("[0-9a-f]{64}");

  private static final String FORMAT = "lifeboat 1 ";

  private final Secret secret;
  private final Place place;

  /** Takes the bytes over. */
  DataKey(byte[] bytes, Place place) {
    this.secret = new Secret("the data key", bytes);
    this.place = place;
  }

  static DataKey random(Place place) {
    byte[] bytes = new byte[LENGTH];
    new SecureRandom().nextBytes(bytes);
    return new DataKey(bytes, place);
  }

  Place place() {
    return place;
  }

  /** A copy of the data key itself, which the caller wipes. */
  byte[] bytes() {
    return secret.copy();
  }

  /** The key for one component, which the caller wipes. */
  byte[] component(String name) {
    return derive("component " + name);
  }

  /** The key for what is sealed, which the caller wipes. */
  byte[] seal() {
    return derive("seal");
  }

  String macOfKeys(byte[] text) {
    return mac("keys", text);
  }

  String mac(Purpose purpose, byte[] message) {
    return mac(purpose.label(), message);
  }

  /** Compares in a time that tells nothing. */
  static boolean isSameMac(String one, String other) {
    return MessageDigest.isEqual(one.getBytes(UTF_8), other.getBytes(UTF_8));
  }

  @Override
  public void destroy() {
    secret.destroy();
  }

  @Override
  public boolean isDestroyed() {
    return secret.isDestroyed();
  }

  private String mac(String use, byte[] message) {
    byte[] key = derive(use);
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal(message));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA256", e);
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  private byte[] derive(String use) {
    byte[] bytes = bytes();
    byte[] extracted = Hkdf.SHA_384.extract(place.bytes(), bytes);
    try {
      return Hkdf.SHA_384.expand(extracted, (FORMAT + use).getBytes(US_ASCII), LENGTH);
    } finally {
      Arrays.fill(bytes, (byte) 0);
      Arrays.fill(extracted, (byte) 0);
    }
  }
}
