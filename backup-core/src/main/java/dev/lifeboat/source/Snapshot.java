package dev.lifeboat.source;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.util.OptionalLong;
import java.util.function.LongConsumer;

/**
 * One consistent state of a source. Used by one thread at a time, not always by the one that opened it; only
 * {@link #examine} may run beside {@link #writeTo}.
 */
public interface Snapshot extends Closeable {
  /**
   * Makes the state independent of the live system where that is cheap: a private copy, locks let go. Called once for
   * every snapshot of a backup, after the host goes on and before anything is written, so that no slow sink holds up a
   * database.
   *
   * @throws IOException if the state could not be made independent; the snapshot can only be closed then
   */
  default void capture() throws IOException {}

  /**
   * What the engine calls: {@link #capture()} that tells its progress. Default: it tells none.
   *
   * @param progress hears how many of {@link #estimate} bytes have been made independent
   * @throws IOException as {@link #capture()}
   */
  default void capture(LongConsumer progress) throws IOException {
    capture();
  }

  /** How many bytes {@link #writeTo} will write, as far as that is known; for progress alone. */
  default OptionalLong estimate() {
    return OptionalLong.empty();
  }

  /**
   * Proves what {@link #capture} has made independent, and tells facts that take long to find. Called once, after
   * {@code capture}, on another thread than {@link #writeTo} and at the same time, so that no core is idle. Its facts and
   * those of {@code writeTo} are joined. Default: nothing.
   *
   * @throws UnprovenException if the state is not sound: a corrupt database must not become a backup
   * @throws IOException if it cannot be read
   */
  default Facts examine() throws IOException {
    return Facts.NONE;
  }

  /**
   * Writes the state, once, while the host's writers go on. A normal return says that it is complete; the facts
   * returned are of exactly this state. It neither flushes nor closes {@code out}, and passes on the exceptions of
   * {@code out} untouched, so that a full sink is never taken for an unreadable source.
   *
   * @throws IOException if the state cannot be read to its end, or {@code out} fails
   */
  Facts writeTo(OutputStream out) throws IOException;

  /**
   * Lets go of the state, and means nothing else. Closing early is no error, closing twice does nothing, and it never
   * throws for a snapshot that was written.
   */
  @Override
  void close() throws IOException;
}
