package dev.lifeboat.crypto;

import dev.lifeboat.codec.Codec;
import dev.lifeboat.codec.DamagedDataException;
import java.util.Arrays;
import java.util.Objects;

/** One backup's data key at work. For the engine; hosts meet it nowhere. For several threads; wiped by {@code close}. */
public final class Seal implements AutoCloseable {
  private final DataKey dataKey;
  private final byte[] keys;
  private final String unproven;

  /**
   * Takes the data key over.
   *
   * @param unproven what slot it came out of, if that does not prove who wrote the backup; else empty
   */
  Seal(DataKey dataKey, byte[] keys, String unproven) {
    this.dataKey = dataKey;
    this.keys = keys;
    this.unproven = unproven;
  }

  /** The slots, as {@code keys.json}: of a new backup or new slots as they are to be stored, of an opened one as they were given. */
  public byte[] keys() {
    return keys.clone();
  }

  /**
   * Encryption as the last stage of one component.
   *
   * <p>It is used up by {@link #close}: later streams are refused with {@link IllegalStateException}.
   */
  public Codec codec(String component) {
    return new ComponentCodec(dataKey, Objects.requireNonNull(component, "component"));
  }

  /**
   * Seals what tells about the content.
   *
   * @param what "details" or "mark"
   * @return base64
   * @throws IllegalStateException if it was closed
   */
  public String conceal(byte[] content, String what) {
    Objects.requireNonNull(content, "content");
    byte[] key = dataKey.seal();
    try {
      return Base64Text.of(FloeRun.seal(key, context(what), content));
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  /**
   * Opens what was sealed.
   *
   * @throws DamagedDataException if it does not prove right
   * @throws IllegalStateException if it was closed
   */
  public byte[] reveal(String concealed, String what) throws DamagedDataException {
    Objects.requireNonNull(concealed, "concealed");
    byte[] key = dataKey.seal();
    try {
      return FloeRun.open(key, context(what), Base64Text.bytes(concealed));
    } catch (IllegalArgumentException e) {
      throw new DamagedDataException("what is sealed is not base64", e);
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  /** Whether only trusted hosts can have made it: it was made here, or came out of a passphrase or key slot. */
  public boolean provesOrigin() {
    return unproven.isEmpty();
  }

  /** Wipes the keys. Streams that are open go on. */
  @Override
  public void close() {
    dataKey.destroy();
  }

  /** Names the backup, and no secret. */
  @Override
  public String toString() {
    return "seal of " + dataKey.place().name();
  }

  DataKey dataKey() {
    return dataKey;
  }

  /** What slot it came out of, if that proves nothing. */
  String unproven() {
    return unproven;
  }

  private byte[] context(String what) {
    return dataKey.place().bytes(" " + Objects.requireNonNull(what, "what"));
  }
}
