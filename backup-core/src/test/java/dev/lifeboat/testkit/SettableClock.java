package dev.lifeboat.testkit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.function.UnaryOperator;

/** A clock that stands still until a test moves it, forwards or back. Safe for several threads. */
public final class SettableClock extends Clock {
  private final Hands now;
  private final ZoneId zone;

  private SettableClock(Hands now, ZoneId zone) {
    this.now = now;
    this.zone = zone;
  }

  /** A clock in UTC that shows this instant. */
  public static SettableClock at(Instant instant) {
    return new SettableClock(new Hands(Objects.requireNonNull(instant, "instant")), ZoneOffset.UTC);
  }

  /** The same, from text: {@code "2026-02-14T14:30:45Z"}. */
  public static SettableClock at(String instant) {
    return at(Instant.parse(instant));
  }

  /** Shows this instant from now on. */
  public void set(Instant instant) {
    now.move(was -> Objects.requireNonNull(instant, "instant"));
  }

  /** Moves on by this much, or back if it is negative; returns what the clock now shows. */
  public Instant advance(Duration by) {
    return now.move(was -> was.plus(by));
  }

  @Override
  public Instant instant() {
    return now.move(was -> was);
  }

  @Override
  public ZoneId getZone() {
    return zone;
  }

  /** The same hands behind another face: setting either sets both. */
  @Override
  public SettableClock withZone(ZoneId zone) {
    return new SettableClock(now, Objects.requireNonNull(zone, "zone"));
  }

  @Override
  public String toString() {
    return "SettableClock[" + instant() + ", " + zone + "]";
  }

  private static final class Hands {
    private Instant now;

    Hands(Instant now) {
      this.now = now;
    }

    synchronized Instant move(UnaryOperator<Instant> how) {
      now = how.apply(now);
      return now;
    }
  }
}
