package dev.lifeboat.postgres;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A password for libpq, in the file of its own that it reads (PostgreSQL documentation, "The Password File"): the only
 * way to a client that no other user of the machine can look at. Made 0600, in a private directory, removed when closed.
 */
final class PasswordFile implements AutoCloseable {
  private final Path file;

  private PasswordFile(Path file) {
    this.file = file;
  }

  /**
   * Writes it.
   *
   * @param password left as it is; none makes an empty file, so that no other file of the user is read
   * @throws IOException if it cannot be written, or the password has a line break, which the format cannot hold
   */
  static PasswordFile in(Path directory, Endpoint endpoint, char[] password) throws IOException {
    for (char c : password) {
      if (c == '\n' || c == '\r' || c == 0) {
        throw new IOException(
            "The password has a line break or a zero in it, which no PostgreSQL password file can"
                + " hold. Nothing was started.");
      }
    }
    Path file = Files.createTempFile(directory, "pass-", ".tmp", PrivateFile.attributes(directory));
    PasswordFile made = new PasswordFile(file);
    try (OutputStream out = Files.newOutputStream(file)) {
      if (password.length > 0) {
        write(out, endpoint, password);
      }
      return made;
    } catch (IOException | RuntimeException e) {
      made.close();
      throw e;
    }
  }

  private static void write(OutputStream out, Endpoint endpoint, char[] password)
      throws IOException {
    String place = escaped(endpoint.host()) + ":" + endpoint.port() + ":*:*:";
    out.write(place.getBytes(StandardCharsets.UTF_8));
    char[] escaped = escaped(password);
    byte[] bytes = new byte[4 * escaped.length];
    try {
      ByteBuffer encoded = ByteBuffer.wrap(bytes);
      StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(escaped), encoded, true);
      out.write(bytes, 0, encoded.position());
      out.write('\n');
    } finally {
      Arrays.fill(escaped, '\0');
      Arrays.fill(bytes, (byte) 0);
    }
  }

  /** Where it is. */
  Path path() {
    return file;
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(file);
  }

  private static String escaped(String text) {
    return new String(escaped(text.toCharArray()));
  }

  private static char[] escaped(char[] text) {
    char[] escaped = new char[2 * text.length];
    int length = 0;
    for (char c : text) {
      if (c == ':' || c == '\\') {
        escaped[length++] = '\\';
      }
      escaped[length++] = c;
    }
    char[] exact = Arrays.copyOf(escaped, length);
    Arrays.fill(escaped, '\0');
    return exact;
  }
}
