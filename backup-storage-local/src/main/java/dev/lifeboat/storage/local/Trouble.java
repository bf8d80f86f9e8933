package dev.lifeboat.storage.local;

import dev.lifeboat.sink.NoSpaceException;
import dev.lifeboat.sink.ObjectName;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.OptionalLong;

/** What the disk's errors mean to whoever wanted to put something on it. */
final class Trouble {
  private static final String FULL = "no space left";

  private Trouble() {}

  /** A clearer exception if there is one; the given one is then its cause. */
  static IOException explained(IOException e, Path directory, ObjectName name, long size) {
    String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
    if (message.contains("quota exceeded")) {
      return noSpace("the quota is used up", e, directory, name, size);
    }
    if (message.contains("file too large")) {
      return noSpace("the file would be too large", e, directory, name, size);
    }
    if (message.contains(FULL)
        || message.contains("out of disk space")
        || (e.getClass() == IOException.class && usable(directory).orElse(size) < size)) {
      // the last, because the system's words may be in another language
      return noSpace(FULL, e, directory, name, size);
    }
    return denied(e, "cannot keep " + name + ": ", "write");
  }

  /** The same for a call that needs no space. {@code verb} is what this process may not do. */
  static IOException denied(IOException e, String subject, String verb) {
    if (!(e instanceof FileSystemException failure)) {
      return e;
    }
    String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
    if (message.contains("read-only file system")) {
      return denied(failure, subject + "the file system is read-only");
    }
    return e instanceof AccessDeniedException
        ? denied(failure, subject + "this process may not " + verb + " there")
        : e;
  }

  private static NoSpaceException noSpace(
      String what, IOException e, Path directory, ObjectName name, long size) {
    OptionalLong usable = usable(directory);
    String free = usable.isPresent() ? ", " + usable.getAsLong() + " are free" : "";
    boolean isPuzzling = what.equals(FULL) && usable.orElse(0) > size;
    return new NoSpaceException(
        "cannot keep " + name + " in " + directory + ": " + what + " (needs " + size + " bytes"
            + free + ")"
            + (isPuzzling ? "; there may be no room for another file" : ""),
        e);
  }

  private static AccessDeniedException denied(FileSystemException e, String reason) {
    AccessDeniedException denied = new AccessDeniedException(e.getFile(), null, reason);
    denied.initCause(e);
    return denied;
  }

  private static OptionalLong usable(Path directory) {
    try {
      return OptionalLong.of(Files.getFileStore(directory).getUsableSpace());
    } catch (IOException | UnsupportedOperationException e) {
      return OptionalLong.empty();
    }
  }
}
