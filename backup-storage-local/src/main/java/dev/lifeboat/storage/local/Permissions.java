package dev.lifeboat.storage.local;

import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/** The owner's alone, from the moment a file or folder exists; elsewhere than on POSIX as the directory above has it. */
final class Permissions {
  private static final FileAttribute<?>[] NONE = {};

  private Permissions() {}

  static FileAttribute<?>[] ofFile(Path path) {
    return of(path, "rw-------");
  }

  static FileAttribute<?>[] ofFolder(Path path) {
    return of(path, "rwx------");
  }

  static boolean arePosix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  private static FileAttribute<?>[] of(Path path, String permissions) {
    if (!arePosix(path)) {
      return NONE;
    }
    return new FileAttribute<?>[] {
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
    };
  }
}
