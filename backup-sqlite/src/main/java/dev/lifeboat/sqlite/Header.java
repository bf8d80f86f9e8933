package dev.lifeboat.sqlite;

import dev.lifeboat.catalog.Text;
import dev.lifeboat.source.Facts;
import dev.lifeboat.source.UnprovenException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/** The first hundred bytes of a private copy. Never read from a live file: closing that would drop SQLite's locks. */
record Header(
    int pageSize, long pages, boolean isWal, int encoding, int userVersion, int applicationId) {
  static final int LENGTH = 100;
  private static final byte[] MAGIC = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);
  private static final int WRITE_VERSION = 18;
  private static final byte ROLLBACK = 1;
  private static final byte WAL = 2;

  /**
   * Reads it, and holds it against the file's length.
   *
   * @throws UnprovenException if this is no whole SQLite database
   */
  static Header of(Path copy) throws IOException {
    long length = Files.size(copy);
    ByteBuffer bytes = ByteBuffer.allocate(LENGTH);
    try (FileChannel file = FileChannel.open(copy, StandardOpenOption.READ)) {
      readFully(file, bytes);
    } catch (EOFException e) {
      throw unproven(copy, "is " + length + " bytes long, too short for a SQLite database");
    }
    if (!Arrays.equals(MAGIC, Arrays.copyOf(bytes.array(), MAGIC.length))) {
      throw unproven(copy, "does not begin like a SQLite database");
    }
    Header header = parse(bytes);
    if (header.length() != length) {
      throw unproven(
          copy,
          "is " + length + " bytes long, but its header says " + header.pages + " pages of "
              + header.pageSize + " bytes");
    }
    return header;
  }

  /** Bytes of the whole file. */
  long length() {
    return pages * pageSize;
  }

  String journalMode() {
    return isWal ? "wal" : "rollback";
  }

  /** What the header alone tells of the content. */
  Facts facts() {
    return Facts.NONE
        .value("page size", Integer.toString(pageSize))
        .value("pages", Long.toString(pages))
        .value("encoding", encodingName())
        .value("user_version", Integer.toString(userVersion))
        .value("application_id", Integer.toString(applicationId))
        .note("journal mode", journalMode());
  }

  /**
   * Makes a private copy say that it is written by log, or by rollback journal. An online backup towards a database
   * outside WAL hands this on; so the live one keeps the mode that it had.
   */
  static void setWal(Path copy, boolean wal) throws IOException {
    byte version = wal ? WAL : ROLLBACK;
    try (FileChannel file =
        FileChannel.open(copy, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.wrap(new byte[] {version, version}), WRITE_VERSION);
      file.force(true);
    }
  }

  private static Header parse(ByteBuffer bytes) {
    int size = bytes.getShort(16) & 0xffff;
    return new Header(
        size == 1 ? 65536 : size,
        bytes.getInt(28) & 0xffff_ffffL,
        bytes.get(WRITE_VERSION + 1) == WAL,
        bytes.getInt(56),
        bytes.getInt(60),
        bytes.getInt(68));
  }

  private String encodingName() {
    return switch (encoding) {
      case 2 -> "UTF-16le";
      case 3 -> "UTF-16be";
      default -> "UTF-8"; // 0 in a database that holds nothing yet
    };
  }

  private static UnprovenException unproven(Path copy, String what) {
    return new UnprovenException("The copy " + Text.printable(copy.toString()) + " " + what, null);
  }

  private static void readFully(FileChannel file, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      if (file.read(bytes) < 0) {
        throw new EOFException();
      }
    }
  }
}
