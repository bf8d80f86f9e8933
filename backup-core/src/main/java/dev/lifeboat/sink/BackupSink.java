package dev.lifeboat.sink;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A place that keeps backup objects: a directory, a WebDAV collection, a bucket.
 *
 * <p>It knows nothing of databases, compression or keys. It gives four promises, tested by {@code BackupSinkContract}:
 *
 * <ul>
 *   <li><b>All or nothing.</b> An object can be seen only after its {@link #put} has returned.
 *   <li><b>Write once.</b> A put never replaces an object.
 *   <li><b>Read your writes.</b> After a put or delete has returned, {@link #open} and {@link #list} show it.
 *   <li><b>Complete or error.</b> A listing names every object or throws; it is never short because something failed.
 * </ul>
 *
 * <p>Safe for several threads; blocking, interruptible. It does not retry ({@link Sinks#retrying} does), starts no
 * thread, and has nothing to close: who made the client closes it. Failures are {@code IOException}s in the JDK's
 * words: {@link NoSuchFileException}, {@link FileAlreadyExistsException}, {@link AccessDeniedException} and
 * {@link NoSpaceException} are final; any other may pass and is worth a retry.
 */
public interface BackupSink {
  /**
   * Keeps {@code content} under {@code name}, durably: after a normal return it survives a power cut, as far as the
   * store can promise that. The content is opened once for every attempt; its size is known and small.
   *
   * @return the object as the store now holds it
   * @throws FileAlreadyExistsException if an object of this name is kept already; it stays as it was
   * @throws NoSpaceException if the store is full; nothing is kept
   * @throws IOException if the content or the store fails. Nothing is kept, unless the store's answer was lost: then the
   *     object is there whole or not at all. An exception of the content itself is passed on untouched.
   */
  StoredObject put(ObjectName name, Content content) throws IOException;

  /**
   * The whole object, from its first byte; the caller closes it. A short read is an exception, not an end.
   *
   * @throws NoSuchFileException if there is none of this name
   */
  InputStream open(ObjectName name) throws IOException;

  /**
   * Every object in a folder and the folders below it, in order of name; empty if there is none. What is in the store
   * but has no valid {@link ObjectName} is not ours and is left out.
   *
   * @param folder names whole folders: {@code "shop/catalog/"}, or {@code ""} for everything
   * @throws IllegalArgumentException if {@code folder} is neither empty nor a valid name followed by {@code "/"}
   * @throws IOException if any of it could not be listed
   */
  List<StoredObject> list(String folder) throws IOException;

  /** Removes an object. Removing one that is not there succeeds, so a clean-up that was cut short can run again. */
  void delete(ObjectName name) throws IOException;

  /** Whether create-if-absent is honoured here, so that a lease can be built on it; tried out, never assumed. */
  default boolean exclusivePut() throws IOException {
    return false;
  }

  /** Whether the client behind this sink retries by itself, so that {@link Sinks#retrying} would only multiply waits. */
  default boolean retriesItself() {
    return false;
  }

  /**
   * How long what this store does not attest may lie unread after it was put. Empty, the default: the engine reads it
   * back at once. Where it is present, a backup is listed as soon as all its objects are there in their sizes, counts as
   * proven only once it was read, and is read by the first create or prune after that time, or by a verify before.
   */
  default Optional<Duration> readBackWithin() {
    return Optional.empty();
  }

  /**
   * Where this is, for people and logs: {@code "s3://company-backups/shop"}. Stable, without secrets, and different for
   * any two sinks of a series.
   */
  String description();
}
