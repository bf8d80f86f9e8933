package dev.lifeboat;

import dev.lifeboat.sink.BackupSink;
import dev.lifeboat.sink.Content;
import dev.lifeboat.sink.NoSpaceException;
import dev.lifeboat.sink.ObjectName;
import dev.lifeboat.sink.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.function.Predicate;

/** A sink that has no room for some objects. */
record Refusing(BackupSink sink, Predicate<ObjectName> which, String message)
    implements BackupSink {
  @Override
  public StoredObject put(ObjectName name, Content content) throws IOException {
    if (which.test(name)) {
      throw new NoSpaceException(message, null);
    }
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
  public boolean exclusivePut() throws IOException {
    return sink.exclusivePut();
  }

  @Override
  public String description() {
    return sink.description();
  }
}
