package dev.lifeboat.storage.local;

import dev.lifeboat.sink.ObjectName;
import dev.lifeboat.sink.StoredObject;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The folders and files below a sink's directory. No symbolic link in it is ever followed. */
final class Tree {
  /** How often a folder is made anew when somebody keeps removing it because it is empty. */
  private static final int FOLDER_ATTEMPTS = 100;

  private final Path directory;
  private final Durable durable;

  Tree(Path directory, Durable durable) {
    this.directory = directory;
    this.durable = durable;
  }

  Path resolve(ObjectName name) {
    return resolve(name.value());
  }

  /** Whether there is an object in this place. */
  boolean isFile(Path file) throws IOException {
    return isFolder(folderOf(file))
        && attributes(file).map(BasicFileAttributes::isRegularFile).orElse(false);
  }

  /** Throws if anything at all has this name. */
  void requireAbsent(Path target) throws IOException {
    if (!isFolder(folderOf(target))) {
      return;
    }
    Optional<BasicFileAttributes> there = attributes(target);
    if (there.isPresent() && there.get().isDirectory()) {
      throw new FileAlreadyExistsException(target.toString(), null, "is a folder");
    }
    if (there.isPresent()) {
      throw Placement.taken(target);
    }
  }

  /** A part beside the target; folders on the way are made. */
  Part newPart(Path target) throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        createFolder(folderOf(target));
        return Part.in(folderOf(target), durable);
      } catch (NoSuchFileException e) {
        // a delete has just removed the folder because it was empty; once the part is in it, it
        // stays
        if (attempt == FOLDER_ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  /** Forces every folder from the target's to the directory to disk: each may be new, made by whomever. */
  void syncFoldersOf(Path target) throws IOException {
    Path folder = folderOf(target);
    while (!folder.equals(directory)) {
      durable.syncDirectory(folder);
      folder = folderOf(folder);
    }
    durable.syncDirectory(directory);
  }

  /** Removes this folder if it is empty, then the one above, but never the directory. */
  void removeEmptyFolders(Path folder) {
    for (Path each = folder; !each.equals(directory); each = folderOf(each)) {
      try {
        Files.delete(each);
      } catch (IOException e) {
        return; // it holds something, or stays as an empty folder, which is nothing to anybody
      }
    }
  }

  List<StoredObject> list(String folder) throws IOException {
    String inner = folder.isEmpty() ? "" : folder.substring(0, folder.length() - 1);
    Path start = inner.isEmpty() ? directory : resolve(inner);
    List<StoredObject> objects = new ArrayList<>();
    if (isFolder(start)) {
      collect(start, folder, objects);
    }
    objects.sort(Comparator.comparing(StoredObject::name));
    return List.copyOf(objects);
  }

  /** Of anything below the directory. */
  static Path folderOf(Path path) {
    return Objects.requireNonNull(path.getParent());
  }

  private Path resolve(String name) {
    Path path = directory;
    for (String segment : name.split("/", -1)) {
      path = path.resolve(segment);
    }
    return path;
  }

  /** Whether the folder exists, through folders alone. */
  boolean isFolder(Path folder) throws IOException {
    return folder.equals(directory)
        || (isFolder(folderOf(folder))
            && attributes(folder).map(BasicFileAttributes::isDirectory).orElse(false));
  }

  private void createFolder(Path folder) throws IOException {
    if (folder.equals(directory)) {
      return;
    }
    createFolder(folderOf(folder));
    if (attributes(folder).isEmpty()) {
      try {
        Files.createDirectory(folder, Permissions.ofFolder(folder));
        return;
      } catch (FileAlreadyExistsException e) {
        // another was first
      }
    }
    if (!attributes(folder).map(BasicFileAttributes::isDirectory).orElse(true)) {
      throw new NotDirectoryException(folder + ": is a file, so nothing can be kept below it");
    }
  }

  private static void collect(Path folder, String prefix, List<StoredObject> objects)
      throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        String name = prefix + entry.getFileName();
        Optional<BasicFileAttributes> there =
            ObjectName.isValid(name) ? attributes(entry) : Optional.empty();
        if (there.isPresent()) {
          collect(entry, name, there.get(), objects);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    } catch (NoSuchFileException e) {
      // removed since it was seen, because it was empty
    }
  }

  private static void collect(
      Path entry, String name, BasicFileAttributes attributes, List<StoredObject> objects)
      throws IOException {
    if (attributes.isDirectory()) {
      collect(entry, name + "/", objects);
    } else {
      objects.add(new StoredObject(
          ObjectName.of(name),
          attributes.size(),
          attributes.lastModifiedTime().toInstant(),
          Optional.empty()));
    }
  }

  /** Of a file or folder, if there is one. */
  private static Optional<BasicFileAttributes> attributes(Path path) throws IOException {
    BasicFileAttributes attributes;
    try {
      attributes = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    if (attributes.isSymbolicLink()) {
      throw new FileSystemException(
          path.toString(), null, "is a symbolic link, which is not followed; remove it");
    }
    if (attributes.isOther()) {
      throw new FileSystemException(
          path.toString(), null, "is neither a file nor a folder; remove it");
    }
    return Optional.of(attributes);
  }
}
