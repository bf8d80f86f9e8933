package dev.lifeboat.sink;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** How often to try, and how long to wait in between. */
record Retry(int attempts, Duration firstPause, Sleeper sleeper) {
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
  private static final Duration LONGEST_ASKED = Duration.ofMinutes(2);

  /** What is tried; {@code number} counts from 1. */
  @FunctionalInterface
  interface Attempt<T> {
    T run(int number) throws IOException;
  }

  /** How a pause is spent. */
  @FunctionalInterface
  interface Sleeper {
    void sleep(Duration pause) throws InterruptedException;
  }

  /** {@code what} names it in the message of an interrupt: "put shop/series.json into memory". */
  <T> T run(String what, Attempt<T> attempt) throws IOException {
    List<IOException> earlier = new ArrayList<>();
    for (int number = 1; ; number++) {
      try {
        return attempt.run(number);
      } catch (IOException e) {
        if (number == attempts || !mayPass(e)) {
          throw withEarlier(e, earlier);
        }
        earlier.add(e);
        pause(number, what, earlier, asked(e));
      }
    }
  }

  static void sleep(Duration pause) throws InterruptedException {
    Thread.sleep(pause.toMillis());
  }

  private static boolean mayPass(IOException e) {
    boolean isFinal = e instanceof NoSuchFileException
        || e instanceof FileAlreadyExistsException
        || e instanceof AccessDeniedException
        || e instanceof NoSpaceException
        || e instanceof ContentFailedException;
    boolean interrupted = e instanceof ClosedByInterruptException
        || (e instanceof InterruptedIOException && !(e instanceof SocketTimeoutException));
    return !isFinal && !interrupted;
  }

  /** How long the store wants to be left alone, as far as that is honoured. */
  private static Duration asked(IOException e) {
    return e instanceof RetryLaterException later
        ? shorter(later.after(), LONGEST_ASKED)
        : Duration.ZERO;
  }

  private void pause(int number, String what, List<IOException> earlier, Duration asked)
      throws IOException {
    Duration own = jittered(pauseAfter(number));
    try {
      sleeper.sleep(own.compareTo(asked) < 0 ? asked : own);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted = new InterruptedIOException(
          "Interrupted before attempt " + (number + 1) + " of " + attempts + " to " + what);
      interrupted.initCause(e);
      throw withEarlier(interrupted, earlier);
    }
  }

  private Duration pauseAfter(int number) {
    Duration pause = firstPause;
    for (int i = 1; i < number && pause.compareTo(LONGEST_PAUSE) < 0; i++) {
      pause = pause.multipliedBy(2);
    }
    return shorter(pause, LONGEST_PAUSE);
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private static Duration jittered(Duration pause) {
    long nanos = pause.toNanos();
    return Duration.ofNanos(nanos - ThreadLocalRandom.current().nextLong(nanos / 2 + 1));
  }

  private static IOException withEarlier(IOException e, List<IOException> earlier) {
    for (IOException one : earlier) {
      if (one != e) {
        e.addSuppressed(one);
      }
    }
    return e;
  }
}
