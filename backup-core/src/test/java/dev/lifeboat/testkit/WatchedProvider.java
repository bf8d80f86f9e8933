package dev.lifeboat.testkit;

import dev.lifeboat.testkit.DiskCall.Operation;
import dev.lifeboat.testkit.Watcher.Effect;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.spi.FileSystemProvider;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/** Tells the watcher of every call, and does it with the provider behind. */
final class WatchedProvider extends FileSystemProvider {
  private final WatchedFileSystem disk;
  private final FileSystemProvider behind;
  private final AtomicLong channels = new AtomicLong();

  WatchedProvider(WatchedFileSystem disk, FileSystemProvider behind) {
    this.disk = disk;
    this.behind = behind;
  }

  @Override
  public String getScheme() {
    return "watched";
  }

  @Override
  public FileSystem newFileSystem(URI uri, Map<String, ?> environment) {
    throw new UnsupportedOperationException("see WatchedDisk");
  }

  @Override
  public FileSystem getFileSystem(URI uri) {
    throw new UnsupportedOperationException("a watched disk is known to whoever made it");
  }

  @Override
  public Path getPath(URI uri) {
    throw new UnsupportedOperationException("a watched disk is known to whoever made it");
  }

  @Override
  public SeekableByteChannel newByteChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    return newFileChannel(path, options, attributes);
  }

  @Override
  public FileChannel newFileChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    Path file = behind(path);
    long number = channels.incrementAndGet();
    return disk.watcher()
        .call(
            DiskCall.opening(file, number, options),
            () -> new WatchedChannel(
                disk.watcher(),
                DirectoryChannel.orOf(behind, file, options, attributes),
                file,
                number));
  }

  @Override
  public DirectoryStream<Path> newDirectoryStream(
      Path directory, DirectoryStream.Filter<? super Path> filter) throws IOException {
    Path folder = behind(directory);
    return disk.watcher()
        .call(
            DiskCall.of(Operation.LIST, folder),
            () -> new WatchedListing(
                disk,
                folder,
                behind.newDirectoryStream(folder, entry -> filter.accept(disk.watched(entry)))));
  }

  @Override
  public void createDirectory(Path directory, FileAttribute<?>... attributes) throws IOException {
    Path folder = behind(directory);
    run(
        DiskCall.of(Operation.CREATE_DIRECTORY, folder),
        () -> behind.createDirectory(folder, attributes));
  }

  @Override
  public void createSymbolicLink(Path link, Path target, FileAttribute<?>... attributes)
      throws IOException {
    run(
        DiskCall.of(Operation.CREATE_SYMBOLIC_LINK, behind(link), behind(target)),
        () -> behind.createSymbolicLink(behind(link), behind(target), attributes));
  }

  @Override
  public void createLink(Path link, Path existing) throws IOException {
    run(
        DiskCall.of(Operation.CREATE_LINK, behind(existing), behind(link)),
        () -> behind.createLink(behind(link), behind(existing)));
  }

  @Override
  public Path readSymbolicLink(Path link) throws IOException {
    return disk.watcher()
        .call(
            DiskCall.of(Operation.READ_SYMBOLIC_LINK, behind(link)),
            () -> disk.watched(behind.readSymbolicLink(behind(link))));
  }

  @Override
  public void delete(Path path) throws IOException {
    run(DiskCall.of(Operation.DELETE, behind(path)), () -> behind.delete(behind(path)));
  }

  @Override
  public void copy(Path source, Path target, CopyOption... options) throws IOException {
    run(
        DiskCall.of(Operation.COPY, behind(source), behind(target)),
        () -> behind.copy(behind(source), behind(target), options));
  }

  @Override
  public void move(Path source, Path target, CopyOption... options) throws IOException {
    run(
        DiskCall.of(Operation.MOVE, behind(source), behind(target)),
        () -> behind.move(behind(source), behind(target), options));
  }

  @Override
  public boolean isSameFile(Path path, Path other) throws IOException {
    if (!(other instanceof WatchedPath watched) || watched.getFileSystem() != disk) {
      return false;
    }
    return disk.watcher()
        .call(
            DiskCall.of(Operation.READ_ATTRIBUTES, behind(path)),
            () -> behind.isSameFile(behind(path), behind(other)));
  }

  @Override
  public boolean isHidden(Path path) throws IOException {
    return behind.isHidden(behind(path));
  }

  @Override
  public FileStore getFileStore(Path path) throws IOException {
    return disk.watcher()
        .call(
            DiskCall.of(Operation.FILE_STORE, behind(path)),
            () -> behind.getFileStore(behind(path)));
  }

  @Override
  public void checkAccess(Path path, AccessMode... modes) throws IOException {
    run(
        DiskCall.of(Operation.CHECK_ACCESS, behind(path)),
        () -> behind.checkAccess(behind(path), modes));
  }

  @Override
  @SuppressWarnings("NullAway") // as it is documented: null if there is no such view
  public <V extends FileAttributeView> V getFileAttributeView(
      Path path, Class<V> type, LinkOption... options) {
    V view = behind.getFileAttributeView(behind(path), type, options);
    return view == null ? null : WatchedView.of(type, view, disk.watcher(), behind(path));
  }

  @Override
  public <A extends BasicFileAttributes> A readAttributes(
      Path path, Class<A> type, LinkOption... options) throws IOException {
    return disk.watcher()
        .call(
            DiskCall.of(Operation.READ_ATTRIBUTES, behind(path)),
            () -> behind.readAttributes(behind(path), type, options));
  }

  @Override
  public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options)
      throws IOException {
    return disk.watcher()
        .call(
            DiskCall.of(Operation.READ_ATTRIBUTES, behind(path)),
            () -> behind.readAttributes(behind(path), attributes, options));
  }

  @Override
  public void setAttribute(Path path, String attribute, Object value, LinkOption... options)
      throws IOException {
    run(
        DiskCall.of(Operation.SET_ATTRIBUTE, behind(path)),
        () -> behind.setAttribute(behind(path), attribute, value, options));
  }

  private static Path behind(Path path) {
    return WatchedPath.of(path).behind();
  }

  private interface Act {
    void run() throws IOException;
  }

  private void run(DiskCall call, Act act) throws IOException {
    Effect<Boolean> effect = () -> {
      act.run();
      return true;
    };
    disk.watcher().call(call, effect);
  }
}
