package dev.lifeboat.postgres;

import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/** How a file is made that nobody but its owner can read, where the file system knows of that. */
final class PrivateFile {
  private PrivateFile() {}

  static FileAttribute<?>[] attributes(Path directory) {
    return directory.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }
}
