package dev.lifeboat;

import dev.lifeboat.sink.BackupSink;
import dev.lifeboat.sink.Content;
import dev.lifeboat.sink.ObjectName;
import dev.lifeboat.sink.StoredObject;
import dev.lifeboat.testkit.FaultySink.Call;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** A sink at whose first call of a kind, of a name that begins so, somebody else does something just before it. */
final class Meanwhile implements BackupSink {
  private final BackupSink sink;
  private final Call call;
  private final String prefix;
  private final AtomicReference<Optional<Runnable>> action;

  Meanwhile(BackupSink sink, Call call, String prefix, Runnable action) {
    this.sink = sink;
    this.call = call;
    this.prefix = prefix;
    this.action = new AtomicReference<>(Optional.of(action));
  }

  private void at(Call now, String name) {
    if (now == call && name.startsWith(prefix)) {
      action.getAndSet(Optional.empty()).ifPresent(Runnable::run);
    }
  }

  @Override
  public StoredObject put(ObjectName name, Content content) throws IOException {
    at(Call.PUT, name.value());
    return sink.put(name, content);
  }

  @Override
  public InputStream open(ObjectName name) throws IOException {
    at(Call.OPEN, name.value());
    return sink.open(name);
  }

  @Override
  public List<StoredObject> list(String folder) throws IOException {
    at(Call.LIST, folder);
    return sink.list(folder);
  }

  @Override
  public void delete(ObjectName name) throws IOException {
    at(Call.DELETE, name.value());
    sink.delete(name);
  }

  @Override
  public boolean exclusivePut() throws IOException {
    return sink.exclusivePut();
  }

  @Override
  public String description() {
    return sink.description();
  }
}
