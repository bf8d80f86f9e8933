package dev.lifeboat.storage.local;

import dev.lifeboat.sink.BackupSink;
import dev.lifeboat.sink.Content;
import dev.lifeboat.sink.Digest;
import dev.lifeboat.sink.ObjectName;
import dev.lifeboat.sink.StoredObject;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** A sink at whose n-th call the process dies: really, or as far as it can be told from outside. */
final class MortalSink implements BackupSink {
  private static final int NEVER = Integer.MAX_VALUE;

  private final BackupSink sink;
  private final Runnable death;
  private int calls;
  private int last = NEVER;
  private Moment moment = Moment.BEFORE;

  /** When in its last call. */
  enum Moment {
    BEFORE,
    /** Half of what is put has been written; any other call is as before. */
    MIDDLE,
    AFTER
  }

  /** What goes through everything. */
  static final class PowerCut extends Error {
    private static final long serialVersionUID = 1;
  }

  private MortalSink(BackupSink sink, Runnable death) {
    this.sink = sink;
    this.death = death;
  }

  /** Ends the process, as kill -9 does. */
  static MortalSink killing(BackupSink sink) {
    return new MortalSink(sink, () -> Runtime.getRuntime().halt(137));
  }

  /** Throws an error, from then on at every call: nothing reaches the sink any more, not even a clean-up. */
  static MortalSink throwing(BackupSink sink) {
    return new MortalSink(sink, () -> {
      throw new PowerCut();
    });
  }

  /** Dies at the n-th call from now. */
  synchronized void dieAt(int nth, Moment when) {
    last = calls + nth;
    moment = when;
  }

  synchronized boolean isDead() {
    return calls >= last;
  }

  synchronized void revive() {
    last = NEVER;
  }

  @Override
  public StoredObject put(ObjectName name, Content content) throws IOException {
    boolean dies = begin();
    StoredObject stored = sink.put(name, dies && when() == Moment.MIDDLE ? half(content) : content);
    end(dies);
    return stored;
  }

  @Override
  public InputStream open(ObjectName name) throws IOException {
    boolean dies = begin();
    InputStream in = sink.open(name);
    if (dies) {
      in.close();
    }
    end(dies);
    return in;
  }

  @Override
  public List<StoredObject> list(String folder) throws IOException {
    boolean dies = begin();
    List<StoredObject> listed = sink.list(folder);
    end(dies);
    return listed;
  }

  @Override
  public void delete(ObjectName name) throws IOException {
    boolean dies = begin();
    sink.delete(name);
    end(dies);
  }

  @Override
  public boolean exclusivePut() throws IOException {
    return sink.exclusivePut();
  }

  @Override
  public String description() {
    return sink.description();
  }

  private synchronized Moment when() {
    return moment;
  }

  /** Whether this call is the last. */
  private boolean begin() {
    boolean dies;
    boolean dead;
    synchronized (this) {
      calls++;
      dies = calls == last;
      dead = calls > last || (dies && moment == Moment.BEFORE);
    }
    if (dead) {
      death.run();
    }
    return dies;
  }

  private void end(boolean dies) {
    if (dies) {
      death.run();
    }
  }

  private Content half(Content content) {
    Digest digest = content.digest();
    return new Content() {
      @Override
      public Digest digest() {
        return digest;
      }

      @Override
      public InputStream open() throws IOException {
        return new FilterInputStream(content.open()) {
          private long left = digest.size() / 2;

          @Override
          public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
          }

          @Override
          public int read(byte[] buffer, int offset, int length) throws IOException {
            if (left <= 0) {
              death.run();
            }
            int n = super.read(buffer, offset, (int) Math.max(1, Math.min(length, left)));
            left -= n;
            return n;
          }
        };
      }
    };
  }
}
