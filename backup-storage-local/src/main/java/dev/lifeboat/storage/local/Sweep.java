package dev.lifeboat.storage.local;

import dev.lifeboat.sink.ObjectName;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Removes what processes left when they were killed, or the power failed: parts at once where it can be seen that their
 * {@link Maker} has ended, else parts not written to and folders empty for more than a day. What "now" is tells a part
 * that was just written, so a file server with another time does no harm. Nothing here matters enough to fail for.
 */
final class Sweep extends SimpleFileVisitor<Path> {
  static final Duration AGE = Duration.ofDays(1);

  private final Path directory;
  private final Instant newest;
  private final Maker here = Maker.here();
  private final Path fresh;
  private final Set<Path> old = new HashSet<>();
  private final Set<Path> holding = new HashSet<>();

  private Sweep(Path directory, Part fresh) throws IOException {
    this.directory = directory;
    this.newest = fresh.time().toInstant().minus(AGE);
    this.fresh = fresh.file();
  }

  /** Below this directory, through folders that can hold objects. */
  static void below(Path directory, Part fresh) {
    try {
      Files.walkFileTree(directory, new Sweep(directory, fresh));
    } catch (IOException e) {
      // another sink will come by
    }
  }

  @Override
  public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
    if (!folder.equals(directory) && !ObjectName.isValid(folder.getFileName().toString())) {
      holding.add(folder.getParent());
      return FileVisitResult.SKIP_SUBTREE;
    }
    if (isOld(attributes)) {
      old.add(folder);
    }
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
    if (attributes.isRegularFile()
        && Part.isOurs(file.getFileName().toString())
        && (isOld(attributes) || hasEnded(file))) {
      deleted(file);
      old.add(file.getParent()); // it held nothing since, or something else holds it
    } else {
      holding.add(file.getParent());
    }
    return FileVisitResult.CONTINUE;
  }

  /** Processes of other users may be hidden, so nothing can be told of those. */
  private boolean hasEnded(Path file) {
    try {
      return here.hasEnded(file.getFileName().toString())
          && Files.getOwner(file).equals(Files.getOwner(fresh));
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  @Override
  public FileVisitResult visitFileFailed(Path file, IOException e) {
    holding.add(file.getParent());
    return FileVisitResult.CONTINUE;
  }

  /** A folder that holds nothing goes too; whoever is about to put something there makes it again. */
  @Override
  public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e) {
    if (folder.equals(directory)) {
      return FileVisitResult.CONTINUE;
    }
    if (old.contains(folder) && !holding.contains(folder)) {
      deleted(folder);
      old.add(folder.getParent());
    } else {
      holding.add(folder.getParent());
    }
    return FileVisitResult.CONTINUE;
  }

  private boolean isOld(BasicFileAttributes attributes) {
    return attributes.lastModifiedTime().toInstant().isBefore(newest);
  }

  private static void deleted(Path path) {
    try {
      Files.delete(path);
    } catch (IOException e) {
      // another may have been first, or it is not empty
    }
  }
}
