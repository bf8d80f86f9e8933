package dev.lifeboat.sink;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * An object as a sink reports it.
 *
 * @param name its name
 * @param size in bytes, as the store has it
 * @param time by the store's clock: shows skew, and keeps what is young from being swept; {@link #UNKNOWN_TIME} where the
 *     store does not tell
 * @param attested the SHA-256 (64 lower-case hexadecimal digits) that the store itself computed, where it does; never
 *     the one that was sent
 */
public record StoredObject(ObjectName name, long size, Instant time, Optional<String> attested) {
  /** What is nobody's time. */
  public static final Instant UNKNOWN_TIME = Instant.EPOCH;

  public StoredObject {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(time, "time");
    Objects.requireNonNull(attested, "attested");
  }
}
