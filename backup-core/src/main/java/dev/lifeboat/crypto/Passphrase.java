package dev.lifeboat.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.lifeboat.codec.DamagedDataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.security.auth.Destroyable;
import org.jspecify.annotations.Nullable;

/**
 * Makes and opens slots with a passphrase. What was made of it at some cost is remembered, so that backups whose slots have the same salt
 * cost that once; a series that is known gets a salt of its own, so that strangers' slots cannot hide ours among many. For several threads, of which one at a time computes.
 */
final class Passphrase implements SlotWriter, SlotReader, Destroyable {
  private static final int SHORTEST = 8;
  private static final int SALT = 16;
  private static final int MOST_BYTES = 3;
  private static final int MOST_REMEMBERED = 256;

  /** So often costly work may turn out to be for nothing before a listing does no more of it. */
  private static final int MOST_WASTED = 16;

  private final Secret secret;
  private final Cost cost;
  private final Kdf kdf;
  private final Map<Work, byte[]> done = new LinkedHashMap<>();
  private final Map<String, String> ofSeries = new HashMap<>();
  private final Set<String> known = new HashSet<>();
  private @Nullable Salt newest;
  private int wasted;

  /** What was computed. */
  private record Work(String salt, Cost cost) {}

  /** A salt, and the newest backup that has it. */
  private record Salt(String salt, String backup) {}

  /**
   * A passphrase.
   *
   * @param cost of new slots
   * @throws IllegalArgumentException if it is too short, or no text
   */
  Passphrase(char[] passphrase, Cost cost, Kdf kdf) {
    this.secret = new Secret("the passphrase", utf8(passphrase));
    this.cost = cost;
    this.kdf = kdf;
  }

  @Override
  public String name() {
    return "passphrase";
  }

  @Override
  public Rank rank() {
    return Rank.PASSPHRASE;
  }

  @Override
  public synchronized Slot write(byte[] dataKey, Place place) throws IOException {
    String salt = ofSeries.get(place.series());
    if (salt == null) {
      salt = newest != null ? newest.salt() : randomSalt();
    }
    byte[] key = key(new Work(salt, cost));
    try {
      remember(salt, place);
      return new Slot.OfPassphrase(salt, cost, Wrapped.of(key, place, dataKey));
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  @Override
  public boolean fits(Slot slot) {
    return slot instanceof Slot.OfPassphrase;
  }

  @Override
  public synchronized boolean isCheap(Slot slot) {
    Slot.OfPassphrase of = (Slot.OfPassphrase) slot;
    return done.containsKey(new Work(of.salt(), of.cost()))
        || (of.cost().equals(cost) && (known.contains(of.salt()) || wasted < MOST_WASTED));
  }

  /** One salt for all of a series is worth its one computation, whatever else somebody has put there. */
  @Override
  public synchronized void know(String series, String identity) {
    byte[] hash = Fingerprint.sha256(
        "lifeboat 1 salt ".getBytes(UTF_8),
        series.getBytes(UTF_8),
        "/".getBytes(UTF_8),
        identity.getBytes(UTF_8));
    String salt = Base64Text.of(Arrays.copyOf(hash, SALT));
    ofSeries.put(series, salt);
    known.add(salt); // a series of the same name in another sink has another one
  }

  @Override
  public synchronized Optional<byte[]> open(Slot slot, Place place) throws IOException {
    Slot.OfPassphrase of = (Slot.OfPassphrase) slot;
    Work work = new Work(of.salt(), of.cost());
    boolean anew = !done.containsKey(work);
    byte[] key = key(work);
    try {
      byte[] dataKey = Wrapped.open(key, place, of.wrapped());
      if (of.cost().equals(cost)) {
        remember(of.salt(), place);
      }
      return Optional.of(dataKey);
    } catch (DamagedDataException e) {
      wasted += anew ? 1 : 0;
      return Optional.empty(); // most likely made with another passphrase
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  @Override
  public boolean isAsWritten(Slot slot, byte[] dataKey, Place place) {
    if (!(slot instanceof Slot.OfPassphrase of) || !of.cost().equals(cost)) {
      return false;
    }
    try {
      Optional<byte[]> opened = open(slot, place);
      boolean same = opened.isPresent() && MessageDigest.isEqual(opened.get(), dataKey);
      opened.ifPresent(bytes -> Arrays.fill(bytes, (byte) 0));
      return same;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public synchronized void destroy() {
    secret.destroy();
    done.values().forEach(key -> Arrays.fill(key, (byte) 0));
    done.clear();
  }

  @Override
  public boolean isDestroyed() {
    return secret.isDestroyed();
  }

  /** A copy, which the caller wipes. */
  private byte[] key(Work work) throws IOException {
    byte[] passphrase = secret.copy();
    try {
      byte[] key = done.get(work);
      if (key == null) {
        forgetTheOldest();
        key = kdf.derive(passphrase, Base64Text.bytes(work.salt()), work.cost());
        done.put(work, key);
      }
      return key.clone();
    } finally {
      Arrays.fill(passphrase, (byte) 0);
    }
  }

  private void forgetTheOldest() {
    if (done.size() >= MOST_REMEMBERED) {
      Work oldest = done.keySet().iterator().next();
      byte[] key = done.remove(oldest);
      if (key != null) {
        Arrays.fill(key, (byte) 0);
      }
    }
  }

  /** The ids of backups sort by time. */
  private void remember(String salt, Place place) {
    if (newest == null || newest.backup().compareTo(place.backup()) <= 0) {
      newest = new Salt(salt, place.backup());
    }
  }

  private static String randomSalt() {
    byte[] salt = new byte[SALT];
    new SecureRandom().nextBytes(salt);
    return Base64Text.of(salt);
  }

  private static byte[] utf8(char[] passphrase) {
    char[] normal = normal(passphrase);
    byte[] encoded = new byte[normal.length * MOST_BYTES];
    try {
      if (Character.codePointCount(normal, 0, normal.length) < SHORTEST) {
        throw new IllegalArgumentException(
            normal.length == 0
                ? "the passphrase is empty"
                : "the passphrase is too short: it must have at least " + SHORTEST + " characters");
      }
      ByteBuffer bytes = ByteBuffer.wrap(encoded);
      CoderResult result = UTF_8
          .newEncoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .encode(CharBuffer.wrap(normal), bytes, true);
      if (result.isError()) {
        throw new IllegalArgumentException("the passphrase holds half of a surrogate pair");
      }
      return Arrays.copyOf(encoded, bytes.position());
    } finally {
      Arrays.fill(normal, '\0');
      Arrays.fill(encoded, (byte) 0);
    }
  }

  /** What is not in this form yet goes through a String, which nobody can wipe. */
  private static char[] normal(char[] passphrase) {
    CharBuffer given = CharBuffer.wrap(passphrase);
    return Normalizer.isNormalized(given, Normalizer.Form.NFC)
        ? passphrase.clone()
        : Normalizer.normalize(given, Normalizer.Form.NFC).toCharArray();
  }
}
