package dev.lifeboat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.util.Objects;

/**
 * The work directory of a one-line create, in the directory for temporary files. One that a killed process left holds a
 * copy of what was backed up, and nobody will use it again: so whoever comes next removes it, if it is that user's and was
 * that series'.
 */
final class TemporaryWork implements AutoCloseable {
  private static final String PREFIX = "lifeboat-once-";

  private final Path directory;

  private TemporaryWork(Path directory) {
    this.directory = directory;
  }

  static TemporaryWork make(String series) throws IOException {
    Path made = Files.createTempDirectory(PREFIX);
    try {
      sweepBeside(made, series);
    } catch (IOException | UnsupportedOperationException e) {
      Log.debug("What others left beside {} stays: {}", made, Words.of(e));
    }
    return new TemporaryWork(made);
  }

  Path directory() {
    return directory;
  }

  @Override
  public void close() {
    remove(directory);
  }

  private static void sweepBeside(Path made, String series) throws IOException {
    UserPrincipal user = Files.getOwner(made, LinkOption.NOFOLLOW_LINKS);
    for (Path other : WorkDirectory.entries(Objects.requireNonNull(made.getParent()))) {
      if (other.getFileName().toString().startsWith(PREFIX)
          && Files.isDirectory(other, LinkOption.NOFOLLOW_LINKS)
          && Files.getOwner(other, LinkOption.NOFOLLOW_LINKS).equals(user)
          && isAbandoned(other, series)) {
        Log.info(
            "{} was left by a process that ended in the middle of a backup; it is removed", other);
        remove(other);
      }
    }
  }

  /** Who has the turn says so after taking it, and takes that back before giving it up: so its owner was killed. */
  private static boolean isAbandoned(Path other, String series) {
    WorkDirectory work = new WorkDirectory(other);
    if (!Files.exists(work.ownerFile())) {
      return false;
    }
    try {
      Turn.take(work, series, "sweep", "", Duration.ZERO, SeriesBuilder.systemClock())
          .close();
      return true;
    } catch (BackupException e) {
      return false; // at work, or of another series
    }
  }

  private static void remove(Path directory) {
    Turn.forget(directory);
    try {
      PrivateFiles.deleteTree(directory);
    } catch (IOException e) {
      Log.warn("The temporary directory {} could not be removed: {}", directory, Words.of(e));
    }
  }
}
