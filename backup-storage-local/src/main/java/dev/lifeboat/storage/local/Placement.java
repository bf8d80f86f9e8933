package dev.lifeboat.storage.local;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Gives a part its name, in one step that never replaces. */
final class Placement {
  static final String CLAIM = ".claim";

  /** A claim is held for two system calls; one this old belongs to a process that died in between. */
  static final Duration STALE = Duration.ofMinutes(10);

  private static final int LOOKS = 100;
  private static final long MILLIS_BETWEEN_LOOKS = 20;

  private Placement() {}

  /**
   * By a link; where the file system has none (FAT, some network ones) by a move under a claim.
   *
   * @throws FileAlreadyExistsException if the name is taken
   */
  static void place(Part part, Path target) throws IOException {
    try {
      Files.createLink(target, part.file());
    } catch (UnsupportedOperationException e) {
      moveUnderClaim(part, target, e);
    } catch (FileSystemException e) {
      // a network file system may lose the answer, and repeat the request or give up
      if (!isSame(part.file(), target)) {
        placeWithoutLink(part, target, e);
      }
    }
  }

  private static void placeWithoutLink(Part part, Path target, FileSystemException noLink)
      throws IOException {
    if (noLink instanceof FileAlreadyExistsException) {
      throw taken(target);
    } else if (noLink instanceof NoSuchFileException || noLink instanceof AccessDeniedException) {
      throw noLink;
    }
    moveUnderClaim(part, target, noLink);
  }

  static FileAlreadyExistsException taken(Path target) {
    return new FileAlreadyExistsException(
        target.toString(), null, "kept already, and stays as it was");
  }

  /** An atomic move replaces, so whoever moves must hold the claim, which only one can create. */
  private static void moveUnderClaim(Part part, Path target, Exception noLink) throws IOException {
    Path claim = target.resolveSibling("." + target.getFileName() + CLAIM);
    try {
      take(claim, part, target);
    } catch (FileAlreadyExistsException e) {
      throw e;
    } catch (IOException e) {
      e.addSuppressed(noLink);
      throw e;
    }
    try {
      if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
        throw taken(target);
      }
      Files.move(part.file(), target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(claim);
    }
  }

  private static void take(Path claim, Part part, Path target) throws IOException {
    for (int look = 1; look <= LOOKS; look++) {
      try {
        Files.createFile(claim, Permissions.ofFile(claim));
        return;
      } catch (FileAlreadyExistsException e) {
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
          throw taken(target);
        }
        removeIfStale(claim, part.time());
      }
      pause(claim);
    }
    throw new FileSystemException(
        target.toString(), null, "another process is putting it at this moment. Nothing was kept.");
  }

  private static void removeIfStale(Path claim, FileTime now) throws IOException {
    BasicFileAttributes attributes = attributes(claim);
    if (attributes != null
        && Duration.between(attributes.lastModifiedTime().toInstant(), now.toInstant())
                .compareTo(STALE)
            > 0) {
      Files.deleteIfExists(claim);
    }
  }

  private static void pause(Path claim) throws InterruptedIOException {
    try {
      Thread.sleep(MILLIS_BETWEEN_LOOKS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted =
          new InterruptedIOException("interrupted while waiting for " + claim);
      interrupted.initCause(e);
      throw interrupted;
    }
  }

  /** Whether both names are one file's. */
  static boolean isSame(Path part, Path target) throws IOException {
    BasicFileAttributes one = attributes(part);
    BasicFileAttributes other = attributes(target);
    return one != null
        && other != null
        && one.fileKey() != null
        && Objects.equals(one.fileKey(), other.fileKey());
  }

  private static @Nullable BasicFileAttributes attributes(Path file) throws IOException {
    try {
      return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      return null;
    }
  }
}
