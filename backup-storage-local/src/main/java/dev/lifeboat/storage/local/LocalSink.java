package dev.lifeboat.storage.local;

import dev.lifeboat.sink.BackupSink;
import dev.lifeboat.sink.Content;
import dev.lifeboat.sink.NoSpaceException;
import dev.lifeboat.sink.ObjectName;
import dev.lifeboat.sink.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Keeps objects as files in a directory: {@code LocalSink.in(Path.of("/var/backups"))}.
 *
 * <p>An object's name is its path below the directory. It is written to a hidden file beside its place, checked against
 * its digest, forced to disk, and only then linked to its name, which never replaces anything; the folders are forced
 * to disk too. So after a kill or a power cut an object is there whole or not at all. Files are the owner's alone
 * (0600, folders 0700) where the file system knows POSIX permissions.
 *
 * <p>The first put makes the directory if only its last level is missing, and a marker {@code .lifeboat} with a random
 * id in it. From then on this object accepts no other directory: when the marker is gone or another one is there,
 * every call throws and nothing is written, so that the mount point of an absent disk is never taken for an empty sink.
 *
 * <p>Nothing is reached through a symbolic link at or below the directory. What else lies there and has no valid
 * object name is left alone and left out.
 *
 * <p>Objects are not attested: whoever wants proof reads them back. Safe for several threads and several processes;
 * there is nothing to close. An interrupt ends a call with a {@link java.nio.channels.ClosedByInterruptException}, and
 * what was being put is not there.
 */
public final class LocalSink implements BackupSink {
  private final Path directory;
  private final Durable durable;
  private final Root root;
  private final Tree tree;
  private final AtomicBoolean swept = new AtomicBoolean();

  LocalSink(Path directory, Durable.Force force) {
    this.directory = directory.toAbsolutePath().normalize();
    this.durable = new Durable(force);
    this.tree = new Tree(this.directory, durable);
    this.root = new Root(this.directory, durable);
  }

  /**
   * A sink in this directory. Nothing is read or written yet.
   *
   * @param directory of any file system; made absolute and normalised here and now
   */
  public static LocalSink in(Path directory) {
    return new LocalSink(
        Objects.requireNonNull(directory, "directory"), channel -> channel.force(true));
  }

  /**
   * {@inheritDoc}
   *
   * @throws FileAlreadyExistsException if an object of this name is kept already; it stays as it was
   * @throws NoSpaceException if the disk is full or a quota used up; the exception tells what is needed and what is free
   * @throws NoSuchFileException if the folder above the directory is missing: is its disk mounted?
   * @throws java.nio.file.NotDirectoryException if a file is in the directory's place
   * @throws AccessDeniedException if this process may not write there, or the file system is read-only
   * @throws FileSystemException if the directory is a symbolic link, or is not the one it was
   */
  @Override
  public StoredObject put(ObjectName name, Content content) throws IOException {
    Objects.requireNonNull(name, "name");
    try {
      return keep(name, content);
    } catch (ContentFailedException e) {
      throw e.failure();
    } catch (IOException e) {
      throw Trouble.explained(e, directory, name, content.size());
    }
  }

  @Override
  public InputStream open(ObjectName name) throws IOException {
    Path file = tree.resolve(name);
    try {
      if (!root.exists() || !tree.isFile(file)) {
        throw new NoSuchFileException(file.toString(), null, "no such object");
      }
      return new WholeFile(file);
    } catch (IOException e) {
      throw Trouble.denied(e, "cannot open " + name + ": ", "read");
    }
  }

  @Override
  public List<StoredObject> list(String folder) throws IOException {
    ObjectName.requireFolder(folder);
    try {
      if (!root.exists()) {
        return List.of();
      }
      List<StoredObject> objects = tree.list(folder);
      root.exists(); // a disk that went away meanwhile would make the list short
      return objects;
    } catch (IOException e) {
      throw Trouble.denied(e, "cannot list \"" + folder + "\": ", "read");
    }
  }

  @Override
  public void delete(ObjectName name) throws IOException {
    Path file = tree.resolve(name);
    try {
      if (root.exists() && tree.isFolder(Tree.folderOf(file))) {
        boolean there = tree.isFile(file);
        if (there) {
          Files.deleteIfExists(file);
        }
        // also if it is gone already: whoever deleted it may have been killed before this
        durable.syncDirectoryIfThere(Tree.folderOf(file));
        if (there) {
          tree.removeEmptyFolders(Tree.folderOf(file));
        }
      }
    } catch (IOException e) {
      throw Trouble.denied(e, "cannot delete " + name + ": ", "write");
    }
  }

  /** True: of several puts of one name one wins, also among processes. */
  @Override
  public boolean exclusivePut() {
    return true;
  }

  /** {@code "directory /var/backups"}: the absolute path. */
  @Override
  public String description() {
    return "directory " + directory;
  }

  private StoredObject keep(ObjectName name, Content content) throws IOException {
    Path target = tree.resolve(name);
    root.prepare();
    tree.requireAbsent(target);
    try {
      place(name, content, target);
      return settled(name, target, content.size());
    } catch (IOException e) {
      if (!root.isSame()) {
        tree.removeEmptyFolders(Tree.folderOf(target));
      }
      throw e;
    }
  }

  private void place(ObjectName name, Content content, Path target) throws IOException {
    try (Part part = tree.newPart(target)) {
      part.write(name, content);
      if (swept.compareAndSet(false, true)) {
        Sweep.below(directory, part);
      }
      Placement.place(part, target);
      try {
        root.exists(); // a directory that was replaced meanwhile has been given what was not for it
      } catch (IOException e) {
        if (Placement.isSame(part.file(), target)) {
          Durable.discard(target, e);
        }
        throw e;
      }
    }
  }

  /** What was placed, once its folders are on disk too; if that fails it is taken away again. */
  private StoredObject settled(ObjectName name, Path target, long size) throws IOException {
    try {
      tree.syncFoldersOf(target);
      BasicFileAttributes kept =
          Files.readAttributes(target, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (kept.size() != size) {
        throw new FileSystemException(
            target.toString(),
            null,
            kept.size() + " bytes arrived of " + size + ". Nothing was kept.");
      }
      return new StoredObject(name, size, kept.lastModifiedTime().toInstant(), Optional.empty());
    } catch (IOException e) {
      if (root.isSame()) {
        Durable.discard(target, e);
      }
      throw e;
    }
  }
}
