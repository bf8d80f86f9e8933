package dev.lifeboat.testkit;

import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.WatchService;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The paths of a watched disk; what is done with them is its provider's. */
final class WatchedFileSystem extends FileSystem {
  private final FileSystem behind;
  private final Watcher watcher;
  private final WatchedProvider provider;

  WatchedFileSystem(FileSystem behind, Watcher watcher) {
    this.behind = behind;
    this.watcher = watcher;
    this.provider = new WatchedProvider(this, behind.provider());
  }

  Watcher watcher() {
    return watcher;
  }

  /** Null for null: a root has no parent. */
  @SuppressWarnings("NullAway")
  Path watched(Path path) {
    return path == null ? null : new WatchedPath(this, path);
  }

  @Override
  public WatchedProvider provider() {
    return provider;
  }

  @Override
  public void close() {
    throw new UnsupportedOperationException("the file system behind stays open");
  }

  @Override
  public boolean isOpen() {
    return behind.isOpen();
  }

  @Override
  public boolean isReadOnly() {
    return behind.isReadOnly();
  }

  @Override
  public String getSeparator() {
    return behind.getSeparator();
  }

  @Override
  public Iterable<Path> getRootDirectories() {
    List<Path> roots = new ArrayList<>();
    behind.getRootDirectories().forEach(root -> roots.add(watched(root)));
    return roots;
  }

  @Override
  public Iterable<FileStore> getFileStores() {
    return behind.getFileStores();
  }

  @Override
  public Set<String> supportedFileAttributeViews() {
    return behind.supportedFileAttributeViews();
  }

  @Override
  public Path getPath(String first, String... more) {
    return watched(behind.getPath(first, more));
  }

  @Override
  public PathMatcher getPathMatcher(String syntaxAndPattern) {
    PathMatcher matcher = behind.getPathMatcher(syntaxAndPattern);
    return path -> matcher.matches(WatchedPath.of(path).behind());
  }

  @Override
  public UserPrincipalLookupService getUserPrincipalLookupService() {
    return behind.getUserPrincipalLookupService();
  }

  @Override
  public WatchService newWatchService() {
    throw new UnsupportedOperationException("a watched disk has no watch service");
  }
}
