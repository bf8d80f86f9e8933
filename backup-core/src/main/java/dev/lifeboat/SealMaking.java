package dev.lifeboat;

import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.crypto.Encryption;
import dev.lifeboat.crypto.Seal;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
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
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final ExecutorService workers = Executors.newFixedThreadPool(2, task -> {
    Thread thread = new Thread(task, "lifeboat-seal");
    thread.setDaemon(true);
    return thread;
  });
  private final Duration patience;
  private final Optional<Future<Seal>> making;
  private Optional<Seal> made = Optional.empty();
  private boolean closed;

  SealMaking(Series series, BackupId id) {
    this(series, id, PATIENCE);
  }

  /** With another patience for a key service that does not hear an interrupt. */
  SealMaking(Series series, BackupId id, Duration patience) {
    this.patience = patience;
    this.making = series.encryption().map(encryption -> begin(encryption, series.name(), id));
  }

  private Future<Seal> begin(Encryption encryption, String series, BackupId id) {
    Future<Seal> begun = workers.submit(() -> kept(encryption.seal(series, id.toString())));
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

  /** A key that comes too late is wiped. */
  private synchronized Seal kept(Seal seal) {
    made = Optional.of(seal);
    if (closed) {
      seal.close();
    }
    return seal;
  }

  /**
   * Wipes it. No thread is left, but of a key service that hangs and hears no interrupt: nobody can end that one, and who
   * waited for it would hang as well.
   */
  @Override
  public void close() {
    workers.shutdownNow();
    if (!haveEnded()) {
      Log.warn("A key service hears no interrupt for {} and is left alone", patience);
    }
    synchronized (this) {
      closed = true;
      made.ifPresent(Seal::close);
    }
  }

  private boolean haveEnded() {
    long until = System.nanoTime() + patience.toNanos();
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return workers.awaitTermination(until - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
