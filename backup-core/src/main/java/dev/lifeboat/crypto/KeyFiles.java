package dev.lifeboat.crypto;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/** Files with one secret text, which nobody but their owner can read. */
final class KeyFiles {
  private static final int LONGEST = 4096;
  private static final Set<PosixFilePermission> OWNER_FILE =
      PosixFilePermissions.fromString("rw-------");
  private static final Set<PosixFilePermission> OF_OTHERS =
      PosixFilePermissions.fromString("---rwxrwx");

  private KeyFiles() {}

  /**
   * Its text, without blanks and line ends around it. The caller wipes it.
   *
   * @throws IOException if it cannot be read, or others than its owner could read or change it
   */
  static char[] read(Path file) throws IOException {
    requirePrivate(file);
    byte[] bytes;
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      if (channel.size() > LONGEST) {
        throw new IOException(file + " is no key file: it is larger than " + LONGEST + " bytes");
      }
      ByteBuffer buffer = ByteBuffer.allocate((int) channel.size());
      while (buffer.hasRemaining() && channel.read(buffer) >= 0) {}
      bytes = buffer.array();
    }
    CharBuffer text = ISO_8859_1.decode(ByteBuffer.wrap(bytes));
    Arrays.fill(bytes, (byte) 0);
    try {
      return stripped(text.array(), text.limit());
    } finally {
      Arrays.fill(text.array(), '\0');
    }
  }

  /**
   * Makes a file with this text and a line end, that only its owner can read.
   *
   * @throws java.nio.file.FileAlreadyExistsException if the name is taken; that file stays as it was
   */
  static void write(Path file, char[] text) throws IOException {
    byte[] line = new byte[text.length + 1];
    for (int i = 0; i < text.length; i++) {
      line[i] = (byte) text[i];
    }
    line[text.length] = '\n';
    FileAttribute<?>[] attributes = isPosix(file)
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_FILE)}
        : new FileAttribute<?>[0];
    Set<StandardOpenOption> options =
        EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try (FileChannel channel = FileChannel.open(file, options, attributes)) {
      try {
        ByteBuffer buffer = ByteBuffer.wrap(line);
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
        channel.force(true);
      } catch (IOException | RuntimeException e) {
        Files.deleteIfExists(file);
        throw e;
      }
    } finally {
      Arrays.fill(line, (byte) 0);
    }
    syncDirectory(file);
  }

  private static void requirePrivate(Path file) throws IOException {
    if (isPosix(file)) {
      Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
      if (permissions.stream().anyMatch(OF_OTHERS::contains)) {
        throw new IOException("others than its owner have rights on the key file " + file + " ("
            + PosixFilePermissions.toString(permissions) + "): take them away with chmod 600 "
            + file);
      }
    }
  }

  private static char[] stripped(char[] text, int length) {
    int begin = 0;
    int end = length;
    while (begin < end && text[begin] <= ' ') {
      begin++;
    }
    while (end > begin && text[end - 1] <= ' ') {
      end--;
    }
    return Arrays.copyOfRange(text, begin, end);
  }

  private static void syncDirectory(Path file) throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    if (directory == null) {
      return;
    }
    FileChannel channel;
    try {
      channel = FileChannel.open(directory, StandardOpenOption.READ);
    } catch (IOException e) {
      return; // Windows and in-memory file systems cannot
    }
    try (channel) {
      channel.force(true);
    }
  }

  private static boolean isPosix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }
}
