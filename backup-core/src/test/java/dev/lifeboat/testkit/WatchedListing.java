package dev.lifeboat.testkit;

import dev.lifeboat.testkit.DiskCall.Operation;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;

/** The entries of a directory, each of them asked for under the watcher's eyes. */
final class WatchedListing implements DirectoryStream<Path> {
  private final WatchedFileSystem disk;
  private final Path directory;
  private final DirectoryStream<Path> behind;

  WatchedListing(WatchedFileSystem disk, Path directory, DirectoryStream<Path> behind) {
    this.disk = disk;
    this.directory = directory;
    this.behind = behind;
  }

  @Override
  public Iterator<Path> iterator() {
    return new Entries(behind.iterator());
  }

  @Override
  public void close() throws IOException {
    behind.close();
  }

  private final class Entries implements Iterator<Path> {
    private final Iterator<Path> entries;
    private Optional<Path> next = Optional.empty();
    private boolean ended;

    Entries(Iterator<Path> entries) {
      this.entries = entries;
    }

    @Override
    public boolean hasNext() {
      if (next.isEmpty() && !ended) {
        try {
          next = disk.watcher().call(DiskCall.of(Operation.NEXT, directory), this::advance);
        } catch (IOException e) {
          throw new DirectoryIteratorException(e);
        }
        ended = next.isEmpty();
      }
      return next.isPresent();
    }

    @Override
    public Path next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      Path entry = next.orElseThrow();
      next = Optional.empty();
      return entry;
    }

    private Optional<Path> advance() throws IOException {
      try {
        return entries.hasNext() ? Optional.of(disk.watched(entries.next())) : Optional.empty();
      } catch (DirectoryIteratorException e) {
        throw e.getCause();
      }
    }
  }
}
