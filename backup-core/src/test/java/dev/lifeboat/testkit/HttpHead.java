package dev.lifeboat.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The first line and the headers of an HTTP/1.1 message (RFC 9112), each as it travelled. */
record HttpHead(List<String> lines) {
  private static final int LONGEST = 256 << 10;
  private static final String END = "\r\n";

  HttpHead {
    lines = List.copyOf(lines);
  }

  /** The next one; empty if the peer has nothing more to say. */
  static Optional<HttpHead> read(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    List<String> lines = new ArrayList<>();
    int length = 0;
    for (int b = in.read(); b >= 0; b = in.read()) {
      if (++length > LONGEST) {
        throw new ProtocolException("a head of more than " + LONGEST + " bytes");
      }
      if (b != '\n') {
        line.write(b);
        continue;
      }
      String text = line.toString(ISO_8859_1).stripTrailing();
      line.reset();
      if (!text.isEmpty()) {
        lines.add(text);
      } else if (!lines.isEmpty()) {
        return Optional.of(new HttpHead(lines));
      }
    }
    if (length > 0) {
      throw new EOFException("the connection ended in a head");
    }
    return Optional.empty();
  }

  String first() {
    return lines.get(0);
  }

  /** One of the words of the first line, from 0. */
  String word(int number) {
    String[] words = first().split(" ", 3);
    return number < words.length ? words[number] : "";
  }

  Optional<String> header(String name) {
    String start = name + ":";
    return lines.stream()
        .skip(1)
        .filter(line -> line.regionMatches(true, 0, start, 0, start.length()))
        .map(line -> line.substring(start.length()).strip())
        .findFirst();
  }

  boolean says(String name, String value) {
    return header(name).filter(said -> said.equalsIgnoreCase(value)).isPresent();
  }

  HttpHead without(String name) {
    List<String> rest = new ArrayList<>(lines);
    rest.removeIf(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1));
    return new HttpHead(rest);
  }

  /** In place of all others of this name. */
  HttpHead with(String name, String value) {
    List<String> more = new ArrayList<>(without(name).lines());
    more.add(name + ": " + value);
    return new HttpHead(more);
  }

  byte[] bytes() {
    return (String.join(END, lines) + END + END).getBytes(ISO_8859_1);
  }
}
