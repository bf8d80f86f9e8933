package dev.lifeboat.storage.webdav;

import java.time.Duration;
import java.util.Objects;
import java.util.function.LongSupplier;

/**
 * How long a server is waited for.
 *
 * @param stall without a byte moved
 * @param deadline in one call, all its requests together
 * @param nanos tells the time, like {@link System#nanoTime}
 */
record Timing(Duration stall, Duration deadline, LongSupplier nanos) {
  static final Timing DEFAULT =
      new Timing(Duration.ofSeconds(60), Duration.ofHours(1), System::nanoTime);

  Timing withStall(Duration duration) {
    return new Timing(positive("stallTimeout", duration), deadline, nanos);
  }

  Timing withDeadline(Duration duration) {
    return new Timing(stall, positive("deadline", duration), nanos);
  }

  Timing withNanos(LongSupplier clock) {
    return new Timing(stall, deadline, clock);
  }

  static Duration positive(String name, Duration duration) {
    if (Objects.requireNonNull(duration, name).isZero() || duration.isNegative()) {
      throw new IllegalArgumentException(name + " must be positive, was " + duration);
    }
    return duration;
  }
}
