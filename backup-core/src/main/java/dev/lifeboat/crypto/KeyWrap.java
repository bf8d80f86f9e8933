package dev.lifeboat.crypto;

import java.io.IOException;

/**
 * A service that wraps data keys, such as a key management service. Used by one thread at a time for each backup, by several for several.
 */
public interface KeyWrap {
  /** Who wraps: stable, free of secrets, at most 200 printable ASCII characters; written into every backup. */
  String id();

  /**
   * Wraps a data key.
   *
   * @param dataKey 32 bytes, wiped by the caller after the call
   * @param context series and backup, to be bound to it where the service can ("encryption context")
   * @return at most 4,096 bytes
   * @throws IOException if it cannot be done; then no backup is made
   */
  byte[] wrap(byte[] dataKey, String context) throws IOException;

  /**
   * Gives a data key back.
   *
   * @return 32 bytes of its own; the caller wipes them
   * @throws dev.lifeboat.codec.DamagedDataException if the service refuses these bytes for good: then only this backup
   *     cannot be opened. Anybody who may write to a sink can put such bytes there
   * @throws IOException if it cannot be done now: then this backup cannot be read, and where none can, the verb fails.
   *     Unchecked exceptions count as that too
   */
  byte[] unwrap(byte[] wrapped, String context) throws IOException;

  /**
   * Whether nobody but trusted hosts can make it wrap anything: then what opens through it is authentic. By default it is not, as for a
   * public key.
   */
  default boolean provesOrigin() {
    return false;
  }
}
