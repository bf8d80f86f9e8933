package dev.lifeboat;

import dev.lifeboat.sink.BackupSink;
import dev.lifeboat.sink.Content;
import dev.lifeboat.sink.ObjectName;
import dev.lifeboat.sink.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A sink of a process that dies: works until the n-th call, which may still arrive, and never again. */
final class CrashingSink implements BackupSink {
  /** What goes through everything. */
  static final class PowerCut extends Error {
    private static final long serialVersionUID = 1;
  }

  private final BackupSink sink;
  private final int nth;
  private final boolean arrives;
  private final AtomicInteger calls = new AtomicInteger();

  CrashingSink(BackupSink sink, int nth, boolean arrives) {
    this.sink = sink;
    this.nth = nth;
    this.arrives = arrives;
  }

  boolean isDead() {
    return calls.get() >= nth;
  }

  @Override
  public StoredObject put(ObjectName name, Content content) throws IOException {
    int call = begin();
    StoredObject stored = sink.put(name, content);
    end(call);
    return stored;
  }

  @Override
  public InputStream open(ObjectName name) throws IOException {
    int call = begin();
    InputStream in = sink.open(name);
    end(call);
    return in;
  }

  @Override
  public List<StoredObject> list(String folder) throws IOException {
    int call = begin();
    List<StoredObject> listed = sink.list(folder);
    end(call);
    return listed;
  }

  @Override
  public void delete(ObjectName name) throws IOException {
    int call = begin();
    sink.delete(name);
    end(call);
  }

  @Override
  public boolean exclusivePut() throws IOException {
    return sink.exclusivePut();
  }

  @Override
  public String description() {
    return sink.description();
  }

  private int begin() {
    int call = calls.incrementAndGet();
    if (call > nth || (call == nth && !arrives)) {
      throw new PowerCut();
    }
    return call;
  }

  private void end(int call) {
    if (call == nth) {
      throw new PowerCut();
    }
  }
}
