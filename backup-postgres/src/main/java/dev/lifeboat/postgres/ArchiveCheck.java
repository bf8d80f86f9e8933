package dev.lifeboat.postgres;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;

/**
 * A pg_restore that reads an archive to its end beside the writing, and puts nothing anywhere. It refuses archives that
 * were cut, whatever the exit status of who made them; {@code pg_restore --list} does not.
 */
final class ArchiveCheck implements Closeable {
  private final Relay relay = new Relay();
  private final Child child;

  private ArchiveCheck(Client client, Duration deadline) throws IOException {
    String nowhere = System.getProperty("os.name", "").startsWith("Windows") ? "NUL" : "/dev/null";
    child = Child.start(
        new Command(client.program("pg_restore"), List.of("--file=" + nowhere), deadline),
        in -> in.transferTo(OutputStream.nullOutputStream()),
        relay::drain);
  }

  static ArchiveCheck start(Client client, Duration deadline) throws IOException {
    return new ArchiveCheck(client, deadline);
  }

  /** Gives it the next bytes, which are its own from then on; waits if it is slow. */
  void read(Piece piece) throws IOException {
    relay.give(piece); // if it has ended, its status will tell why
  }

  /**
   * Waits until it has read all.
   *
   * @throws IOException if it did not find a whole archive
   */
  void await() throws IOException {
    relay.end();
    Ended ended = child.await();
    if (!ended.isGood()) {
      throw new IOException(ended.failure(), ended.input());
    }
  }

  /** Whether it has ended already, and found something else than a whole archive. */
  boolean hasRefused() {
    return child.isOver() && !child.isGood();
  }

  @Override
  public void close() throws IOException {
    child.close();
    relay.close();
  }
}
