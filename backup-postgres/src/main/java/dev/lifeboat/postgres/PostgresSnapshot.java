package dev.lifeboat.postgres;

import dev.lifeboat.source.Facts;
import dev.lifeboat.source.Snapshot;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One state of a live database. The capture starts pg_dump, which then waits with its first bytes until they are written;
 * the state is let go as soon as pg_dump is through and the facts are known.
 */
final class PostgresSnapshot implements Snapshot {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresSnapshot.class);

  private final PostgresConnection connection;
  private final HeldState state;
  private final Client client;
  private final DumpOptions options;
  private final Path scratch;
  private @Nullable Dump dump;
  private boolean dumped;
  private boolean examined;
  private boolean closed;

  PostgresSnapshot(
      PostgresConnection connection,
      HeldState state,
      Client client,
      DumpOptions options,
      Path scratch) {
    this.connection = connection;
    this.state = state;
    this.client = client;
    this.options = options;
    this.scratch = scratch;
  }

  /** Returns when pg_dump has locked every table for itself and has read the catalogues. */
  @Override
  public void capture() throws IOException {
    synchronized (this) {
      if (closed || dump != null) {
        throw new IOException("The snapshot of " + place() + " is closed or was captured already.");
      }
    }
    Dump started = Dump.start(connection, state, client, options, scratch);
    synchronized (this) {
      dump = started;
    }
    started.whenGood(() -> letGoWhenDone(true, false));
  }

  @Override
  public OptionalLong estimate() {
    return OptionalLong.of(state.bytes());
  }

  @Override
  public Facts examine() throws IOException {
    Session session = state.session();
    Facts facts = session.interruptibly(() -> DatabaseProperties.of(session)
        .facts()
        .and(Surroundings.of(session, state.tables().scope()))
        .and(new Catalogue(session, state.tables()).facts())
        .and(options.rowCounts().of(session, state.tables())));
    letGoWhenDone(false, true);
    return facts;
  }

  @Override
  public Facts writeTo(OutputStream out) throws IOException {
    if (current() == null) {
      capture();
    }
    Dump source = current();
    if (source == null) {
      throw new IOException("The snapshot of " + place() + " is closed.");
    }
    try (ArchiveCheck check = ArchiveCheck.start(client, options.deadline())) {
      write(source, out, check);
      String said = source.await();
      require(check);
      Facts facts = Facts.NONE.note("pg_dump version", client.dump().toString());
      if (said.isEmpty()) {
        return facts;
      }
      LOG.warn("pg_dump of {} said: {}", place(), said);
      return facts.note("pg_dump said", said);
    } finally {
      source.close();
    }
  }

  private void write(Dump source, OutputStream out, ArchiveCheck check) throws IOException {
    Spilling spilling = new Spilling(source.relay(), scratch, state.bytes(), options.nanoTime());
    long written = 0;
    for (Piece piece = source.take(); piece != null; piece = source.take()) {
      piece.writeTo(out);
      written += piece.length();
      check.read(piece);
      if (check.hasRefused()) {
        require(check);
      }
      if (source.isOver()) {
        source.await(); // what is spooled still is of no use if it has failed
      }
      spilling.consider(place(), written);
    }
  }

  private void require(ArchiveCheck check) throws IOException {
    try {
      check.await();
    } catch (InterruptedIOException e) {
      throw e;
    } catch (IOException e) {
      throw new IOException(
          "What pg_dump wrote of " + place() + " is no whole archive: " + e.getMessage()
              + ". Nothing of it was kept.",
          e);
    }
  }

  private void letGoWhenDone(boolean isDumped, boolean isExamined) {
    synchronized (this) {
      dumped |= isDumped;
      examined |= isExamined;
      if (!dumped || !examined) {
        return;
      }
    }
    state.close();
  }

  private synchronized @Nullable Dump current() {
    return dump;
  }

  @Override
  public void close() throws IOException {
    Dump started;
    synchronized (this) {
      closed = true;
      started = dump;
    }
    try {
      if (started != null) {
        started.close();
      }
    } finally {
      state.close();
    }
  }

  private String place() {
    return state.session().place();
  }
}
