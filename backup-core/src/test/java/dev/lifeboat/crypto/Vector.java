package dev.lifeboat.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** One known answer as the files of {@code dev/lifeboat/vectors} hold it; their README tells what each line means. */
public final class Vector {
  private static final List<String> INHERITED = List.of("manifest", "auth", "keys");

  private final Map<String, String> lines;

  Vector(Map<String, String> lines) {
    this.lines = lines;
  }

  /** All of one file. */
  public static List<Vector> of(String file) throws IOException {
    String all;
    try (InputStream in = Objects.requireNonNull(
        Vector.class.getResourceAsStream("/dev/lifeboat/vectors/" + file + ".txt"), file)) {
      all = new String(in.readAllBytes(), UTF_8);
    }
    List<Vector> vectors = new ArrayList<>();
    for (String block : all.split("\n\n", -1)) {
      Map<String, String> lines = new LinkedHashMap<>();
      for (String line : block.strip().split("\n", -1)) {
        int colon = line.indexOf(": ");
        if (!line.startsWith("#") && colon > 0) {
          lines.put(line.substring(0, colon), line.substring(colon + 2));
        }
      }
      String base = lines.get("base");
      if (base != null) {
        Vector other = vectors.stream()
            .filter(vector -> vector.toString().equals(base))
            .findFirst()
            .orElseThrow();
        INHERITED.forEach(line -> lines.putIfAbsent(line, other.text(line)));
      }
      if (!lines.isEmpty()) {
        vectors.add(new Vector(lines));
      }
    }
    return vectors;
  }

  /** A line that must be there. */
  public String text(String line) {
    return Objects.requireNonNull(lines.get(line), () -> lines.get("name") + " has no " + line);
  }

  /** A line that may be missing. */
  public String text(String line, String otherwise) {
    return lines.getOrDefault(line, otherwise);
  }

  /** A line of base64. */
  public byte[] bytes(String line) {
    return Base64.getDecoder().decode(text(line));
  }

  int number(String line) {
    return Integer.parseInt(text(line));
  }

  @Override
  public String toString() {
    return text("name");
  }
}
