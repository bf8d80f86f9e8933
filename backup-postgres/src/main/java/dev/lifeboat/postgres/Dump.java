package dev.lifeboat.postgres;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A pg_dump at work in a held state. What it writes waits in a relay to be taken. */
final class Dump implements Closeable {
  private final String place;
  private final Relay relay;
  private final Child child;

  private Dump(String place, Relay relay, Child child) {
    this.place = place;
    this.relay = relay;
    this.child = child;
  }

  /**
   * Starts it, and returns when it has its own locks on all tables and has read the catalogues: when the first byte of the
   * archive has come. The password lies in a file no longer than that.
   *
   * @throws IOException if it could not begin
   */
  static Dump start(
      PostgresConnection connection,
      HeldState state,
      Client client,
      DumpOptions options,
      Path scratch)
      throws IOException {
    Session session = state.session();
    Relay relay = new Relay();
    if (options.spool()) {
      relay.spill(scratch, Spilling.RESERVE);
    }
    try (ClientLogin login = connection.clientLogin(session, connection.database(), scratch)) {
      List<String> arguments = new ArrayList<>(List.of(
          "--format=custom",
          "--compress=0", // ours is faster, and goes on beside it
          "--no-password",
          "--snapshot=" + state.snapshot(),
          "--lock-wait-timeout=" + options.lockWait().toMillis()));
      arguments.addAll(options.arguments());
      arguments.addAll(state.tables().scope().arguments());
      arguments.add("--dbname=" + login.conninfo());
      Child child = Child.start(
          new Command(client.program("pg_dump"), arguments, options.deadline()), relay::fill);
      Dump dump = new Dump(session.place(), relay, child);
      dump.awaitFirst();
      return dump;
    } catch (IOException | RuntimeException e) {
      relay.close();
      throw e;
    }
  }

  private void awaitFirst() throws IOException {
    try {
      if (!relay.awaitFirst()) {
        await();
        throw new IOException("pg_dump of " + place + " has written nothing. Nothing was kept.");
      }
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /** The next bytes of the archive; null when there are no more, which says nothing of how it ended. */
  @Nullable
  Piece take() throws IOException {
    return relay.take();
  }

  Relay relay() {
    return relay;
  }

  boolean isOver() {
    return child.isOver();
  }

  /** Has something short done when it has ended well. */
  void whenGood(Runnable deed) {
    child.whenOver(() -> {
      if (child.isGood()) {
        deed.run();
      }
    });
  }

  /**
   * Waits for its end, and tells what it printed to stderr.
   *
   * @throws IOException if it ended badly
   */
  String await() throws IOException {
    Ended ended = child.await();
    if (!ended.isGood()) {
      throw new IOException(
          "The dump of " + place + " failed: " + ended.failure() + ". Nothing of it was kept.",
          ended.output());
    }
    return ended.errors();
  }

  /** Kills it if it is at work. */
  @Override
  public void close() throws IOException {
    child.close();
    relay.close();
  }
}
