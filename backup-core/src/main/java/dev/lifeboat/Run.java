package dev.lifeboat;

import dev.lifeboat.BackupException.Kind;
import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.crypto.Encryption;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** One call of a verb, from its first event to its last. */
final class Run {
  private final Series series;
  private final String verb;
  private final Optional<BackupId> about;

  Run(Series series, String verb, Optional<BackupId> about) {
    this.series = series;
    this.verb = verb;
    this.about = about;
  }

  /** When it is this verb's turn; tells listeners of its begin and its end. */
  <T> T inTurn(Function<Announcer, T> action, Function<T, String> result) {
    return announced(
        announcer -> {
          try (Turn turn = Turn.take(
              series.work(), series.name(), verb, series.by(), series.patience(), series.clock())) {
            return turn.during(() -> action.apply(announcer));
          }
        },
        result);
  }

  /** Beside others, since it changes nothing; listeners hear only what is odd. */
  <T> T beside(Function<Announcer, T> action) {
    try (Announcer announcer = announcer()) {
      return guarded(() -> action.apply(announcer));
    }
  }

  private <T> T announced(Function<Announcer, T> action, Function<T, String> result) {
    try (Announcer announcer = announcer()) {
      announcer.started();
      try {
        T done = guarded(() -> action.apply(announcer));
        announcer.finished(result.apply(done));
        return done;
      } catch (BackupException e) {
        announcer.failed(e);
        throw e;
      } catch (Error e) {
        announcer.failed(unexpected(e));
        throw e;
      }
    }
  }

  /** What a host's part throws against its contract is told like everything else. */
  private <T> T guarded(Supplier<T> action) {
    try {
      requireSecrets();
      return action.get();
    } catch (BackupException e) {
      if (e.kind() == Kind.INTERRUPTED) {
        Thread.currentThread().interrupt();
      }
      throw e;
    } catch (RuntimeException e) {
      throw unexpected(e);
    }
  }

  /** Without its secrets it could only fail in the middle. */
  private void requireSecrets() {
    if (series.encryption().filter(Encryption::isDestroyed).isPresent()) {
      throw new BackupException(
          Kind.REFUSED,
          "Cannot " + verb + " " + series.subject()
              + ": its encryption was destroyed. Nothing was done.");
    }
  }

  private BackupException unexpected(Throwable e) {
    return new BackupException(
        Kind.SINK,
        "Cannot " + verb + " " + series.subject() + ": unexpected "
            + e.getClass().getSimpleName() + ": " + Words.of(e)
            + ". What was begun is settled by the next verb; earlier backups are untouched.",
        e);
  }

  private Announcer announcer() {
    Announcer announcer = new Announcer(
        series.listeners(), verb, series.name(), series.by(), series.clock().instant());
    about.ifPresent(announcer::about);
    return announcer;
  }
}
