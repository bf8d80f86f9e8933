package dev.lifeboat.sink;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A sink that cannot be written to; see {@link Sinks#readOnly}. */
final class ReadOnlySink implements BackupSink {
  private final BackupSink sink;

  ReadOnlySink(BackupSink sink) {
    this.sink = sink;
  }

  @Override
  public StoredObject put(ObjectName name, Content content) throws IOException {
    throw denied(name);
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
    throw denied(name);
  }

  /** Trying it out would write. */
  @Override
  public boolean exclusivePut() {
    return false;
  }

  @Override
  public boolean retriesItself() {
    return sink.retriesItself();
  }

  @Override
  public Optional<Duration> readBackWithin() {
    return sink.readBackWithin();
  }

  @Override
  public String description() {
    return sink.description();
  }

  private AccessDeniedException denied(ObjectName name) {
    return new AccessDeniedException(name.value(), null, description() + " is read-only");
  }
}
