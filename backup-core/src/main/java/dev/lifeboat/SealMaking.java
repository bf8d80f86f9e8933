package dev.lifeboat;

import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.crypto.Encryption;
import dev.lifeboat.crypto.Seal;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * A new backup's key, made while the snapshots are taken: a passphrase takes its time, and a cold JVM needs a while before
 * it encrypts at speed.
 */
final class SealMaking implements AutoCloseable {
  private final ExecutorService workers = Executors.newFixedThreadPool(2, task -> {
    Thread thread = new Thread(task, "lifeboat-seal");
    thread.setDaemon(true);
    return thread;
  });
  private final Optional<Future<Seal>> making;

  SealMaking(Series series, BackupId id) {
    this.making = series.encryption().map(encryption -> begin(encryption, series.name(), id));
  }

  private Future<Seal> begin(Encryption encryption, String series, BackupId id) {
    Future<Seal> begun = workers.submit(() -> encryption.seal(series, id.toString()));
    workers.execute(encryption::warmUp);
    return begun;
  }

  /** Waits for it; empty if backups lie in clear. */
  Optional<Seal> await() throws IOException {
    return making.isPresent() ? Optional.of(await(making.get())) : Optional.empty();
  }

  private static Seal await(Future<Seal> making) throws IOException {
    try {
      return making.get();
    } catch (InterruptedException e) {
      InterruptedIOException interrupted = new InterruptedIOException("interrupted");
      interrupted.initCause(e);
      throw interrupted;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      } else if (e.getCause() instanceof RuntimeException runtime) {
        throw runtime;
      }
      throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
    }
  }

  /** Wipes it. No thread is left. */
  @Override
  public void close() {
    workers.shutdownNow();
    boolean interrupted = false;
    boolean ended = false;
    while (!ended) {
      try {
        ended = workers.awaitTermination(1, TimeUnit.MINUTES);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    making.filter(Future::isDone).ifPresent(SealMaking::wipe);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static void wipe(Future<Seal> made) {
    try {
      made.get().close();
    } catch (InterruptedException | ExecutionException e) {
      Log.debug("There is no key to wipe: {}", Words.of(e));
    }
  }
}
