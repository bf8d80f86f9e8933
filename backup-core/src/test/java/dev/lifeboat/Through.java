package dev.lifeboat;

import dev.lifeboat.sink.BackupSink;
import dev.lifeboat.sink.Content;
import dev.lifeboat.sink.ObjectName;
import dev.lifeboat.sink.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** Hands everything through to a sink, for a test to change one thing; of what a sink may offer beyond that it has nothing. */
abstract class Through implements BackupSink {
  final BackupSink sink;

  Through(BackupSink sink) {
    this.sink = sink;
  }

  @Override
  public StoredObject put(ObjectName name, Content content) throws IOException {
    return sink.put(name, content);
  }

  @Override
  public InputStream open(ObjectName name) throws IOException {
    return sink.open(name);
  }

  @Override
  public List<StoredObject> list(String folder) throws IOException {
    return sink.list(folder);
  }

  @Override
  public void delete(ObjectName name) throws IOException {
    sink.delete(name);
  }

  @Override
  public String description() {
    return sink.description();
  }
}
