package dev.lifeboat.storage.webdav;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Paths as lists of decoded segments, in which alone they can be compared: servers write the same path in many ways.
 * Taken apart by hand, for many send what is no URI.
 */
final class Href {
  private static final Pattern ABSOLUTE =
      Pattern.compile("(?:[A-Za-z][A-Za-z0-9+.-]*:)?//([^/?#]*)(.*)", Pattern.DOTALL);

  private Href() {}

  /** Of our own address. */
  static List<String> segments(URI uri) {
    return split(uri.getRawPath())
        .orElseThrow(() -> new IllegalArgumentException("not a path: " + uri.getRawPath()));
  }

  /**
   * Of what a server answered to a request; empty if it is on another host or no path. Scheme and port are left alone:
   * a server behind a proxy knows others than its clients do.
   */
  static Optional<List<String>> segments(String href, URI request) {
    String path = href.strip();
    Matcher absolute = ABSOLUTE.matcher(path);
    if (absolute.matches()) {
      if (!host(absolute.group(1)).equals(host(request.getRawAuthority()))) {
        return Optional.empty();
      }
      path = absolute.group(2);
    } else if (!path.startsWith("/")) {
      String base = request.getRawPath();
      path = base.substring(0, base.lastIndexOf('/') + 1) + path;
    }
    return split(path.replaceFirst("(?s)[?#].*", ""));
  }

  private static Optional<List<String>> split(String path) {
    List<String> segments = new ArrayList<>();
    for (String raw : path.split("/", -1)) {
      if (!raw.isEmpty()) {
        Optional<String> segment = decoded(raw);
        if (segment.isEmpty() || segment.get().equals(".") || segment.get().equals("..")) {
          return Optional.empty();
        }
        segments.add(segment.get());
      }
    }
    return Optional.of(segments);
  }

  /** Once, and never twice: what then still looks encoded is part of the name. */
  private static Optional<String> decoded(String raw) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int at = 0;
    while (at < raw.length()) {
      int c = raw.codePointAt(at);
      if (c == '%') {
        int high = at + 2 < raw.length() ? Character.digit(raw.charAt(at + 1), 16) : -1;
        int low = at + 2 < raw.length() ? Character.digit(raw.charAt(at + 2), 16) : -1;
        if (high < 0 || low < 0) {
          return Optional.empty();
        }
        bytes.write(high << 4 | low);
        at += 3;
      } else {
        bytes.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
        at += Character.charCount(c);
      }
    }
    try {
      String text = StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes.toByteArray()))
          .toString();
      return Optional.of(Normalizer.normalize(text, Normalizer.Form.NFC));
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  private static String host(String authority) {
    return authority
        .substring(authority.indexOf('@') + 1)
        .replaceFirst(":[0-9]*$", "")
        .toLowerCase(Locale.ROOT);
  }
}
