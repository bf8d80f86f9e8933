package dev.lifeboat.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** What follows a head: as it travels, with the framing of chunks, or what it says. To be read once, to its end. */
final class HttpBody {
  private static final int BUFFER = 16 << 10;
  private static final long TO_THE_END = -1;
  private static final long CHUNKED = -2;

  private final InputStream in;
  private final long length;
  private final boolean aws;

  private HttpBody(HttpHead head, InputStream in, long unsaid) {
    this.in = in;
    this.length = head.says("Transfer-Encoding", "chunked")
        ? CHUNKED
        : head.header("Content-Length").map(Long::parseLong).orElse(unsaid);
    this.aws = head.header("Content-Encoding")
        .filter(said -> said.contains("aws-chunked"))
        .isPresent();
  }

  static HttpBody ofRequest(HttpHead head, InputStream in) {
    return new HttpBody(head, in, 0);
  }

  /** The answer to a request of this method. */
  static HttpBody ofReply(String method, HttpHead head, InputStream in) {
    String status = head.word(1);
    boolean none = method.equals("HEAD") || status.equals("204") || status.equals("304");
    return none
        ? new HttpBody(new HttpHead(head.lines().subList(0, 1)), in, 0)
        : new HttpBody(head, in, TO_THE_END);
  }

  /** Whether only the end of the connection ends it. */
  boolean endsTheConnection() {
    return length == TO_THE_END;
  }

  /** As it travels. */
  void transferTo(OutputStream out) throws IOException {
    transfer(out, OutputStream.nullOutputStream());
  }

  /** What it says: chunks, those of AWS too (Signature Version 4, "chunked upload"), put together. */
  byte[] read() throws IOException {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    transfer(OutputStream.nullOutputStream(), said);
    if (!aws) {
      return said.toByteArray();
    }
    ByteArrayOutputStream inner = new ByteArrayOutputStream();
    chunks(new ByteArrayInputStream(said.toByteArray()), OutputStream.nullOutputStream(), inner);
    return inner.toByteArray();
  }

  private void transfer(OutputStream travelling, OutputStream said) throws IOException {
    if (length == CHUNKED) {
      chunks(in, travelling, said);
    } else {
      copy(in, length, travelling, said);
    }
  }

  private static void chunks(InputStream in, OutputStream travelling, OutputStream said)
      throws IOException {
    long size;
    do {
      String line = line(in, travelling);
      size = Long.parseLong(line.split(";", 2)[0].strip(), 16);
      copy(in, size, travelling, said);
      if (size > 0) {
        line(in, travelling);
      }
    } while (size > 0);
    String trailer;
    do {
      trailer = line(in, travelling);
    } while (!trailer.isEmpty());
  }

  private static void copy(InputStream in, long length, OutputStream travelling, OutputStream said)
      throws IOException {
    byte[] buffer = new byte[BUFFER];
    long left = length;
    while (left != 0) {
      int n = in.read(buffer, 0, left < 0 ? BUFFER : (int) Math.min(BUFFER, left));
      if (n < 0 && left < 0) {
        return;
      }
      if (n < 0) {
        throw new EOFException("the connection ended in a body");
      }
      travelling.write(buffer, 0, n);
      said.write(buffer, 0, n);
      left -= left < 0 ? 0 : n;
    }
  }

  private static String line(InputStream in, OutputStream travelling) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int b;
    do {
      b = in.read();
      if (b < 0) {
        throw new EOFException("the connection ended in a chunk");
      }
      line.write(b);
    } while (b != '\n');
    travelling.write(line.toByteArray());
    return line.toString(ISO_8859_1).stripTrailing();
  }
}
