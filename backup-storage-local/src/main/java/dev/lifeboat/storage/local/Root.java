package dev.lifeboat.storage.local;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The directory of a sink, and whether it still is the one it was: a marker file in it bears a random id, and the first
 * id seen is the only one accepted.
 */
final class Root {
  static final String MARKER = ".lifeboat";

  private static final Pattern ID = Pattern.compile("id=([0-9a-f-]{36})\n(?s:.*)");
  private static final String NOTE =
      "# Backups are kept in this directory. By this file it is told from an empty mount point: do not remove it.\n";
  private static final int LONGEST_MARKER = 4096;

  private final Path directory;
  private final Path marker;
  private final Durable durable;
  private volatile Optional<String> seen = Optional.empty();
  private volatile boolean named;

  Root(Path directory, Durable durable) {
    this.directory = directory;
    this.durable = durable;
    this.marker = directory.resolve(MARKER);
  }

  /**
   * Whether it is there; false only if it never was.
   *
   * @throws NoSuchFileException if not even the folder above is there
   * @throws FileSystemException if it is not the directory it was, or no directory
   */
  boolean exists() throws IOException {
    Optional<String> before = seen; // another thread may see it first while this one looks
    boolean there = isDirectory();
    Optional<String> id = there ? readMarker() : Optional.empty();
    if (id.isPresent()) {
      requireSame(id);
    } else if (before.isPresent()) {
      throw notTheSame();
    }
    if (!there) {
      requireParent();
    }
    return there;
  }

  /** Whether it still is the one it was, as far as that can be told; for those who clean up. */
  boolean isSame() {
    try {
      return exists();
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Makes the directory and its marker if they never were there, and its own name durable: also when it was there
   * already, for whoever made it may have been killed before.
   */
  void prepare() throws IOException {
    if (!exists()) {
      create();
    }
    if (seen.isEmpty()) {
      mark();
      requireSame(readMarker());
    }
    if (!named) {
      syncParent();
      named = true;
    }
  }

  private boolean isDirectory() throws IOException {
    BasicFileAttributes attributes;
    try {
      attributes =
          Files.readAttributes(directory, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      return false;
    }
    if (attributes.isSymbolicLink()) {
      throw new FileSystemException(
          directory.toString(), null, "is a symbolic link; name the directory itself");
    }
    if (!attributes.isDirectory()) {
      throw new NotDirectoryException(
          directory + ": is a file; a directory is needed to keep backups in");
    }
    return true;
  }

  private void requireParent() throws IOException {
    Path parent = directory.getParent();
    if (parent != null && !Files.isDirectory(parent)) {
      throw new NoSuchFileException(
          parent.toString(),
          null,
          "no such directory to keep " + directory.getFileName() + " in; is its disk mounted?");
    }
  }

  private void create() throws IOException {
    try {
      Files.createDirectory(directory, Permissions.ofFolder(directory));
    } catch (FileAlreadyExistsException e) {
      isDirectory(); // another was first, or it is none
    }
  }

  private void mark() throws IOException {
    try (Part part = Part.in(directory, durable)) {
      part.write(("id=" + UUID.randomUUID() + "\n" + NOTE).getBytes(StandardCharsets.US_ASCII));
      Placement.place(part, marker);
    } catch (FileAlreadyExistsException e) {
      // another was first; its id holds
    }
    durable.syncDirectory(directory);
  }

  private void syncParent() throws IOException {
    Path parent = directory.getParent();
    if (parent != null) {
      try {
        durable.syncDirectory(parent);
      } catch (AccessDeniedException e) {
        // who may only pass through it has not made anything in it
      }
    }
  }

  private Optional<String> readMarker() throws IOException {
    String text;
    try (InputStream in = Files.newInputStream(marker, LinkOption.NOFOLLOW_LINKS)) {
      text = new String(in.readNBytes(LONGEST_MARKER), StandardCharsets.US_ASCII);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    Matcher matcher = ID.matcher(text);
    if (!matcher.matches()) {
      throw new FileSystemException(
          marker.toString(), null, "is damaged: it does not begin with the id of this directory");
    }
    return Optional.of(matcher.group(1));
  }

  private void requireSame(Optional<String> id) throws FileSystemException {
    synchronized (this) {
      seen = seen.or(() -> id);
    }
    if (id.isEmpty() || !seen.equals(id)) {
      throw notTheSame();
    }
  }

  private FileSystemException notTheSame() {
    return new FileSystemException(
        directory.toString(),
        null,
        "is not the directory it was: not mounted, or replaced. Nothing was written.");
  }
}
