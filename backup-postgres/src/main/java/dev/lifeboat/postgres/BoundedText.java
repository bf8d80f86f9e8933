package dev.lifeboat.postgres;

import dev.lifeboat.catalog.Text;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What a child prints: its beginning and its end, however much there is. Safe for several threads. */
final class BoundedText {
  private static final int MOST = 8192;
  private static final int LINES = 3;

  private final byte[] head = new byte[MOST];
  private final byte[] tail = new byte[MOST];
  private long length;

  /** Takes all there is, so that nobody who writes it ever waits. */
  void drain(InputStream in) throws IOException {
    byte[] buffer = new byte[MOST];
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      add(buffer, n);
    }
  }

  private synchronized void add(byte[] bytes, int count) {
    for (int i = 0; i < count; i++) {
      if (length < MOST) {
        head[(int) length] = bytes[i];
      } else {
        tail[(int) (length % MOST)] = bytes[i];
      }
      length++;
    }
  }

  /** All of it up to 16 KiB; of more, the first and the last 8 KiB. */
  synchronized String text() {
    String start = text(head, 0, (int) Math.min(length, MOST));
    if (length <= MOST) {
      return start;
    }
    if (length <= 2 * MOST) {
      return start + text(tail, 0, (int) (length - MOST));
    }
    int oldest = (int) (length % MOST);
    return start + "\n… " + (length - 2 * MOST) + " bytes left out …\n"
        + text(tail, oldest, MOST - oldest) + text(tail, 0, oldest);
  }

  /** For messages: its first and last lines, on one line. Empty if there is nothing. */
  String summary() {
    List<String> lines =
        text().lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    List<String> shown = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      if (i < LINES || i >= lines.size() - LINES) {
        shown.add(Text.printable(lines.get(i)));
      } else if (i == LINES) {
        shown.add("…");
      }
    }
    return String.join(" | ", shown);
  }

  private static String text(byte[] bytes, int from, int count) {
    return new String(bytes, from, count, StandardCharsets.UTF_8);
  }
}
