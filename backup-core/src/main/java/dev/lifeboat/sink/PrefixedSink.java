package dev.lifeboat.sink;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A folder of another sink; see {@link Sinks#prefixed}. */
final class PrefixedSink implements BackupSink {
  private final BackupSink sink;
  private final String folder;

  PrefixedSink(BackupSink sink, String folder) {
    this.sink = sink;
    this.folder = folder;
  }

  @Override
  public StoredObject put(ObjectName name, Content content) throws IOException {
    return stripped(sink.put(below(name), content));
  }

  @Override
  public InputStream open(ObjectName name) throws IOException {
    return sink.open(below(name));
  }

  @Override
  public List<StoredObject> list(String folder) throws IOException {
    ObjectName.requireFolder(folder);
    return sink.list(shortEnough(this.folder + folder)).stream()
        .map(this::stripped)
        .toList();
  }

  @Override
  public void delete(ObjectName name) throws IOException {
    sink.delete(below(name));
  }

  @Override
  public boolean exclusivePut() throws IOException {
    return sink.exclusivePut();
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
    String outer = sink.description();
    String inner = folder.substring(0, folder.length() - 1);
    return outer.endsWith("/") ? outer + inner : outer + "/" + inner;
  }

  private ObjectName below(ObjectName name) {
    return ObjectName.of(shortEnough(folder + name));
  }

  private String shortEnough(String full) {
    // a folder's trailing slash does not count
    int length = full.endsWith("/") ? full.length() - 1 : full.length();
    if (length > ObjectName.MAX_LENGTH) {
      throw new IllegalArgumentException(
          "name too long: " + full + " has " + length + " characters with the folder " + folder
              + ", at most " + ObjectName.MAX_LENGTH + " are allowed");
    }
    return full;
  }

  private StoredObject stripped(StoredObject object) {
    ObjectName name = ObjectName.of(object.name().value().substring(folder.length()));
    return new StoredObject(name, object.size(), object.time(), object.attested());
  }
}
