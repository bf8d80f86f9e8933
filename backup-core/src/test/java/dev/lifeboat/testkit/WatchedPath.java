package dev.lifeboat.testkit;

import dev.lifeboat.testkit.DiskCall.Operation;
import java.io.IOException;
import java.net.URI;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;

/** A path of a watched disk. */
final class WatchedPath implements Path {
  private final WatchedFileSystem disk;
  private final Path path;

  WatchedPath(WatchedFileSystem disk, Path path) {
    this.disk = disk;
    this.path = path;
  }

  static WatchedPath of(Path path) {
    if (path instanceof WatchedPath watched) {
      return watched;
    }
    throw new ProviderMismatchException(path + " is not on a watched disk");
  }

  Path behind() {
    return path;
  }

  @Override
  public WatchedFileSystem getFileSystem() {
    return disk;
  }

  @Override
  public boolean isAbsolute() {
    return path.isAbsolute();
  }

  @Override
  public Path getRoot() {
    return disk.watched(path.getRoot());
  }

  @Override
  public Path getFileName() {
    return disk.watched(path.getFileName());
  }

  @Override
  @SuppressWarnings("NullAway")
  public Path getParent() {
    return disk.watched(path.getParent());
  }

  @Override
  public int getNameCount() {
    return path.getNameCount();
  }

  @Override
  public Path getName(int index) {
    return disk.watched(path.getName(index));
  }

  @Override
  public Path subpath(int beginIndex, int endIndex) {
    return disk.watched(path.subpath(beginIndex, endIndex));
  }

  @Override
  public boolean startsWith(Path other) {
    return other instanceof WatchedPath watched
        && watched.disk == disk
        && path.startsWith(watched.path);
  }

  @Override
  public boolean endsWith(Path other) {
    return other instanceof WatchedPath watched
        && watched.disk == disk
        && path.endsWith(watched.path);
  }

  @Override
  public Path normalize() {
    return disk.watched(path.normalize());
  }

  @Override
  public Path resolve(Path other) {
    return disk.watched(path.resolve(of(other).path));
  }

  @Override
  public Path relativize(Path other) {
    return disk.watched(path.relativize(of(other).path));
  }

  /** That of the file behind: what is known by it is known on either side. */
  @Override
  public URI toUri() {
    return path.toUri();
  }

  @Override
  public Path toAbsolutePath() {
    return disk.watched(path.toAbsolutePath());
  }

  @Override
  public Path toRealPath(LinkOption... options) throws IOException {
    return disk.watcher()
        .call(DiskCall.of(Operation.REAL_PATH, path), () -> disk.watched(path.toRealPath(options)));
  }

  @Override
  public WatchKey register(
      WatchService service, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers) {
    throw new UnsupportedOperationException("a watched disk has no watch service");
  }

  @Override
  public int compareTo(Path other) {
    return path.compareTo(of(other).path);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof WatchedPath watched
        && watched.disk == disk
        && path.equals(watched.path);
  }

  @Override
  public int hashCode() {
    return path.hashCode();
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
