package dev.lifeboat.postgres;

import dev.lifeboat.source.Facts;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Counts the rows of an archive as pg_restore prints them: one line each between {@code COPY … FROM stdin;} and
 * {@code \.} (documentation of COPY, "Text Format"). Of long lines only the beginning is kept.
 */
final class ArchivedRows {
  private static final int BEGINNING = 1024;
  private static final String NAME = "(\"(?:[^\"]|\"\")*\"|[^\\s.\"]+)";
  private static final Pattern COPY = Pattern.compile("COPY " + NAME + "\\." + NAME + " .*");

  private final Map<String, Long> counts = new TreeMap<>();
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private String table = "";
  private long rows;

  /** Reads to the end. */
  void read(InputStream printed) throws IOException {
    byte[] buffer = new byte[64 << 10];
    for (int n = printed.read(buffer); n >= 0; n = printed.read(buffer)) {
      for (int i = 0; i < n; i++) {
        if (buffer[i] == '\n') {
          take(line.toString(StandardCharsets.UTF_8));
          line.reset();
        } else if (line.size() < BEGINNING) {
          line.write(buffer[i]);
        }
      }
    }
  }

  private void take(String text) {
    if (!table.isEmpty() && text.equals("\\.")) {
      counts.merge(table, rows, Long::sum);
      table = "";
    } else if (!table.isEmpty()) {
      rows++;
    } else if (text.startsWith("COPY ")) {
      Matcher matcher = COPY.matcher(text);
      if (matcher.matches()) {
        table = new TableName(Contents.name(matcher.group(1)), Contents.name(matcher.group(2)))
            .toString();
        rows = 0;
      }
    }
  }

  /** As {@link RowCounts} tells them. */
  Facts facts() {
    Facts facts = Facts.NONE;
    for (Map.Entry<String, Long> each : counts.entrySet()) {
      facts = facts.count("rows of " + each.getKey(), each.getValue());
    }
    return facts;
  }
}
