package dev.lifeboat.sink;

import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The store is busy or closed for maintenance and asks not to be called for a while: HTTP's {@code Retry-After}. May
 * pass, so {@link Sinks#retrying} tries again, but not before the time it was asked to wait.
 */
public final class RetryLaterException extends IOException {
  private static final long serialVersionUID = 1;

  private final Duration after;

  /**
   * With the place and what the store said.
   *
   * @param after how long the store asks to wait, from now; not negative
   * @throws IllegalArgumentException if {@code after} is negative
   */
  public RetryLaterException(String message, Duration after, @Nullable Throwable cause) {
    super(message, cause);
    if (Objects.requireNonNull(after, "after").isNegative()) {
      throw new IllegalArgumentException("after must not be negative, was " + after);
    }
    this.after = after;
  }

  /** How long the store asked to wait; as it said, so bound it before waiting. */
  public Duration after() {
    return after;
  }
}
