package dev.lifeboat.sink;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Tries again what may pass; see {@link Sinks#retrying}. */
final class RetryingSink implements BackupSink {
  private final BackupSink sink;
  private final Retry retry;

  RetryingSink(BackupSink sink, Retry retry) {
    this.sink = sink;
    this.retry = retry;
  }

  @Override
  public StoredObject put(ObjectName name, Content content) throws IOException {
    WatchedContent watched = new WatchedContent(content);
    try {
      return retry.run(
          "put " + name + " into " + description(), number -> put(name, watched, number));
    } catch (ContentFailedException e) {
      throw withSuppressed(e.failure(), e.getSuppressed());
    }
  }

  @Override
  public InputStream open(ObjectName name) throws IOException {
    return retry.run("open " + name + " in " + description(), number -> sink.open(name));
  }

  @Override
  public List<StoredObject> list(String folder) throws IOException {
    String what = "list \"" + ObjectName.requireFolder(folder) + "\" in " + description();
    return retry.run(what, number -> sink.list(folder));
  }

  @Override
  public void delete(ObjectName name) throws IOException {
    retry.run("delete " + name + " in " + description(), number -> {
      sink.delete(name);
      return true;
    });
  }

  @Override
  public boolean exclusivePut() throws IOException {
    return retry.run("try exclusive puts in " + description(), number -> sink.exclusivePut());
  }

  @Override
  public boolean retriesItself() {
    return true;
  }

  @Override
  public Optional<Duration> readBackWithin() {
    return sink.readBackWithin();
  }

  @Override
  public String description() {
    return sink.description();
  }

  private StoredObject put(ObjectName name, WatchedContent content, int number) throws IOException {
    try {
      return sink.put(name, content);
    } catch (FileAlreadyExistsException e) {
      if (number == 1) {
        throw e;
      }
      return ours(name, content.digest(), e);
    } catch (IOException e) {
      throw content
          .failure()
          .<IOException>map(failure -> asContents(failure, e))
          .orElse(e);
    }
  }

  /** What lies under the name, if an earlier attempt can have put it there. */
  private StoredObject ours(ObjectName name, Digest digest, FileAlreadyExistsException exists)
      throws IOException {
    StoredObject found = find(name).orElseThrow(() -> vanished(name, exists));
    if (found.size() != digest.size() || !sha256(found, exists).equals(digest.sha256())) {
      throw exists;
    }
    return found;
  }

  private Optional<StoredObject> find(ObjectName name) throws IOException {
    String value = name.value();
    String folder = value.substring(0, value.lastIndexOf('/') + 1);
    return sink.list(folder).stream()
        .filter(object -> object.name().equals(name))
        .findFirst();
  }

  private String sha256(StoredObject object, FileAlreadyExistsException exists) throws IOException {
    if (object.attested().isPresent()) {
      return object.attested().get();
    }
    try (InputStream in = sink.open(object.name())) {
      return Digest.of(in).sha256();
    } catch (NoSuchFileException e) {
      throw vanished(object.name(), exists);
    }
  }

  /** Not final: what is gone can be put again. */
  private IOException vanished(ObjectName name, FileAlreadyExistsException exists) {
    return new IOException(
        name + " was in " + description() + " and is no more: somebody else deletes there", exists);
  }

  private static ContentFailedException asContents(IOException failure, IOException thrown) {
    if (failure != thrown) {
      failure.addSuppressed(thrown);
    }
    return new ContentFailedException(failure);
  }

  private static IOException withSuppressed(IOException e, Throwable[] suppressed) {
    for (Throwable one : suppressed) {
      if (one != e) {
        e.addSuppressed(one);
      }
    }
    return e;
  }
}
